"""The thread under a card: the trail in human words, what the author writes next, and taking it back."""

from __future__ import annotations

import pytest

from adapters.chat.teams.connector import Connector
from adapters.chat.teams.known import Known
from adapters.chat.teams.limits import MESSAGE_BYTES, weight
from adapters.chat.teams.thread import Thread, reply
from bot.errors import PlatformBusy
from bot.ports import TrailLine
from tests.adapters.msteams import CHANNEL, Teams
from tests.adapters.slack.drawing.slack_houses import LONG_AGO, a_card
from tests.adapters.teams.drawing.teams_houses import LANE, cards_in, of_case, thread_of, words_of
from tests.flows.houses import House

NASTY = "<at>Rosa</at> [us](https://evil.example) **bold** {{DATE(1999-01-01T00:00:00Z)}} \u202eevil"


async def test_the_thread_tells_the_trail_as_it_grows(teams: Teams, house: House) -> None:
    case = await house.hears()
    await house.press(case, "claim")
    await house.works(seconds=2)
    await house.press(case, "release")
    await house.works(seconds=2)
    (card,) = cards_in(teams)
    first, second = thread_of(teams, card)
    assert "claimed the case" in words_of(first)
    assert "claimed the case" not in words_of(second)
    assert "released the case" in words_of(second)


async def test_what_the_author_writes_next_stands_in_the_thread_and_does_nothing(
    teams: Teams, house: House
) -> None:
    case = await house.hears()
    await house.post(f"@brightloaf {NASTY} still waiting", "ada", to=case.mention.id)
    await house.reads()
    for _ in range(4):
        await house.works(seconds=2)
    (card,) = cards_in(teams)
    replies = thread_of(teams, card)
    assert "still waiting" in "\n".join(map(words_of, replies))
    for one in replies:
        assert "text" not in one, "Teams would make links of what is in it"
        assert "entities" not in one
        assert "{{DATE(1999" not in str(one)
        assert "\u202e" not in words_of(one)
        kinds = {part["type"] for part in one["attachments"][0]["content"]["body"]}
        assert kinds <= {"RichTextBlock", "Container", "TextBlock"}


async def test_a_reply_that_was_told_and_not_saved_is_not_told_twice(
    teams: Teams, connector: Connector, known: Known
) -> None:
    lines = [TrailLine(at=LONG_AGO, who="Rosa", says=f"did {n}") for n in range(3)]

    async def trail(_: str) -> list[TrailLine]:
        return lines

    root, thread = await connector.send(teams.service, CHANNEL, reply(a_card(), lines, 0)), None
    for _ in range(3):
        thread = Thread(connector, known, trail)
        assert await thread.tell(a_card(), CHANNEL, root, 0) == 3
    assert len(thread_of(teams, {"id": root})) == 1


async def test_a_line_whose_answer_was_lost_is_told_at_least_once(teams: Teams, house: House) -> None:
    case = await house.hears()
    await house.press(case, "claim")
    teams.lose_next("send")
    await house.works(seconds=2)
    await house.works(seconds=6)
    await house.press(case, "release")
    await house.works(seconds=6)
    told = "\n".join(map(words_of, thread_of(teams, of_case(teams, case))))
    assert "claimed the case" in told
    assert "released the case" in told


async def test_a_thread_that_cannot_be_written_in_leaves_the_card_true(teams: Teams, house: House) -> None:
    case = await house.hears()
    await house.press(case, "claim")
    teams.fail_next("send", 403, error="MessageWritesBlocked")
    await house.works(seconds=2)
    assert "Rosa is on it" in words_of(of_case(teams, case))
    assert (await house.store.lanes())[f"card:{LANE}"] == (0, None)


async def test_a_long_history_is_told_in_one_message_within_teams_limits(teams: Teams, house: House) -> None:
    case = await house.hears()
    for _ in range(20):
        await house.press(case, "claim")
        await house.press(case, "release")
    await house.works(seconds=2)
    (told,) = thread_of(teams, of_case(teams, case))
    assert "earlier lines of the history" in words_of(told)


