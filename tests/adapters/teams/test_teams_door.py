"""What Teams posts to our door: taken once, routed by botbuilder, answered in time, whatever it is."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.chat.taking import NOT_YET, UNCONFIRMED
from adapters.chat.teams import door as door_module
from bot.errors import StoreUnavailable
from tests.adapters.msteams import Json, Teams, a_teams
from tests.adapters.teams.doors import SECRET_WORDS, Entrance, an_entrance


@pytest.fixture
async def teams() -> AsyncIterator[Teams]:
    async with a_teams() as fake:
        yield fake


@pytest.fixture
async def door(teams: Teams) -> AsyncIterator[Entrance]:
    async with an_entrance(teams) as one:
        yield one


async def test_a_press_reaches_the_handler_as_it_was_sent_and_its_answer_leaves(door: Entrance) -> None:
    body = door.press(unheard={"of": [1, None, "é"]})
    answer = await door.post(body)
    assert (answer.status, answer.body) == (200, {"statusCode": 200})
    assert door.heard.told == [("invoke", body)]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("message", ["message"]),
        ("conversationUpdate", ["changed"]),
        ("installationUpdate", ["changed"]),
        ("messageReaction", []),
        ("messageUpdate", []),
        ("messageDelete", []),
        ("event", []),
        ("typing", []),
        ("endOfConversation", []),
        ("trace", []),
        ("somethingNew", []),
        ("", []),
    ],
)
async def test_each_kind_goes_where_it_belongs_and_others_are_let_be(
    door: Entrance, kind: str, told: list[str]
) -> None:
    more: Json = {"membersAdded": [{"id": door.rosa}], "action": "add", "name": "tokens/response"}
    more |= {"reactionsAdded": [{"type": "like"}], "deliveryMode": "expectReplies"}
    answer = await door.post(door.teams.activity(kind, by=door.rosa, text="hello") | more)
    assert (answer.status, answer.body) == (200, None)
    assert [what for what, _ in door.heard.told] == told


async def test_an_invoke_that_we_do_not_know_is_said_to_be_unknown(door: Entrance) -> None:
    async def unknown(_: Json) -> None:
        return None

    door.heard.does = unknown
    answer = await door.post(door.press(name="composeExtension/query"))
    assert (answer.status, answer.body) == (501, None)


async def test_a_dialog_is_closed_by_an_empty_answer(door: Entrance) -> None:
    async def nothing(_: Json) -> Json:
        return {}

    door.heard.does = nothing
    answer = await door.post(door.press(name="task/submit"))
    assert (answer.status, answer.body) == (200, None)


async def test_an_activity_that_was_here_before_is_not_taken_again(door: Entrance) -> None:
    body = door.press()
    first, again = await door.post(body), await door.post(body)
    assert first.body == {"statusCode": 200}
    assert (again.status, again.body) == (200, None)
    assert len(door.heard.told) == 1


async def test_the_same_id_in_another_conversation_is_another_activity(door: Entrance) -> None:
    # In a channel an ID is the time.
    for conversation in ("19:a", "19:b"):
        body = door.press() | {"id": "1700000000000"}
        body["conversation"] = body["conversation"] | {"id": conversation}
        assert (await door.post(body)).status == 200
    assert len(door.heard.told) == 2


async def test_a_forged_activity_does_not_use_up_the_name_of_a_genuine_one(door: Entrance) -> None:
    body = door.press()
    assert await door.signed(body, aud="another") == 401
    assert await door.signed(body) == 200
    assert len(door.heard.told) == 1


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"null", b"[]", b'"text"', b"1e999", b"NaN", b'{"a": NaN}', b"\xff\xfe", b"[" * 50_000,
        b'{"text": "\\ud800"}', b'{"a":' * 500 + b"1" + b"}" * 500,
    ],
)  # fmt: skip
async def test_what_is_no_object_is_refused(door: Entrance, raw: bytes) -> None:
    header = door.teams.signed(door.press())
    assert (await door.post(raw, header=header)).status == 400
    assert door.heard.told == []


async def test_an_activity_without_a_name_of_its_own_could_come_again_and_is_refused(door: Entrance) -> None:
    for name in ("", None, 7):
        assert (await door.post(door.press(id=name))).status == 400
    assert door.heard.told == []


async def test_a_body_that_is_too_large_is_not_read(door: Entrance) -> None:
    assert (await door.post(door.press(text="x" * 300_000))).status == 413
    assert (await door.post(door.press(text="x" * 200_000))).status == 200


async def test_when_nobody_can_say_whether_it_was_here_nothing_is_taken(door: Entrance) -> None:
    door.names.away = True
    answer = await door.post(door.press())
    assert (answer.status, answer.body["value"]) == (200, UNCONFIRMED.says)
    written = door.teams.activity("message", by=door.rosa, text="queue")
    assert (await door.post(written)).status == 503  # Teams brings it again
    assert door.heard.told == []


async def test_when_the_record_is_away_it_is_said_so(door: Entrance) -> None:
    async def away(_: Json) -> Json:
        raise StoreUnavailable("redis")

    door.heard.does = away
    answer = await door.post(door.press(name="task/submit"))
    assert (answer.status, answer.body) == (200, _told(UNCONFIRMED.says))


async def test_a_handler_that_breaks_is_logged_without_anybodys_words(
    door: Entrance, capsys: pytest.CaptureFixture[str]
) -> None:
    async def breaks(activity: Json) -> Json:
        raise KeyError(SECRET_WORDS, activity)

    door.heard.does = breaks
    body = door.press(text=SECRET_WORDS)
    header = door.teams.signed(body)
    answer = await door.post(body, header=header)
    assert (answer.status, answer.body) == (500, None)
    message = door.teams.activity("message", by=door.rosa, text=SECRET_WORDS)
    assert (await door.post(message)).status == 500
    said = capsys.readouterr()
    logged = said.out + said.err
    assert logged.count("request_failed") == 2
    assert "KeyError" in logged
    for secret in (SECRET_WORDS, header.removeprefix("Bearer "), door.settings.secret, "Rosa"):
        assert secret not in logged


def _told(words: str) -> Json:
    return {"task": {"type": "message", "value": words}}


async def test_an_answer_leaves_in_time_and_the_work_goes_on(
    door: Entrance, capsys: pytest.CaptureFixture[str]
) -> None:
    free, done = asyncio.Event(), list[str]()

    async def slow(activity: Json) -> Json:
        await free.wait()
        done.append(activity["name"])
        raise KeyError(SECRET_WORDS)

    door.heard.does = slow
    message = {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": NOT_YET}
    says = {
        "adaptiveCard/action": message, "task/fetch": _told(NOT_YET), "task/submit": _told(NOT_YET),
        "composeExtension/fetchTask": _told(NOT_YET), "other": None,
    }  # fmt: skip
    before = time.monotonic()
    answers = await asyncio.gather(*(door.post(door.press(name=name)) for name in says))
    assert time.monotonic() - before < 4.8
    assert [(answer.status, answer.body) for answer in answers] == [(200, one) for one in says.values()]
    assert done == []
    free.set()
    await door.after.finished()
    assert sorted(done) == sorted(says)
    logged = capsys.readouterr().out
    assert logged.count("request_failed") == len(says)
    assert SECRET_WORDS not in logged


def test_teams_waits_longer_than_we_do() -> None:
    assert door_module.ANSWER < 5


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from([
    "type", "name", "id", "replyToId", "from", "conversation", "channelData", "channelId", "serviceUrl",
    "value", "text", "recipient", "deliveryMode", "entities", "timestamp", "membersAdded", "locale",
    "attachments",
])  # fmt: skip
ANY_TIMES = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


async def test_no_body_and_no_header_breaks_the_door_or_reaches_the_handler_unsigned(teams: Teams) -> None:
    loop = asyncio.get_running_loop()
    async with an_entrance(teams) as door:

        @ANY_TIMES
        @given(
            body=st.binary(max_size=300) | ANYTHING.map(json.dumps),
            header=st.text(st.characters(max_codepoint=0x2FF, categories=("L", "N", "P", "S")), max_size=80)
            | st.text("aA0._-", max_size=60).map(lambda token: f"Bearer {token}"),
        )
        def anything(body: Any, header: str) -> None:
            waiting = door.post(body, header=header or "x")
            answer = asyncio.run_coroutine_threadsafe(waiting, loop).result(30)
            assert answer.status in {400, 401}
            assert door.heard.told == []

        await asyncio.to_thread(anything)


async def test_whatever_teams_signs_never_breaks_the_door(teams: Teams) -> None:
    loop = asyncio.get_running_loop()
    async with an_entrance(teams) as door:

        @ANY_TIMES
        @given(
            changes=st.dictionaries(FIELDS, ANYTHING, max_size=4), kind=st.sampled_from(["invoke", "message"])
        )
        def anything(changes: Json, kind: str) -> None:
            body = json.dumps(door.press(type=kind) | changes)
            waiting = door.post(body, header=door.teams.signed({"serviceUrl": teams.service}))
            answer = asyncio.run_coroutine_threadsafe(waiting, loop).result(30)
            assert answer.status in {200, 400, 401}

        await asyncio.to_thread(anything)


LOADED = "import sys; names = {name.split('.')[0] for name in sys.modules}; "
NEVER = "{'botbuilder', 'botframework', 'msrest', 'msal', 'requests_oauthlib'}"


@pytest.mark.parametrize(
    "first", ["import bot.cli", "import bot.main", "import adapters.chat.teams.settings"]
)
def test_without_teams_its_library_is_not_loaded(first: str) -> None:
    code = f"{first}; {LOADED}print(sorted(names & {NEVER}))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.strip() == "[]"


def test_the_help_does_not_load_the_library_of_teams() -> None:
    code = (
        "import sys\nfrom bot.cli import app\n"
        "try:\n    app(['--help'])\nexcept SystemExit:\n    pass\n"
        f"names = {{name.split('.')[0] for name in sys.modules}}\nprint('LOADED', sorted(names & {NEVER}))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.strip().endswith("LOADED []")


def test_one_file_alone_imports_the_library() -> None:
    code = (
        "import adapters.chat.teams.tokens, adapters.chat.teams.activity; "
        f"{LOADED}print(sorted(names & {NEVER}))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.strip() == "[]"
