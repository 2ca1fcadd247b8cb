"""Places of Teams that leave a case without a channel, alone and together with Slack's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.main.checkup import check
from bot.main.places import unplaced
from tests.test_settings import GOOD
from tests.test_settings_teams import SET, TEAMS, read
from tests.test_slack_places import ALONE
from tests.test_wiring_slack import TOKENS

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings import Settings

SLACK = '[slack]\n[[slack.places]]\nname = "main"\nchannel = "C0000001"\n'


def with_place(folder: Path, place: str, more: str = "") -> Settings:
    """Settings whose Teams has this place, and whatever stands in `more`."""
    return read(folder, f"{GOOD}{TEAMS}{place}\n{more}", env=SET | TOKENS)


@pytest.mark.parametrize(
    ("place", "more", "says"),
    [
        ("", "", ""),
        ("risks = false", "", f"a case with a danger {ALONE}"),
        ("risks = false\nstub = true", "",
         f"a case with a danger {ALONE}, and team shows only a line that there is one"),
        ("risks = false", SLACK, ""),
        ("risks = false", f"{SLACK}risks = true", ""),
        ("risks = false", f'{SLACK}risks = true\nlanguages = ["de"]',
         f"a case in another language with a danger {ALONE}"),
    ],
)  # fmt: skip
def test_a_case_has_a_place_where_either_chat_takes_it(
    tmp_path: Path, place: str, more: str, says: str
) -> None:
    assert unplaced(with_place(tmp_path, place, more)) == says


async def test_check_tells_it_as_something_to_know(tmp_path: Path) -> None:
    async for verdict in check(with_place(tmp_path, "risks = false")):
        if verdict.name == "places":
            assert (verdict.ok, verdict.says) == (None, f"a case with a danger {ALONE}")
            return
    pytest.fail("check says nothing of it")
