"""What is private on the square is read by its two sides alone: by no page, list or stranger's request."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from adapters.platforms.square import Square as Adapter
from adapters.square.model import BadPost, NoSuchPost
from adapters.square.site import Site
from bot.domain.mention import Mention
from bot.ports import PrivateReplier
from tests.adapters.squares import COMPLAINT, TOKEN, Square, a_square

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

SECRET = "my order was BL-482913"
US = {"Authorization": f"Bearer {TOKEN}"}


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


async def talked(site: Site, adapter: Adapter) -> Mention:
    """Ada complains, we write to her in private, she answers there."""
    site.post("ada", "Ada", COMPLAINT)
    (mention,) = (await adapter.fetch(None)).items
    assert isinstance(mention, Mention)
    await adapter.send(mention, "Could you tell us the number?", key="k")
    site.message("ada", SECRET)
    return mention


def test_it_answers_in_private(site: Site) -> None:
    assert isinstance(Adapter(name="square", url="http://127.0.0.1", token=TOKEN), PrivateReplier)


async def test_a_private_talk_stands_on_its_own_page_and_on_no_other(
    site: Site, square: Square, adapter: Adapter
) -> None:
    await talked(site, adapter)
    for path in ("", "/posts/1", "/@brightloaf"):
        _, page = await square.ask("GET", path)
        assert SECRET not in page, path
        assert "the number?" not in page, path
    _, page = await square.ask("GET", "/@ada")
    assert page.index("the number?") < page.index(SECRET) < page.index("Latest posts")
    assert SECRET not in page[page.index("Latest posts") :]
    assert (await square.ask("GET", "/posts/3"))[0] == 404


async def test_without_the_companys_token_the_api_tells_nothing_of_it(
    site: Site, square: Square, adapter: Adapter
) -> None:
    await talked(site, adapter)
    assert await square.heard() == [("posted", "1")]
    assert (await square.ask("GET", "/api/posts/1"))[1]["replies"] == []
    assert (await square.ask("GET", "/api/posts/3"))[0] == 404
    assert (await square.ask("GET", "/api/posts?key=k"))[0] == 404
    assert (await square.ask("GET", "/api/posts/3", headers=US))[1]["private_with"] == "ada"


async def test_their_private_answer_is_the_next_message_of_the_thread_it_began_in(
    site: Site, adapter: Adapter
) -> None:
    first = await talked(site, adapter)
    *_, answer = (await adapter.fetch(None)).items
    assert isinstance(answer, Mention)
    assert (answer.text, answer.private, answer.in_reply_to) == (SECRET, True, "2")
    assert answer.thread_key == first.thread_key
    assert answer.url
    assert answer.url.endswith("/square/@ada#post-3")
    look = await adapter.look(first)
    assert [(said.text, said.private) for said in look.since] == [(SECRET, True)]


async def test_a_look_shows_nobody_elses_private_words(site: Site, adapter: Adapter) -> None:
    site.post("ada", "Ada", COMPLAINT)
    site.post("ben", "Ben", "@brightloaf mine too", "1")
    ada, ben = (await adapter.fetch(None)).items
    assert isinstance(ada, Mention)
    assert isinstance(ben, Mention)
    await adapter.send(ben, "Could you tell us the number?", key="k")
    site.message("ben", SECRET)
    assert (await adapter.look(ada)).since == ()
    assert [said.text for said in (await adapter.look(ben)).since] == [SECRET]


async def test_the_same_key_sends_one_message_and_is_found_again(site: Site, adapter: Adapter) -> None:
    mention = await talked(site, adapter)
    again = await adapter.send(mention, "Could you tell us the number?", key="k")
    assert (again.id, await adapter.sent(mention, "", "k")) == ("2", again)
    assert len(site.talk("ada")) == 2


async def test_what_was_said_in_private_is_answered_in_private_alone(site: Site, adapter: Adapter) -> None:
    await talked(site, adapter)
    with pytest.raises(BadPost, match="answered in private alone"):
        site.post("ada", None, "out with it", "3")
    with pytest.raises(BadPost, match="answered in private alone"):
        site.reply_as_company("out with it", "3", "other")
    with pytest.raises(BadPost, match="somebody else to read it"):
        site.message("brightloaf", "hello me")
    with pytest.raises(NoSuchPost):
        site.thread("3")


async def test_a_private_message_is_written_with_a_plain_form_and_comes_back_when_it_cannot_be_sent(
    site: Site, square: Square
) -> None:
    site.post("ada", "Ada", COMPLAINT)
    status, _ = await square.form("/@ada/messages", text="a word in private")
    assert (status, [post.text for post in site.talk("ada")]) == (303, ["a word in private"])
    status, page = await square.form("/@ada/messages", text="<b>" + "x" * 50_001)
    assert status == 422
    assert "&lt;b&gt;" in page
    assert (await square.form("/@ada/messages", origin="http://evil.example", text="x"))[0] == 403


def test_a_file_from_before_private_messages_is_still_opened(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    Site(path).close()
    with sqlite3.connect(path) as old:
        old.execute("ALTER TABLE posts DROP COLUMN private_with")
    old.close()
    site = Site(path)
    site.post("ada", "Ada", COMPLAINT)
    assert site.message("ada", SECRET).private_with == "ada"
    site.close()
