"""What the company said on the square can be taken down, by its API and by nobody else's leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from adapters.platforms.square import Square as Adapter
from adapters.square.site import Site
from bot.domain.mention import Mention
from bot.errors import PlatformRejected, PlatformSilent
from bot.ports import Retractor
from tests.adapters.squares import COMPLAINT, TOKEN, Square, a_square

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from bot.domain.delivery import Receipt


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


async def replied(site: Site, adapter: Adapter) -> Receipt:
    site.post("ada", "Ada", COMPLAINT)
    (mention,) = (await adapter.fetch(None)).items
    assert isinstance(mention, Mention)
    return await adapter.reply(mention, "We are sorry.", key="k")


async def test_a_reply_is_taken_down_again_is_as_good_as_once_and_the_page_says_it_is_gone(
    site: Site, square: Square, adapter: Adapter
) -> None:
    assert isinstance(adapter, Retractor)
    reply = await replied(site, adapter)
    assert await adapter.stands(reply) is True
    await adapter.retract(reply, key="down")
    await adapter.retract(reply, key="down")
    assert await adapter.stands(reply) is False
    _, page = await square.ask("GET", "/posts/1")
    assert "We are sorry." not in page
    assert "This post was deleted." in page


async def test_a_lost_answer_is_silence_and_a_look_tells_what_came_of_it(
    site: Site, adapter: Adapter
) -> None:
    reply = await replied(site, adapter)
    site.fail_next("lost")
    with pytest.raises(PlatformSilent):
        await adapter.retract(reply, key="down")
    assert await adapter.stands(reply) is False


async def test_nobody_elses_post_is_taken_down(site: Site, adapter: Adapter) -> None:
    reply = await replied(site, adapter)
    with pytest.raises(PlatformRejected):
        await adapter.retract(reply.model_copy(update={"id": "1"}), key="down")
    assert site.get("1").text == COMPLAINT
