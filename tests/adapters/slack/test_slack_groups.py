"""User groups of Slack: they give roles to colleagues, of whom team.toml may know nothing else."""

from __future__ import annotations

import json

from adapters.chat.granting import Grant
from bot.domain.team import Role
from tests.adapters.slack_rooms import a_room
from tests.adapters.slacks import Slack
from tests.builders import MANAGER
from tests.flows.houses import House


async def test_a_user_group_lets_its_members_decide(house: House, slack: Slack) -> None:
    slack.user("U5")
    slack.group("S1", "leads", "U1")
    slack.group("S2", "helpers", "U5")
    groups = {"leads": Grant(frozenset({Role.MANAGER})), "helpers": Grant(frozenset({Role.RESPONDER}))}
    async with a_room(house, slack, groups=groups) as room:
        case, card = await room.card()
        await room.hands.press(card, "claim", "U5")
        claim = (await house.now(case)).claim
        assert claim is not None
        assert claim.by == "slack:U5"
        await house.works()
        await room.hands.press(room.message(case), "take_over", "U1")  # a manager, by the group alone
        claim = (await house.now(case)).claim
        assert claim is not None
        assert claim.by == "rosa"
        await room.settled()
        assert room.told() == []


async def test_a_manager_by_a_group_alone_is_called_by_name_and_may_pause(house: House, slack: Slack) -> None:
    slack.user("U5", profile={"real_name": "Lena Ozola"})
    slack.group("S1", "leads", "U5")
    async with a_room(house, slack, groups={"leads": Grant(frozenset({Role.MANAGER}))}) as room:
        case, card = await room.card()
        await room.hands.press(card, "claim", "U5")
        await house.works()
        assert "Lena Ozola is on it" in json.dumps(room.message(case))
        paused = await room.hands.types("pause", "U5")
        assert "publishing is paused" in json.dumps(paused.body).lower()
        assert (await house.front.today(MANAGER)).paused.startswith("Lena Ozola")
