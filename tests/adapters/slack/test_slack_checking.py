"""`levelhead check` on Slack: what is wrong is named, with what to do about it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web

from adapters.chat.slack.checking import check
from adapters.chat.slack.manifest import SCOPES
from adapters.chat.slack.settings import SlackPlace, SlackSettings
from tests.adapters.slacks import APP_TOKEN, BOT_TOKEN, Channel, Slack

Said = dict[str, tuple[bool | None, str]]


@pytest.fixture(autouse=True)
def quiet() -> None:
    """These tests look at no log."""


@pytest.fixture(autouse=True)
def granted(slack: Slack) -> None:
    """The app was made from our manifest."""
    slack.tokens[BOT_TOKEN] = ",".join(SCOPES)


def now() -> datetime:
    return datetime.now(UTC)


async def said(settings: SlackSettings) -> Said:
    return {name: (ok, says) for ok, name, says in await check(settings, now=now)}


async def test_an_app_as_it_should_be_has_nothing_wrong(slack: Slack) -> None:
    found = await said(slack.settings())
    assert {name: ok for name, (ok, _) in found.items()} == dict.fromkeys(found, True)
    assert found["slack token"][1] == "works: levelhead in Brightloaf (T1)"
    assert found["slack channel main"][1] == "#mentions (C1) is there, and the app is in it"
    assert not [m for c in slack.channels.values() for m in c.messages], "it posts nothing"


async def test_over_socket_mode_a_connection_is_asked_for_with_the_apps_token(slack: Slack) -> None:
    found = await said(slack.settings(mode="socket"))
    assert found["slack socket mode"] == (True, "Slack gives us a connection")
    assert "slack requests" not in found


@pytest.mark.parametrize(
    ("token", "says"),
    [("", "make one with connections:write"), (BOT_TOKEN, "begins with xapp-"),
     ("xapp-other", "does not know")],
)  # fmt: skip
async def test_a_wrong_app_token_is_told_from_the_bot_token(slack: Slack, token: str, says: str) -> None:
    found = await said(slack.settings(mode="socket", app_token=token))
    assert found["slack token"][0] is True
    assert found["slack socket mode"][0] is False
    assert says in found["slack socket mode"][1]
    assert "LEVELHEAD_SLACK_APP_TOKEN" in found["slack socket mode"][1]


async def test_without_a_signing_secret_http_is_wrong(slack: Slack) -> None:
    found = await said(slack.settings(signing_secret=""))
    assert found["slack requests"][0] is False
    assert "LEVELHEAD_SLACK_SIGNING_SECRET" in found["slack requests"][1]


@pytest.mark.parametrize(
    ("error", "says"),
    [("token_revoked", "install the app again"), ("account_inactive", "removed from the workspace"),
     ("invalid_auth", "does not know the bot token")],
)  # fmt: skip
async def test_a_token_that_does_not_work_is_the_one_thing_said(slack: Slack, error: str, says: str) -> None:
    slack.fail_next("auth.test", error)
    found = await said(slack.settings())
    assert found["slack token"][0] is False
    assert says in found["slack token"][1]
    assert set(found) == {"slack token", "slack requests"}


async def test_slack_out_of_reach_is_said_to_pass(slack: Slack) -> None:
    slack.down = True
    found = await said(slack.settings(mode="socket"))
    assert found["slack token"][0] is False
    assert found["slack token"][1].endswith("; try again in a minute")
    assert found["slack socket mode"][0] is False


async def test_another_workspace_than_the_settings_name_is_wrong(slack: Slack) -> None:
    ok, says = (await said(slack.settings(team="T2")))["slack token"]
    assert ok is False
    assert "Brightloaf (T1)" in says
    assert "T2" in says
    assert 'team = "T1"' in says


async def test_no_workspace_in_the_settings_is_worth_knowing(slack: Slack) -> None:
    found = await said(slack.settings(team=""))
    assert found["slack workspace"][0] is None
    assert 'team = "T1"' in found["slack workspace"][1]


async def test_scopes_that_are_missing_are_named(slack: Slack) -> None:
    less = set(SCOPES) - {"groups:history", "users:read.email"}
    slack.tokens[BOT_TOKEN] = ",".join(less)
    ok, says = (await said(slack.settings()))["slack scopes"]
    assert ok is False
    assert says.startswith("missing: groups:history, users:read.email. To put it right, ")
    assert "levelhead slack manifest" in says


async def test_scopes_that_are_too_much_are_named_and_not_called_wrong(slack: Slack) -> None:
    slack.tokens[BOT_TOKEN] = ",".join([*SCOPES, "files:read", "admin"])
    ok, says = (await said(slack.settings()))["slack scopes"]
    assert ok is None
    assert says.startswith("more than is used: admin, files:read. ")


async def test_a_missing_and_a_needless_scope_are_both_told(slack: Slack) -> None:
    slack.tokens[BOT_TOKEN] = ",".join(["admin", *sorted(set(SCOPES) - {"commands"})])
    ok, says = (await said(slack.settings()))["slack scopes"]
    assert ok is False
    assert says.startswith("missing: commands; more than is used: admin. ")


@pytest.mark.parametrize(("skew", "way"), [(90.0, "behind"), (-90.0, "ahead of")])
async def test_a_clock_more_than_a_minute_off_is_wrong(slack: Slack, skew: float, way: str) -> None:
    slack.skew = skew
    ok, says = (await said(slack.settings()))["slack clock"]
    assert ok is False
    assert f"seconds {way} Slack's" in says
    seconds = int(says.split()[2])
    assert 80 <= seconds <= 90


@pytest.mark.parametrize("skew", [50.0, -50.0, 0.0])
async def test_a_clock_less_than_a_minute_off_is_well(slack: Slack, skew: float) -> None:
    slack.skew = skew
    assert (await said(slack.settings()))["slack clock"][0] is True


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"has_bot": False}, "the app is not in #mentions (C1): type `/invite @Levelhead` there"),
        ({"archived": True}, "#mentions (C1) is archived"),
        ({"has_bot": False, "private": True}, "there is no such channel for the app"),
    ],
)
async def test_a_channel_that_takes_no_card_is_wrong(
    slack: Slack, changes: dict[str, Any], says: str
) -> None:
    slack.channels["C1"] = Channel("C1", "mentions", **changes)
    ok, told = (await said(slack.settings()))["slack channel main"]
    assert ok is False
    assert says in told


async def test_each_channel_is_looked_at_whatever_is_wrong_with_another(slack: Slack) -> None:
    slack.channels["C2"] = Channel("C2", "sensitive", private=True)
    places = (SlackPlace("gone", "C9"), SlackPlace("sensitive", "C2", risks=True))
    found = await said(slack.settings(places=places))
    assert found["slack channel gone"][0] is False
    assert found["slack channel gone"][1].startswith("C9: ")
    assert found["slack channel sensitive"] == (True, "#sensitive (C2) is there, and the app is in it")


async def test_dangerous_cases_in_an_open_channel_are_worth_knowing(slack: Slack) -> None:
    settings = slack.settings(places=(SlackPlace("main", "C1", risks=True),))
    told = [(ok, says) for ok, name, says in await check(settings, now=now) if name == "slack channel main"]
    assert told[0][0] is True
    assert told[1][0] is None
    assert "open to the whole workspace" in told[1][1]


async def test_names_that_people_gave_stay_on_one_line_and_short(slack: Slack) -> None:
    slack.channels["C1"].name = "a\n✓ slack token: works\u202e" + "b" * 500
    says = (await said(slack.settings()))["slack channel main"][1]
    assert "\n" not in says
    assert "\u202e" not in says
    assert len(says) < 200


@asynccontextmanager
async def an_odd_slack(**answers: Any) -> AsyncGenerator[SlackSettings]:
    """A Slack that answers what it is told, and of headers only what every server sends."""

    async def answer(request: web.Request) -> web.Response:
        return web.json_response(answers[request.match_info["method"].replace(".", "_")])

    app = web.Application()
    app.router.add_post("/api/{method}", answer)
    runner = web.AppRunner(app, shutdown_timeout=1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        api = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
        places = (SlackPlace("main", "C1"),)
        yield SlackSettings("http", BOT_TOKEN, places, app_token=APP_TOKEN, signing_secret="s" * 32, api=api)
    finally:
        await runner.cleanup()


WHO = {"ok": True, "team": "Brightloaf", "team_id": "T1", "user": "levelhead", "bot_id": "B1"}


async def test_a_persons_token_is_not_taken_for_the_apps() -> None:
    who = {name: value for name, value in WHO.items() if name != "bot_id"}
    async with an_odd_slack(auth_test=who, conversations_info={"ok": True, "channel": {}}) as settings:
        ok, says = (await said(settings))["slack token"]
    assert ok is False
    assert "begins with xoxb-" in says


async def test_a_channel_shared_with_another_organisation_is_worth_knowing() -> None:
    channel = {"name": "mentions", "is_member": True, "is_ext_shared": True}
    async with an_odd_slack(auth_test=WHO, conversations_info={"ok": True, "channel": channel}) as settings:
        told = await check(settings, now=now)
    says = [says for ok, name, says in told if name == "slack channel main" and ok is None]
    assert says == ["#mentions (C1) is shared with another organisation: its people read every card"]


async def test_scopes_that_slack_does_not_tell_are_not_called_right() -> None:
    channel = {"name": "mentions", "is_member": True}
    async with an_odd_slack(auth_test=WHO, conversations_info={"ok": True, "channel": channel}) as settings:
        assert (await said(settings))["slack scopes"][0] is None
