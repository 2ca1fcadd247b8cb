"""Hide, mute, block, report: what the platform can and the role allows, and owed until it is done."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.square.model import FaultKind
from bot.domain.actions import actions_of
from bot.domain.case import Case, State
from bot.domain.delivery import How
from bot.domain.events import ModerationAsked, Outcome
from bot.domain.mention import Mention
from bot.domain.team import Person
from bot.errors import NotAllowed, PlatformRejected, PlatformSilent, Refused
from bot.flows.parts import save
from tests.builders import MANAGER, ON_CALL, RESPONDER, protocol
from tests.flows.houses import LATE, MINUTE, House

TROLL = "@brightloaf you are all idiots, awful, terrible"


class Through:
    """The square, and what it was asked for, under which keys."""

    moderates: frozenset[How] = frozenset({"mute", "report"})

    def __init__(self, house: House) -> None:
        self._square = house.square
        self.asked: list[tuple[str, str]] = []
        house.change(platforms={"square": replace(house.parts.platforms["square"], moderator=self)})

    async def moderate(self, mention: Mention, how: How, *, key: str) -> None:
        self.asked.append((how, key))
        await self._square.moderate(mention, how, key=key)


class Silent(Through):
    async def moderate(self, mention: Mention, how: How, *, key: str) -> None:
        self.asked.append((how, key))
        raise PlatformSilent("nothing came back")


class Refusing(Through):
    async def moderate(self, mention: Mention, how: How, *, key: str) -> None:
        self.asked.append((how, key))
        raise PlatformRejected("the square answered 403: not from this account")


async def asks(house: House, case: Case, how: str, by: Person = MANAGER) -> Case:
    return await house.press(case, "moderate", by, how=how, reason="a troll")


def offered(case: Case, by: Person | None = None) -> list[str]:
    """What the button offers, in its order."""
    actions = [a for a in actions_of(case, protocol(), viewer=by) if a.decision == "moderate"]
    return [choice.value for action in actions for choice in action.asks[0].choices]


async def under_our_page(house: House) -> Case:
    """A complaint under a post of our own."""
    ours = await house.post("New rolls today!", "brightloaf", None)
    return await house.hears(TROLL, to=ours.id)


async def test_a_block_is_done_on_the_platform_and_the_case_stays_where_it_is(house: House) -> None:
    case = await house.hears(TROLL)
    asked = await asks(house, case, "block")
    assert (asked.state, asked.draft, asked.moderating and asked.moderating.how) == (
        case.state,
        case.draft,
        "block",
    )
    assert not house.site.account("ada").blocked
    await house.works()
    after = await house.now(case)
    assert house.site.account("ada").blocked
    assert (after.state, after.moderating, after.moderated) == (State.IN_REVIEW, None, ("block",))
    assert house.card(case).notice == "The author is blocked on the platform now."
    told = [(line.who, line.says, line.text) for line in await house.front.trail(case.id)]
    assert ("Mark", "asked to block the author", "a troll") in told
    assert ("Levelhead", "had the platform block the author", "") in told


async def test_a_troll_can_be_left_in_silence_after_it(house: House) -> None:
    case = await house.hears(TROLL)
    await asks(house, case, "mute", RESPONDER)
    await house.works()
    after = await house.press(case, "silence", reason="not to be fed")
    assert (after.state, after.outcome) == (State.CLOSED, Outcome.SILENT)
    assert house.site.account("ada").muted
    await house.post("@brightloaf idiots again, awful", "ada")
    assert (await house.reads()).new == 0


async def test_to_hide_and_to_block_is_a_managers_and_the_others_are_everybodys(house: House) -> None:
    case = await under_our_page(house)
    assert offered(case) == offered(case, MANAGER) == ["hide", "mute", "block", "report"]
    assert offered(case, RESPONDER) == offered(case, ON_CALL) == ["mute", "report"]
    for how in ("hide", "block"):
        with pytest.raises(NotAllowed, match="is for the roles manager"):
            await asks(house, case, how, RESPONDER)
    await asks(house, case, "report", RESPONDER)


async def test_only_what_stands_on_our_own_page_can_be_hidden_and_then_is(house: House) -> None:
    elsewhere = await house.hears(LATE, "ben")
    assert "hide" not in offered(elsewhere)
    with pytest.raises(Refused, match="square does not let us hide the mention here"):
        await asks(house, elsewhere, "hide")
    case = await under_our_page(house)
    await asks(house, case, "hide")
    await house.works()
    assert house.site.get(case.mention.id).hidden
    assert "hide" not in offered(await house.now(case))
    with pytest.raises(Refused, match="done already"):
        await asks(house, case, "hide")


async def test_only_what_the_platform_can_is_offered_and_where_it_can_nothing_no_button(house: House) -> None:
    Through(house)
    case = await house.hears(TROLL)
    assert offered(case) == ["mute", "report"]
    house.change(platforms={"square": replace(house.parts.platforms["square"], moderator=None)})
    assert offered(await house.hears(LATE, "ben")) == []


async def test_a_desk_can_ask_for_it_too_and_the_question_stays_asked(house: House) -> None:
    case = await house.hears(TROLL)
    await house.press(case, "escalate", to="general", reason="what now?")
    await asks(house, case, "report", ON_CALL)
    await house.works()
    after = await house.now(case)
    assert (after.state, after.moderated) == (State.ESCALATED, ("report",))
    assert after.escalation is not None


async def test_until_it_is_done_the_case_is_not_put_away_and_the_press_says_why(house: House) -> None:
    case = await house.hears(TROLL)
    await asks(house, case, "mute")
    with pytest.raises(Refused, match=r"since 12:00:00 UTC the platform is being asked to mute the author"):
        await house.press(case, "silence", reason="a troll")
    with pytest.raises(Refused, match="is being asked to mute the author; press again"):
        await house.approves(case)
    with pytest.raises(Refused, match="is being asked to mute the author"):
        await asks(house, case, "report")
    assert offered(await house.now(case)) == []


@pytest.mark.parametrize("fault", ["lost", "error", "busy"])
async def test_what_had_no_answer_is_asked_again_under_its_key_and_done_once(
    house: House, fault: FaultKind
) -> None:
    case = await house.hears(TROLL)
    platform = Through(house)
    await asks(house, case, "report")
    house.site.fail_next(fault)
    await house.works()
    await house.works(seconds=15)
    assert (await house.now(case)).moderated == ("report",)
    assert [how for how, _ in platform.asked] == ["report", "report"]
    assert len({key for _, key in platform.asked}) == 1
    assert len(house.site._records.rows("SELECT * FROM reports")) == 1


@pytest.mark.parametrize(("kind", "tries"), [(Refusing, 1), (Silent, 22)])
async def test_what_the_platform_does_not_do_is_told_to_people_and_not_tried_for_ever(
    house: House, kind: type[Through], tries: int
) -> None:
    case = await house.hears(TROLL)
    platform = kind(house)
    await asks(house, case, "report")
    for _ in range(60):
        await house.works(seconds=15)
    after = await house.now(case)
    assert (after.state, after.moderating, after.moderated) == (State.IN_REVIEW, None, ())
    assert "It failed to report the mention" in house.card(case).notice
    assert len(platform.asked) <= tries
    assert "report" in offered(after)
    await house.press(case, "silence", reason="a troll")


async def test_a_worker_that_died_after_the_call_leaves_it_to_the_next_who_does_it_no_second_time(
    house: House,
) -> None:
    case = await house.hears(TROLL)
    platform = Through(house)
    asked = await asks(house, case, "report")
    (owed,) = await house.store.claim({"time": 1}, lease=MINUTE)
    assert asked.moderating is not None
    await house.works(seconds=59)
    assert platform.asked == []
    await house.works(seconds=1)
    ((_, key),) = platform.asked
    await house.square.moderate(owed.case.mention, "report", key=key)  # the dead one's call, late
    assert (await house.now(case)).moderated == ("report",)
    assert len(house.site._records.rows("SELECT * FROM reports")) == 1
    assert (await house.trail(case)).count("moderated") == 1


async def test_their_next_message_meanwhile_does_not_make_it_forgotten(house: House) -> None:
    case = await house.hears(TROLL)
    await asks(house, case, "report")
    await house.post("@brightloaf hello? awful", to=case.mention.id)
    await house.reads()
    assert (await house.now(case)).state is State.RECEIVED
    await house.works()
    await house.works()
    after = await house.now(case)
    assert (after.state, after.moderating, after.moderated) == (State.IN_REVIEW, None, ("report",))


async def test_a_mention_deleted_before_it_was_done_says_so_on_its_closed_card(house: House) -> None:
    case = await house.hears(TROLL)
    await asks(house, case, "block")
    house.site.delete(case.mention.id)
    await house.reads()
    await house.works()
    after = await house.now(case)
    assert (after.outcome, after.moderating) == (Outcome.GONE, None)
    assert house.card(case).notice == "It was asked to block the author, and never confirmed."


async def test_shadow_mode_moderates_nothing(house: House) -> None:
    case = await house.hears(TROLL)
    house.change(shadow=True)
    await asks(house, case, "block")
    await house.works()
    assert not house.site.account("ada").blocked
    assert "in shadow mode nothing is" in house.card(case).notice


async def test_a_reminder_still_comes_while_the_platform_is_busy(house: House) -> None:
    case = await house.hears(TROLL)
    assert case.remind_at is not None
    house.watch.at = case.remind_at
    event = ModerationAsked(by="mark", how="report", reason="a troll")
    await save(house.parts, await house.now(case), event)
    house.site.fail_next("busy", times=3)
    await house.works()
    await house.works(seconds=1)
    assert "reminded" in await house.trail(case)
