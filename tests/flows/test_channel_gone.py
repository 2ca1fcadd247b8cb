"""A team channel is gone: the case lives on, managers are told another way, and every place says so."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from adapters.paging import ApprisePager
from bot.domain.case import Case, State
from bot.domain.team import Person, Team
from bot.errors import PlatformSilent
from bot.flows.trouble import channel_refused, troubles_of
from bot.ports import Pager
from tests.adapters.pages import Phone, a_phone
from tests.adapters.slack.drawing.slack_houses import LONG_AGO, TEAM_PLACE, a_slack_house, of_case, words_of
from tests.adapters.slacks import Slack, a_slack
from tests.builders import MANAGER, RESPONDER, Watch
from tests.flows.houses import Board, House

LANE = "slack:team"
MARK = MANAGER.model_copy(update={"slack": "U0000MARK"})
MINA = MANAGER.model_copy(update={"id": "mina", "name": "Mina", "email": "mina@brightloaf.example"})


class Mailbox(Board):
    """Another product, which reaches every colleague."""

    name = "mail:main"

    def __init__(self, slack: Slack) -> None:
        super().__init__()
        self.slack = slack

    async def tell(self, person: Person, words: str) -> bool:
        self.slack.calls.append(("mail", {"to": person.id, "text": words}))
        return True


@dataclass
class Bell:
    """A pager that rings, or is broken."""

    name: str = "bell"
    broken: bool = False
    rung: list[str] = field(default_factory=list)

    async def page(self, title: str, words: str) -> None:
        self.rung.append(f"{title}. {words}")
        if self.broken:
            raise PlatformSilent("the bell is broken")

    async def check(self) -> None:
        """Every bell is understood."""


@pytest_asyncio.fixture
async def slack() -> AsyncIterator[Slack]:
    async with a_slack() as slack:
        slack.user(MARK.slack)
        slack.user("U0000MINA", email=MINA.email)
        yield slack


@pytest_asyncio.fixture
async def house(embedded_url: str, tmp_path: Path, slack: Slack) -> AsyncIterator[House]:
    watch = Watch(LONG_AGO)
    async with a_slack_house(embedded_url, tmp_path, watch, slack, TEAM_PLACE, more=(Board(),)) as house:
        house.change(team=Team(people=(RESPONDER, MARK, MINA)))
        yield house


def deleted(slack: Slack) -> None:
    del slack.channels["C1"]


def put_out(slack: Slack) -> None:
    slack.channels["C1"].has_bot = False


def archived(slack: Slack) -> None:
    slack.channels["C1"].archived = True


def told(slack: Slack, person: str = "MARK") -> list[str]:
    return [message["text"] for message in slack.messages(f"DU0000{person}")]


async def forgets(house: House, *names: str) -> None:
    """Let the marks of these names run out, as their time does."""
    for name in names:
        await house.store._link.send("DEL", house.store._keys.once(f"{name}:{LANE}"))


async def today(house: House) -> Any:
    return await house.front.today(MARK)


@pytest.mark.parametrize("gone", [deleted, put_out, archived])
async def test_managers_get_a_direct_message_when_their_channel_is_gone(
    slack: Slack, house: House, gone: Callable[[Slack], None]
) -> None:
    gone(slack)
    case = await house.hears()
    (mark,), (mina,) = told(slack), told(slack, "MINA")
    assert mark == mina
    assert "No card can be put up in slack:team (C1): Slack refused chat.postMessage" in mark
    assert "No case is lost. Meanwhile the cards in board can be worked on" in mark
    assert ("invite the app" in mark) or ("unarchive it" in mark)
    for secret in ("bread", "Ada", "ada", "brightloaf"):
        assert secret not in mark
    (says,) = (await today(house)).troubles
    assert says.startswith("No card can be put up in slack:team (C1): Slack refused")
    assert says.endswith("Last tried at 09:00 UTC.")
    assert (await house.now(case)).state is State.IN_REVIEW


async def test_the_case_lives_on_and_is_drawn_once_the_channel_is_back_and_the_trouble_clears(
    slack: Slack, house: House
) -> None:
    put_out(slack)
    case = await house.hears()
    await house.press(case, "claim")
    await house.works(minutes=5)
    assert slack.messages() == []
    slack.channels["C1"].has_bot = True
    await house.works(minutes=10)
    assert "Rosa is on it" in words_of(of_case(slack.messages(), case))
    assert list(await house.store.troubles()) == [LANE]
    house.watch.move(minutes=20)
    assert await house.store.troubles() == {}
    assert list((await today(house)).troubles) == []


async def test_a_revoked_token_is_paged_past_slack(slack: Slack, house: House) -> None:
    async with a_phone() as phone:
        page_by(house, phone)
        slack.revoke()
        case = await house.hears()
        (paged,) = phone.paged
        assert paged["title"] == "Levelhead: a team channel takes no cards"
        assert "the bot token was revoked: install the app again" in paged["message"]
        assert "bread" not in paged["message"]
    assert (await house.now(case)).state is State.IN_REVIEW


def page_by(house: House, phone: Phone) -> None:
    pager: Pager = ApprisePager(phone.address, number=1, variable="LEVELHEAD_PAGER")
    house.change(pagers=(pager,))


async def test_managers_are_told_once_an_hour_however_many_cards_are_refused(
    slack: Slack, house: House
) -> None:
    deleted(slack)
    for number in range(3):
        await house.hears(handle=f"person{number}")
    for _ in range(4):
        await forgets(house, "trouble-telling")
        await house.works(minutes=10)
    assert len(told(slack)) == 1
    await forgets(house, "trouble-telling", "trouble-told")
    await house.works(minutes=10)
    assert len(told(slack)) == 2


async def test_two_workers_tell_once(slack: Slack, house: House) -> None:
    deleted(slack)
    for _ in range(2):  # the second one while the first is still telling
        await channel_refused(LANE, "it is gone", house.parts)
        await forgets(house, "trouble-told")
    assert len(told(slack)) == 1


async def test_who_dies_while_telling_leaves_it_to_be_told_again(slack: Slack, house: House) -> None:
    assert await house.store.once(f"trouble-telling:{LANE}", keep=house.pace.lease)  # and no more was done
    await channel_refused(LANE, "it is gone", house.parts)
    assert slack.calls == []
    await forgets(house, "trouble-telling")
    await channel_refused(LANE, "it is gone", house.parts)
    assert len(told(slack)) == 1


async def test_a_dead_pager_loses_nothing_and_is_asked_again(slack: Slack, house: House) -> None:
    broken, good = Bell(broken=True), Bell()
    house.change(pagers=(broken,))
    slack.revoke()
    case = await house.hears()
    assert len(broken.rung) == 1
    assert (await house.now(case)).state is State.IN_REVIEW
    house.change(pagers=(broken, good))
    await house.works(minutes=1)
    assert good.rung == []  # nobody is asked again at once
    await forgets(house, "trouble-telling")
    await house.works(minutes=10)
    assert (len(broken.rung), len(good.rung)) == (2, 1)
    await forgets(house, "trouble-telling")
    await house.works(minutes=10)
    assert (len(broken.rung), len(good.rung)) == (2, 1)  # one of them was reached


async def test_other_products_are_asked_first_and_one_channel_of_each(slack: Slack, house: House) -> None:
    ours, mail = house.parts.channels[LANE], Mailbox(slack)
    house.change(channels={LANE: ours, "slack:quiet": ours, mail.name: mail})
    await channel_refused(LANE, f"{LANE}: it is gone", house.parts)
    calls = [method for method, _ in slack.calls]
    assert calls[:2] == ["mail", "mail"]
    assert calls.count("mail") == calls.count("chat.postMessage") == 2
    assert (len(told(slack)), len(told(slack, "MINA"))) == (1, 1)
    assert "and in mail:main can be worked on" in slack.calls[0][1]["text"]


async def test_nobody_to_tell_is_no_failure_and_the_trouble_still_shows(slack: Slack, house: House) -> None:
    house.change(team=Team(people=(RESPONDER,)))
    deleted(slack)
    case = await house.hears()
    assert list(await troubles_of(house.store)) == [LANE]
    assert await still_owed(house, case)


async def still_owed(house: House, case: Case) -> bool:
    due, _ = (await house.store.lanes())[f"card:{LANE}"]
    house.watch.move(minutes=10)
    later, _ = (await house.store.lanes())[f"card:{LANE}"]
    return due == 0 and later == 1 and (await house.now(case)).open


async def test_a_card_that_is_refused_for_itself_pages_nobody_and_goes_to_a_person_after_five_tries(
    slack: Slack, house: House
) -> None:
    slack.fail_next("chat.postMessage", "invalid_blocks", times=6)
    case = await house.hears()
    for tries in range(1, 5):
        assert slack.times("chat.postMessage") == tries
        assert (list(await house.store.asides()), await house.store.troubles()) == ([], {})
        await house.works(minutes=10)
    (aside,) = await house.store.asides()
    assert (aside.what, aside.kind) == (case.id, f"card:{LANE}")
    assert "invalid_blocks" in aside.reason
    await house.works(minutes=10)
    assert slack.times("chat.postMessage") == 5
    assert {asked["channel"] for _, asked in slack.calls if "channel" in asked} == {"C1"}
    other = await house.hears(handle="bo")  # the sixth refusal is this one's first
    await house.works(minutes=10)
    assert of_case(slack.messages(), other)
    await house.store.retry(case.id)
    await house.works(seconds=2)
    assert of_case(slack.messages(), case)
    assert not await house.store.asides()


async def test_a_channel_that_is_gone_for_longer_than_five_tries_sets_no_card_aside(
    slack: Slack, house: House
) -> None:
    deleted(slack)
    await house.hears()
    for _ in range(6):
        await house.works(seconds=40)
    assert sum(asked.get("channel") == "C1" for _, asked in slack.calls) > 5
    assert not await house.store.asides()


async def test_a_channel_that_only_says_not_now_is_in_no_trouble(slack: Slack, house: House) -> None:
    slack.down = True
    await house.hears()
    assert await house.store.troubles() == {}
    assert slack.times("users.lookupByEmail") == 0


async def test_a_platform_that_refuses_a_reply_is_no_channel_in_trouble(house: House) -> None:
    case = await house.hears()
    await house.site.run(house.site.delete, case.mention.id)
    await house.approves(await house.now(case))
    await house.works(seconds=30)
    assert await house.store.troubles() == {}
