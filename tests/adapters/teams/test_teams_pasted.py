"""The message action: a post somebody found becomes a case, and our own card opens its forms."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.chat.teams.pasted import read
from bot.domain.case import State
from bot.errors import StoreUnavailable
from tests.adapters.msteams import Answer, Json, Teams
from tests.adapters.msteams_people import buttons, form_in, said, words_in
from tests.adapters.msteams_rooms import Room, a_teams_room
from tests.flows.houses import House

POST = (
    "<div><p>Look at this:</p><blockquote>The bread was <b>cold</b> &amp; late &lt;3</blockquote>"
    '<p><a href="https://social.example/@ada/7">https://social.example/@ada/7</a></p></div>'
)


def payload(html: str = POST, **more: Any) -> Json:
    return {
        "id": "1795000000001", "body": {"contentType": "html", "content": html}, "attachments": [],
        "from": {"user": {"id": "x", "displayName": "Mark <Lee>"}}, **more,
    }  # fmt: skip


async def asks(room: Room, message: Json, user: str = "U1", command: str = "makeCase") -> Answer:
    value = {"commandId": command, "commandContext": "message", "messagePayload": message}
    return await room.hands.invoke("composeExtension/fetchTask", value, user)


async def sends(room: Room, user: str = "U1", **typed: str) -> Answer:
    value = {"commandId": "makeCase", "messagePayload": payload(), "data": typed}
    return await room.hands.invoke("composeExtension/submitAction", value, user)


@pytest.mark.parametrize(
    ("html", "text", "link"),
    [
        (POST, "Look at this:\n\nThe bread was cold & late <3\n\nhttps://social.example/@ada/7",
         "https://social.example/@ada/7"),
        ("<p>a<br>b</p>", "a\nb", ""),
        ("see https://x.example/a?b=1&amp;c=2.", "see https://x.example/a?b=1&c=2.",
         "https://x.example/a?b=1&c=2"),
        ('<a href="javascript:alert(1)">x</a><script>alert(2)</script><style>p{}</style>', "x", ""),
        ('<p>so <img alt="😡" src="https://evil.example/x.png"></p>', "so 😡", ""),
        ("<p>2 <b", "2 <b", ""),
        ("", "", ""),
    ],
)  # fmt: skip
def test_a_message_is_read_as_a_person_sees_it(html: str, text: str, link: str) -> None:
    assert read(payload(html)) == (text, link)


def test_a_message_that_is_plain_text_is_taken_as_it_is() -> None:
    assert read({"body": {"contentType": "text", "content": "1 < 2 &amp; so"}}) == ("1 < 2 &amp; so", "")
    assert read({}) == ("", "")


async def test_a_post_becomes_a_case_and_twice_it_is_the_same(room: Room) -> None:
    form = form_in(await asks(room, payload()))
    given = {one["id"]: one.get("value", "") for one in form["body"] if "id" in one}
    assert "cold & late <3" in given["text"]
    assert given["url"] == "https://social.example/@ada/7"
    assert given["author"] == ""  # a colleague shared it: its author is somebody else
    assert "Mark <Lee>" in said(form)
    answer = await sends(room, **{**given, "author": "Ada"})
    assert "It is a case now" in words_in(answer)
    again = await room.hands.again(id="f:another")
    assert words_in(again) == words_in(answer)
    cases = [case async for case in room.house.store.all_cases()]
    assert [case.mention.author.name or case.mention.author.handle for case in cases] == ["Ada"]


async def test_what_cannot_be_taken_is_said_and_every_word_kept(room: Room) -> None:
    form = form_in(await sends(room, text="They were rude", url="not an address", author="Ada"))
    assert "should begin with https://" in said(form)
    given = {one["id"]: one.get("value", "") for one in form["body"] if "id" in one}
    assert (given["text"], given["url"], given["author"]) == ("They were rude", "not an address", "Ada")


async def test_with_the_record_away_the_form_stays_with_every_word(house: House, teams: Teams) -> None:
    class Away:
        def __init__(self, front: Any) -> None:
            self._front = front

        def __getattr__(self, name: str) -> Any:
            return getattr(self._front, name)

        async def bring_in(self, *_: Any) -> Any:
            raise StoreUnavailable("away")

    async with a_teams_room(house, teams, bot=Away(house.front)) as room:  # pyright: ignore[reportArgumentType]
        form = form_in(await sends(room, text="They were rude"))
        assert "Not confirmed" in said(form)
        assert "They were rude" in said(form)


async def test_a_stranger_makes_no_case(room: Room) -> None:
    room.hands.people["U9"] = room.teams.member(
        "aad-9", name="Zed", upn="zed@elsewhere.example", role="guest"
    )
    assert "Guests do not decide" in words_in(await asks(room, payload(), "U9"))
    assert "Guests do not decide" in words_in(await sends(room, "U9", text="x"))
    assert [case async for case in room.house.store.all_cases()] == []


async def test_an_action_of_another_version_says_so(room: Room) -> None:
    assert "another version" in words_in(await asks(room, payload(), command="older"))


async def test_on_our_own_card_it_opens_the_forms_of_its_case(room: Room) -> None:
    case, card = await room.card()
    choice = form_in(await asks(room, payload(id=card["id"])))
    offered = {one["data"]["lh"]["k"]: one for one in buttons(choice)}
    assert {"edit", "escalate", "silence"} <= offered.keys()
    value = {"commandId": "makeCase", "messagePayload": payload(id=card["id"])}
    opened = await room.hands.invoke(
        "composeExtension/submitAction", {**value, "data": offered["escalate"]["data"]}
    )
    done = await room.hands.submit(
        form_in(opened), name="composeExtension/submitAction", to="legal", reason="may we?"
    )
    assert (done.status, done.body) == (200, None)
    assert (await room.house.now(case)).state is State.ESCALATED
