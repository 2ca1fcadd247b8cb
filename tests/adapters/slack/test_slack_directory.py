"""Who a Slack user is: by ID, by e-mail, by user group; and who never decides."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from adapters.chat.granting import Grant
from adapters.chat.slack.directory import Directory
from adapters.chat.slack.quiet import quiet_logger
from adapters.chat.slack.telling import is_slacks
from adapters.chat.slack.web import SlackWeb
from bot.domain.team import Person, Role
from bot.ports import Refusal
from tests.adapters.slacks import Slack, a_slack
from tests.builders import MANAGER, RESPONDER, TEAM, Watch
from tests.flows.houses import until

IDS = {"U1": "rosa", "Mark@Brightloaf.example": "mark"}
GROUPS = {
    "@Leads": Grant(roles=frozenset({Role.MANAGER}), desks=frozenset({"legal"})),
    "S9": Grant(frozenset({Role.RESPONDER})),
}


@pytest_asyncio.fixture
async def slack() -> AsyncIterator[Slack]:
    async with a_slack() as slack:
        slack.user("U1")
        slack.user("U2", email="mark@brightloaf.example")
        yield slack


@pytest_asyncio.fixture
async def web(slack: Slack) -> AsyncIterator[SlackWeb]:
    async with SlackWeb(slack.settings()) as web:
        yield web


def directory(web: SlackWeb, watch: Watch, **changes: Any) -> Directory:
    own: dict[str, Any] = {"ids": IDS, "workspace": "T1", "clock": watch, **changes}
    return Directory(TEAM, web, **own)


async def test_a_person_is_known_by_user_id_and_by_e_mail(slack: Slack, web: SlackWeb, watch: Watch) -> None:
    who = directory(web, watch)
    assert await who.find("U1") == RESPONDER
    assert await who.find("U2") == MANAGER


async def test_a_stranger_is_told_what_is_needed(slack: Slack, web: SlackWeb, watch: Watch) -> None:
    slack.user("U3", email="somebody@brightloaf.example")
    answer = await directory(web, watch).find("U3")
    assert isinstance(answer, Refusal)
    assert "add your Slack ID U3" in answer.says
    assert "team.toml" in answer.says


@pytest.mark.parametrize(
    ("flags", "word"),
    [
        ({"deleted": True}, "deactivated"),
        ({"is_bot": True}, "bots"),
        ({"is_workflow_bot": True}, "bots"),
        ({"is_restricted": True}, "guests"),
        ({"is_ultra_restricted": True}, "guests"),
        ({"is_stranger": True}, "other organisations"),
        ({"team_id": "T2"}, "other organisations"),
    ],
)
async def test_some_never_decide_even_with_an_id_on_the_list(
    slack: Slack, web: SlackWeb, watch: Watch, flags: dict[str, Any], word: str
) -> None:
    slack.user("U1", **flags)
    answer = await directory(web, watch, groups=GROUPS).find("U1")
    assert isinstance(answer, Refusal)
    assert word in answer.says


async def test_a_colleague_of_another_workspace_of_our_grid_may(
    slack: Slack, web: SlackWeb, watch: Watch
) -> None:
    slack.user("U1", team_id="T2", enterprise_user={"teams": ["T2", "T1"]})
    assert await directory(web, watch).find("U1") == RESPONDER


async def test_an_address_nobody_confirmed_proves_nobody(slack: Slack, web: SlackWeb, watch: Watch) -> None:
    slack.user("U2", email="mark@brightloaf.example", is_email_confirmed=False)
    assert isinstance(await directory(web, watch).find("U2"), Refusal)


async def test_somebody_slack_does_not_know_never_decides(slack: Slack, web: SlackWeb, watch: Watch) -> None:
    assert isinstance(await directory(web, watch, ids={"U404": "rosa"}).find("U404"), Refusal)


async def test_a_user_group_gives_roles_and_desks(slack: Slack, web: SlackWeb, watch: Watch) -> None:
    slack.group("S1", "leads", "U1")
    slack.group("S9", "all-hands", "U1", "U5")
    slack.group("S2", "unmapped", "U6")
    slack.user("U5")
    slack.user("U6")
    who = directory(web, watch, groups=GROUPS)
    rosa = await who.find("U1")
    assert isinstance(rosa, Person)
    assert rosa.roles == {Role.RESPONDER, Role.MANAGER}
    assert rosa.desks == {"legal"}
    only_in_a_group = await who.find("U5")
    assert isinstance(only_in_a_group, Person)
    assert (only_in_a_group.id, only_in_a_group.roles) == ("slack:U5", {Role.RESPONDER})
    assert isinstance(await who.find("U6"), Refusal)


async def test_when_groups_cannot_be_read_nobody_has_more_than_their_own_rights(
    slack: Slack, web: SlackWeb, watch: Watch
) -> None:
    slack.group("S1", "leads", "U1", "U5")
    slack.user("U5")
    slack.fail_next("usergroups.list", "internal_error", times=2)
    who = directory(web, watch, groups=GROUPS)
    assert await who.find("U1") == RESPONDER
    assert isinstance(await who.find("U5"), Refusal)


async def test_people_are_asked_for_once_in_ten_minutes(slack: Slack, web: SlackWeb, watch: Watch) -> None:
    who = directory(web, watch)
    for _ in range(3):
        assert await who.find("U1") == RESPONDER
    assert slack.times("users.info") == 1
    slack.user("U1", deleted=True)
    watch.move(minutes=10)
    assert isinstance(await who.find("U1"), Refusal)


async def test_who_is_at_work_never_waits_for_slack(slack: Slack, web: SlackWeb, watch: Watch) -> None:
    who = directory(web, watch)
    await who.warm()
    assert slack.times("users.info") == 1
    watch.move(minutes=6)
    release = slack.hold("users.info")
    assert await who.find("U1") == RESPONDER  # and asks again meanwhile
    await until(lambda: slack.times("users.info") == 2)
    release()
    watch.move(minutes=5)
    await until(lambda: not who._profiles._asking)
    assert await who.find("U1") == RESPONDER
    assert slack.times("users.info") == 2


async def test_when_slack_is_away_who_we_knew_may_go_on_for_an_hour(
    slack: Slack, web: SlackWeb, watch: Watch
) -> None:
    who = directory(web, watch)
    assert await who.find("U1") == RESPONDER
    slack.down = True
    watch.move(minutes=59)
    assert await who.find("U1") == RESPONDER
    watch.move(minutes=2)
    answer = await who.find("U1")
    assert isinstance(answer, Refusal)
    assert "nothing was done" in answer.says


async def test_when_slack_is_away_nobody_new_may(slack: Slack, web: SlackWeb, watch: Watch) -> None:
    slack.down = True
    assert isinstance(await directory(web, watch).find("U1"), Refusal)


@pytest.mark.parametrize("url", [
    "https://evil.example/x", "http://hooks.slack.com/x", "https://hooks.slack.com.evil.example/",
    "https://a@hooks.slack.com/", "https://hooks.slack.com:444/", "https://hooks.slack.com:x/", "ftp://[",
])  # fmt: skip
def test_only_slacks_own_addresses_are_answered(url: str) -> None:
    settings = Slack().settings(api="https://slack.com/api/")
    assert is_slacks("https://hooks.slack.com/actions/T1/2/x", settings)
    assert not is_slacks(url, settings)


def test_slacks_library_cannot_log_words(capsys: pytest.CaptureFixture[str]) -> None:
    logger = quiet_logger()
    logger.info("body %s", "xoxb-secret")
    logger.warning("body %s", "xoxb-secret")
    logger.error("body", exc_info=ValueError("xoxb-secret"))
    assert logger.propagate is False or logger.parent is None
    said = "".join(capsys.readouterr())
    assert "xoxb-secret" not in said
    assert logging.getLogger("slack_sdk").level == logging.NOTSET  # nothing was set for others
