"""What a button carries, whichever chat it stands in: the case as its presser saw it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.actions import Action
from bot.domain.card import Card

TOO_OLD: Final = "this button is from an older card, and nothing was done. Look at the card as it stands now"

#: What can be shown in full.
What = Literal["mention", "draft", "all"]
WHATS: Mapping[str, What] = {"mention": "mention", "draft": "draft", "all": "all"}


class Pressed(BaseModel):
    """What a button's value carries: the case, and the version, draft and thread that the presser saw."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    case_id: Annotated[str, Field(alias="c", min_length=1, max_length=300)]
    version: Annotated[int, Field(alias="v", ge=0)]
    draft: Annotated[str, Field(alias="d", max_length=32)] = ""
    context: Annotated[str, Field(alias="x", max_length=32)] = ""

    @property
    def hidden(self) -> dict[str, str]:
        """What the hidden fields of an action hold, as they were seen."""
        return {"draft": self.draft, "context": self.context}


def carried(card: Card, action: Action | None = None) -> Pressed:
    """Return what a button of `card` carries; with an `action`, what its hidden fields hold as well."""
    hidden = {ask.name: ask.value for ask in action.asks if ask.kind == "hidden"} if action else {}
    return Pressed(
        case_id=card.case_id,
        version=card.version,
        draft=hidden.get("draft", ""),
        context=hidden.get("context", ""),
    )
