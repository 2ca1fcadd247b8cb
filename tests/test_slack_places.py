"""Places that leave a case without a channel: `levelhead check` says which, and where its card is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.main.checkup import check
from bot.main.places import unplaced
from tests.test_settings import ENV, GOOD, load
from tests.test_wiring_slack import TOKENS

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings import Settings

SHOW = "show only a line that there is one"
ALONE = "is for none of your channels: its card is in the console alone"


def with_places(folder: Path, *places: str) -> Settings:
    """Settings whose Slack has these places."""
    tables = [
        f'[[slack.places]]\nname = "place{n}"\nchannel = "C000000{n}"\n{place}\n'
        for n, place in enumerate(places)
    ]
    return load(folder, text="\n".join([GOOD, "[slack]", *tables]), env={**ENV, **TOKENS})


@pytest.mark.parametrize(
    "places",
    [
        [""],
        ["risks = true", "risks = false\nstub = true"],
        ['platforms = ["reviews"]', ""],
        ['severity = "high"', 'severity = "low"'],
        ['languages = ["de"]', ""],
        ['categories = ["complaint", "question", "unclear", "misdirected", "impersonation", "troll"]'],
    ],
)
def test_nothing_is_said_where_every_case_has_a_channel(tmp_path: Path, places: list[str]) -> None:
    assert unplaced(with_places(tmp_path, *places)) == ""


@pytest.mark.parametrize(
    ("places", "says"),
    [
        (["risks = false"], f"a case with a danger {ALONE}"),
        (["risks = false\nstub = true"],
         f"a case with a danger {ALONE}, and place0 shows only a line that there is one"),
        (['languages = ["de"]', 'languages = ["fr"]'], f"a case in another language {ALONE}"),
        (['severity = "high"'], f"a case of medium severity {ALONE}"),
        (['platforms = ["reviews"]'], f"a case from square {ALONE}"),
        (['platforms = ["reviews"]', 'platforms = ["square"]'],
         f"a case brought in from another platform {ALONE}"),
        (['platforms = ["reviews", "square"]', "risks = false"],
         f"a case brought in from another platform with a danger {ALONE}"),
        (["risks = true", 'risks = false\nseverity = "medium"'],
         f"a case of low severity without a danger {ALONE}"),
        (['categories = ["complaint", "question"]'], f"a case of the kind \u201cunclear\u201d {ALONE}"),
        (["risks = false\nstub = true", 'risks = true\nlanguages = ["de"]\nstub = true'],
         f"a case in another language with a danger {ALONE}, and place0 and place1 {SHOW}"),
    ],
)  # fmt: skip
def test_a_case_without_a_channel_is_told_in_plain_words(
    tmp_path: Path, places: list[str], says: str
) -> None:
    assert unplaced(with_places(tmp_path, *places)) == says


async def test_check_tells_it_as_something_to_know(tmp_path: Path) -> None:
    async for verdict in check(with_places(tmp_path, "risks = false")):
        if verdict.name == "places":
            assert (verdict.ok, verdict.says) == (None, f"a case with a danger {ALONE}")
            return
    pytest.fail("check says nothing of it")
