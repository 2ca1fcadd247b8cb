"""The company's moderation on the square: seen on its pages, kept by its API, never more than asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from adapters.platforms.square import Square as Adapter
from adapters.square.model import BadPost, Blocked
from adapters.square.site import Site
from bot.domain.mention import Mention
from bot.errors import PlatformRejected
from bot.ports import Moderator
from tests.adapters.squares import COMPLAINT, TOKEN, Square, a_square

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path / "square.db")
    yield site
    site.close()


@pytest.fixture
async def square(site: Site) -> AsyncIterator[Square]:
    async with a_square(site) as square:
        yield square


@pytest.fixture
async def adapter(square: Square) -> AsyncIterator[Adapter]:
    async with Adapter(name="square", url=square.base, token=TOKEN) as adapter:
        yield adapter


async def on_our_page(site: Site, adapter: Adapter) -> Mention:
    """A troll under our own post."""
    ours = site.post("brightloaf", None, "New rolls today!")
    site.post("tom", "Tom", "you idiots", ours.id)
    mention = (await adapter.fetch(None)).items[-1]
    assert isinstance(mention, Mention)
    return mention


async def test_a_hidden_reply_is_folded_away_and_can_still_be_read(
    site: Site, square: Square, adapter: Adapter
) -> None:
    assert isinstance(adapter, Moderator)
    mention = await on_our_page(site, adapter)
    assert mention.on_our_page
    await adapter.moderate(mention, "hide", key="k")
    await adapter.moderate(mention, "hide", key="k")
    _, page = await square.ask("GET", "/posts/1")
    assert "Hidden by Brightloaf Bakery." in page
    assert site.get("2").revision == 2
    (again,) = [item for item in (await adapter.fetch(None)).items if item.id == "2"]
    assert again == mention


async def test_what_stands_elsewhere_is_not_hidden(site: Site, adapter: Adapter) -> None:
    site.post("ada", "Ada", COMPLAINT)
    (mention,) = (await adapter.fetch(None)).items
    assert isinstance(mention, Mention)
    assert not mention.on_our_page
    with pytest.raises(PlatformRejected, match="under a post of the company's own"):
        await adapter.moderate(mention, "hide", key="k")
    assert not site.get("1").hidden


async def test_a_muted_account_is_not_heard_from_then_on_and_writes_as_before(
    site: Site, square: Square, adapter: Adapter
) -> None:
    mention = await on_our_page(site, adapter)
    await adapter.moderate(mention, "mute", key="k")
    site.post("tom", None, "@brightloaf idiots again")
    site.post("ada", "Ada", COMPLAINT)
    assert [item.id for item in (await adapter.fetch(None)).items] == ["1", "2", "4"]
    assert "muted by Brightloaf Bakery" in (await square.ask("GET", "/@tom"))[1]


async def test_a_blocked_account_writes_neither_on_our_page_nor_in_private(
    site: Site, square: Square, adapter: Adapter
) -> None:
    mention = await on_our_page(site, adapter)
    await adapter.moderate(mention, "block", key="k")
    with pytest.raises(Blocked):
        site.post("tom", None, "idiots again", "1")
    with pytest.raises(Blocked):
        site.message("tom", "idiots again")
    assert (await square.form("/posts", handle="tom", text="again", in_reply_to="1"))[0] == 403
    site.post("tom", None, "on my own page, @brightloaf")
    assert "blocked by Brightloaf Bakery" in (await square.ask("GET", "/@tom"))[1]
    assert [item.id for item in (await adapter.fetch(None)).items] == ["1", "2"]


async def test_a_report_counts_once_for_its_key_and_stands_on_the_page(
    site: Site, square: Square, adapter: Adapter
) -> None:
    mention = await on_our_page(site, adapter)
    for key in ("k", "k", "other"):
        await adapter.moderate(mention, "report", key=key)
    assert len(site._records.rows("SELECT * FROM reports")) == 2
    assert "reported" in (await square.ask("GET", "/posts/1"))[1]


async def test_it_takes_the_companys_token_a_key_and_a_known_word(site: Site, square: Square) -> None:
    site.post("ada", "Ada", COMPLAINT)
    us = {"Authorization": f"Bearer {TOKEN}"}
    path = "/api/posts/1/moderation"
    assert (await square.ask("POST", path, json={"how": "block"}))[0] == 401
    assert (await square.ask("POST", path, json={"how": "block"}, headers=us))[0] == 400
    us["Idempotency-Key"] = "k"
    assert (await square.ask("POST", path, json={"how": 1}, headers=us))[0] == 400
    assert (await square.ask("POST", path, json={"how": "shame"}, headers=us))[0] == 422
    assert (await square.ask("POST", "/api/posts/9/moderation", json={"how": "mute"}, headers=us))[0] == 404
    assert not site.account("ada").blocked
    site.post("brightloaf", None, "ours")
    with pytest.raises(BadPost, match="does not moderate itself"):
        site.moderate("2", "block", "k")