@pytest.mark.parametrize("sign", ["a", "\U0001f35e", "\u06cc", "{", '"', "\n", "\\"])
def test_the_longest_lines_are_within_teams_limits(sign: str) -> None:
    long = sign * 9_000
    lines = [TrailLine(at=LONG_AGO, who=f"x{long}", says=f"x{long}", text=long) for _ in range(30)]
    told = reply(a_card(), lines, 0)
    assert weight(told) <= MESSAGE_BYTES
    assert "18 earlier lines" in words_of(told)


def test_what_is_written_from_the_right_stands_from_the_right() -> None:
    lines = [TrailLine(at=LONG_AGO, who="The author", says="wrote again", text="روٹی ٹھنڈی تھی")]
    assert "'rtl': True" in str(reply(a_card(), lines, 0))


def test_an_abusive_author_is_not_quoted_unlabelled() -> None:
    lines = [TrailLine(at=LONG_AGO, who="The author", says="wrote again in the thread", text="you swine")]
    assert "swine" in str(reply(a_card(), lines, 0))
    assert "swine" not in str(reply(a_card(abusive=True), lines, 0))


# --- taking it back


async def told_thread(connector: Connector, known: Known, service: str) -> tuple[Thread, str]:
    """A thread in which two replies of ours stand."""
    lines = [TrailLine(at=LONG_AGO, who="Ada", says="wrote", text="my bread")]

    async def trail(_: str) -> list[TrailLine]:
        return list(lines)

    thread, root = Thread(connector, known, trail), await connector.send(service, CHANNEL, SENT)
    assert await thread.tell(a_card(), CHANNEL, root, 0) == 1
    lines.append(lines[0])
    assert await thread.tell(a_card(), CHANNEL, root, 1) == 2
    return thread, root


SENT = reply(a_card(), [TrailLine(at=LONG_AGO, who="x", says="x")], 0)


async def test_what_we_told_is_deleted_and_what_colleagues_wrote_stays(
    teams: Teams, connector: Connector, known: Known
) -> None:
    thread, root = await told_thread(connector, known, teams.service)
    teams.says(f"{CHANNEL};messageid={root}", "I know Ada", by="29:x")
    await thread.take_back(CHANNEL, root)
    (left,) = thread_of(teams, {"id": root})
    assert left["text"] == "I know Ada"
    assert await known.replies(CHANNEL, root) == {}
    assert await thread.tell(a_card(), CHANNEL, root, 0) == 2, "a case that comes back is told again"


@pytest.mark.parametrize("status", [403, 405, 501])
async def test_where_nothing_can_be_deleted_the_words_are_taken_out(
    teams: Teams, connector: Connector, known: Known, status: int
) -> None:
    thread, root = await told_thread(connector, known, teams.service)
    teams.fail_next("delete", status, times=2)
    await thread.take_back(CHANNEL, root)
    left = thread_of(teams, {"id": root})
    assert len(left) == 2
    for one in left:
        assert "bread" not in str(one)
        assert "Taken back" in words_of(one)


async def test_taking_back_goes_on_where_it_was_told_to_wait(
    teams: Teams, connector: Connector, known: Known
) -> None:
    thread, root = await told_thread(connector, known, teams.service)
    teams.fail_next("delete", 429)
    teams.fail_next("update", 429)
    with pytest.raises(PlatformBusy):
        await thread.take_back(CHANNEL, root)
    await thread.take_back(CHANNEL, root)
    assert thread_of(teams, {"id": root}) == []


async def test_a_reply_that_somebody_deleted_holds_nothing_up(
    teams: Teams, connector: Connector, known: Known
) -> None:
    thread, root = await told_thread(connector, known, teams.service)
    first, _ = thread_of(teams, {"id": root})
    del teams.connector.conversations[CHANNEL].activities[first["id"]]
    await thread.take_back(CHANNEL, root)
    assert thread_of(teams, {"id": root}) == []
