"""What a person fills in becomes a decision, or names the field that is wrong."""

from __future__ import annotations

import pytest

from bot.domain.forms import read_form
from bot.errors import BadInput
from tests.builders import NOON


@pytest.mark.parametrize(
    ("kind", "fields", "says"),
    [
        ("approve", {"draft": "x"}, "approve: 'draft'"),
        ("escalate", {"to": "legal"}, "escalate: please fill in 'reason'"),
        (
            "escalate",
            {"to": "legal", "reason": "?", "urgency": "very"},
            "escalate: 'urgency': input should be",
        ),
        ("snooze", {"minutes": "soon"}, "should be a whole number"),
        ("dismiss", {"outcome": "published", "reason": "x"}, "dismiss: 'outcome'"),
        ("obey", {}, "there is no decision 'obey'"),
        ("claim", {"by": "mark"}, "has no field 'by'"),
    ],
)
def test_a_form_that_is_wrong_names_the_field(kind: str, fields: dict[str, str], says: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_form(kind, fields, at=NOON)
    assert says in str(refused.value)


def test_a_redraft_asks_for_something() -> None:
    with pytest.raises(BadInput, match="choose how, or say it in your own words"):
        read_form("redraft", {"style": "", "instruction": " "}, at=NOON)
    both = read_form("redraft", {"style": "shorter", "instruction": "no apology"}, at=NOON)
    assert both.model_dump()["instruction"] == "shorter, no apology"
