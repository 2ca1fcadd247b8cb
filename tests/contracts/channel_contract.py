"""What a team channel promises, whichever it is: one card a case, redrawn in place, and no more than that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Protocol

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.domain.card import Card, card_of
from bot.domain.case import Case, State
from bot.domain.mention import Author
from bot.domain.transitions import advance
from bot.errors import PlatformError
from bot.ports import DOUBT, ChatSurface
from tests.adapters.slack.drawing.slack_houses import LONG_AGO
from tests.builders import (
    BY_API,
    MANAGER,
    NOON,
    TEAM,
    a_case,
    a_draft,
    a_mention,
    in_review,
    opened,
    protocol,
)
from tests.contracts.case_contract import POSTED, READY
from tests.domain.random_events import MENTIONS, events

#: What strangers write into a name and a text to make a program act, or a reader see what is not there.
NASTY = (
    "<!here> <!channel> <@U1> <#C1> <!subteam^S1|all>",
    "<https://evil.example|our own page> [us](https://evil.example) https://evil.example/x",
    "<script>alert(1)</script> <img src=x onerror=alert(1)> <a href='https://evil.example'>x</a> &lt;b&gt;",
    "\u202eevil\u202c \u2066isolate \u2067right\u2069 \u200bzero\ufeff",
    "<at>Rosa</at> {{user}} ${x} *bold* _it_ ~no~ `code` > quote",
)


class Wall(Protocol):
    """What people see in a channel."""

    async def count(self, case: Case) -> int:
        """Return how many cards of a case stand there."""
        ...

    async def newest(self, case: Case) -> str:
        """Return the words on the newest of its cards."""
        ...

    async def effects(self, case: Case) -> Sequence[str]:
        """Return what on its card pings, leads to a stranger's address, runs, or turns text around."""
        ...


def a_drafted(text: str = "My bread came late.", name: str = "Ada Park", number: str = "100") -> Case:
    """A case whose card waits for a decision; it was posted long before everything in the channel."""
    author = Author(handle="ada", name=name)
    return a_case(
        opened(), READY, POSTED, mention=a_mention(text, id=number, author=author, posted_at=LONG_AGO)
    )


def later(case: Case) -> Case:
    """The same case, changed."""
    return case.model_copy(update={"version": case.version + 1, "notice": "Something has changed."})


def card(case: Case) -> Card:
    """Its card."""
    return card_of(case, TEAM, protocol())


@cache
def any_cases() -> tuple[Case, ...]:
    """A case in each state, and histories as they may go on from a card that waits."""
    found = [in_review().model_copy(update={"state": state, "step_at": NOON}) for state in State]

    @settings(
        max_examples=40, database=None, derandomize=True, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.data())
    def lives(data: Any) -> None:
        case = a_case(opened(), READY, POSTED, mention=data.draw(MENTIONS))
        for _ in range(data.draw(st.integers(0, 6))):
            case = advance(case, data.draw(events(case, NOON)), at=NOON)
        found.append(case)

    lives()
    return tuple(case.model_copy(update={"id": f"square:{n}"}) for n, case in enumerate(found))


class ChannelContract:
    """A subclass has the fixtures `channel` and `wall`."""

    async def test_a_first_drawing_puts_one_card_up_and_gives_its_name(
        self, channel: ChatSurface, wall: Wall
    ) -> None:
        case = a_drafted()
        assert await channel.draw(card(case), None) not in {"", DOUBT}
        assert await wall.count(case) == 1

    async def test_a_redrawing_changes_the_card_that_stands_there(
        self, channel: ChatSurface, wall: Wall
    ) -> None:
        case = a_drafted()
        name = await channel.draw(card(case), None)
        assert await channel.draw(card(later(case)), name) == name
        assert await wall.count(later(case)) == 1

    async def test_drawing_the_same_version_again_does_no_harm(
        self, channel: ChatSurface, wall: Wall
    ) -> None:
        case = a_drafted()
        name = await channel.draw(card(case), None)
        for _ in range(3):
            assert await channel.draw(card(case), name) == name
        assert await wall.count(case) == 1

    async def test_two_cases_have_two_cards(self, channel: ChatSurface, wall: Wall) -> None:
        first, second = a_drafted(number="1"), a_drafted(number="2")
        assert await channel.draw(card(first), None) != await channel.draw(card(second), None)
        assert [await wall.count(case) for case in (first, second)] == [1, 1]

    @pytest.mark.parametrize("nasty", NASTY)
    async def test_strangers_words_ping_nobody_lead_nowhere_and_run_nothing(
        self, channel: ChatSurface, wall: Wall, nasty: str
    ) -> None:
        case = a_drafted(nasty, name=nasty)
        assert case.draft is not None
        case = case.model_copy(update={"draft": a_draft(nasty), "delivery": BY_API})
        await channel.draw(card(case), None)
        assert await wall.count(case) == 1
        assert list(await wall.effects(case)) == []

    async def test_a_case_in_any_state_can_be_drawn(self, channel: ChatSurface) -> None:
        for case in any_cases():
            name = await channel.draw(card(case), None)
            assert name
            assert await channel.draw(card(later(case)), name) == name

    async def test_somebody_it_does_not_know_is_not_told_and_that_is_said(self, channel: ChatSurface) -> None:
        assert await channel.tell(MANAGER, "a word") is False
        unknown = {"slack": "U0NOBODY", "email": "nobody@brightloaf.example"}
        assert await channel.tell(MANAGER.model_copy(update=unknown), "a word") is False


class PostingContract(ChannelContract):
    """For a channel that stands somewhere else: what is posted there can get lost on the way.

    A subclass has two fixtures beside: `broken`, ways in which the next call fails, each a function, and
    `lost`, a function after which the next card is put up, and the answer does not come back.
    """

    async def test_a_card_whose_name_was_never_saved_is_found_again(
        self, channel: ChatSurface, wall: Wall
    ) -> None:
        case = a_drafted()
        name = await channel.draw(card(case), None)
        assert await channel.draw(card(later(case)), DOUBT) == name
        assert await wall.count(later(case)) == 1

    async def test_a_card_in_doubt_stands_at_least_once_and_the_newest_is_the_one_on_record(
        self, channel: ChatSurface, wall: Wall, lost: Callable[[], None]
    ) -> None:
        case = a_drafted()
        lost()
        with pytest.raises(PlatformError):
            await channel.draw(card(case), None)
        stood = await wall.count(case)
        name = await channel.draw(card(case), DOUBT)
        assert name not in {None, "", DOUBT}
        assert stood == 1
        assert await wall.count(case) >= 1
        assert await channel.draw(card(later(case)), name) == name
        assert "Something has changed." in await wall.newest(case)

    async def test_a_card_in_doubt_that_was_never_posted_is_posted(
        self, channel: ChatSurface, wall: Wall
    ) -> None:
        case = a_drafted()
        assert await channel.draw(card(case), DOUBT) not in {"", DOUBT}
        assert await wall.count(case) == 1

    async def test_every_failure_is_one_of_ours(self, channel: ChatSurface, broken: Sequence[Any]) -> None:
        case = a_drafted()
        name = await channel.draw(card(case), None)
        for breaks in broken:
            for posted in (None, name, DOUBT):
                breaks()
                with pytest.raises(PlatformError):
                    await channel.draw(card(case), posted)

    async def test_a_channel_with_a_limit_says_its_pace(self, channel: ChatSurface) -> None:
        assert channel.pace is not None
        assert channel.pace.total_seconds() >= 0.5


class SearchedContract(PostingContract):
    """For a channel that can be searched: it has a stronger promise to keep."""

    async def test_a_card_whose_answer_was_lost_is_found_again_and_not_doubled(
        self, channel: ChatSurface, wall: Wall, lost: Callable[[], None]
    ) -> None:
        case = a_drafted()
        lost()
        with pytest.raises(PlatformError):
            await channel.draw(card(case), None)
        for _ in range(2):
            await channel.draw(card(later(case)), DOUBT)
        assert await wall.count(later(case)) == 1
