"""What our buttons are called in Teams, and what their presses carry back: the case as the presser saw it.

Pages: learn.microsoft.com/en-us/adaptive-cards/authoring-cards/universal-action-model (`verb`, `data`),
learn.microsoft.com/en-us/microsoftteams/platform/task-modules-and-cards/task-modules/task-modules-bots
(`task/fetch`). Teams merges what was typed into `data`, so that ours stands under one name of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, cast

from pydantic import Field, ValidationError

from adapters.chat.pressed import TOO_OLD, WHATS, Pressed, What, carried
from bot.domain.team import PERMISSIONS
from bot.errors import BadInput

Json = dict[str, Any]

#: Ours among what a press brings; no input may have this ID.
OURS = "lh"
_PREFIX = "lh."

#: `decide`: make the decision `name` now. `form`: ask what it needs. `submit`: the form of `name`, filled in.
#: `show`: `name` in full (a `What`). `open`: a case of a list. `refresh`: the card as it stands now.
Kind = Literal["decide", "form", "submit", "show", "open", "refresh"]
_ABOUT_DECISIONS = frozenset({"decide", "form", "submit"})


@dataclass(frozen=True, slots=True)
class Pressing:
    """One press, read. `meta` is what a form carried for whoever drew it; `page` is of what is shown."""

    kind: Kind
    name: str
    pressed: Pressed
    meta: str = ""
    page: int = 0


class _Data(Pressed):
    """The same, as it stands in a button's data."""

    kind: Annotated[Kind, Field(alias="w")] = "decide"
    name: Annotated[str, Field(alias="k", max_length=40)] = ""
    meta: Annotated[str, Field(alias="m", max_length=8_000)] = ""
    page: Annotated[int, Field(alias="p", ge=0, le=999)] = 0


def verb(kind: Kind, name: str = "") -> str:
    """Return the verb of a button: `lh.<decision>` for a decision, `lh.<kind>` for all else."""
    return f"{_PREFIX}{name if kind == 'decide' else kind}"


def data(kind: Kind, name: str, pressed: Pressed, *, meta: str = "", page: int = 0) -> Json:
    """Return the data of a button."""
    held = _Data(
        case_id=pressed.case_id, version=pressed.version, draft=pressed.draft, context=pressed.context,
        kind=kind, name=name, meta=meta, page=page,
    )  # fmt: skip
    return {OURS: held.model_dump(by_alias=True, exclude_defaults=True)}


def read(pressed: Any) -> Pressing:
    """Return what a press means: an action (`verb` and `data`), the value of a task, or data alone.

    Raises `BadInput`, in words for the presser, on anything that is not ours as it is drawn today.
    """
    found = _mapping(pressed)
    if OURS not in found:
        found = {**_mapping(found.get("data")), "verb": found.get("verb")}
    try:
        held = _Data.model_validate(found.get(OURS))
    except ValidationError as odd:
        raise BadInput(TOO_OLD) from odd
    said = found.get("verb")
    if not _known(held) or (isinstance(said, str) and said != verb(held.kind, held.name)):
        raise BadInput(TOO_OLD)
    seen = Pressed(case_id=held.case_id, version=held.version, draft=held.draft, context=held.context)
    return Pressing(held.kind, held.name, seen, held.meta, held.page)


def asks_for_dialog(task: Any) -> bool:
    """Whether what came with a task is a button that opens a dialog, not a form that was filled in.

    Some clients have sent `task/submit` for both (github.com/MicrosoftDocs/msteams-docs/issues/3499).
    """
    given = _mapping(task)
    teams = _mapping(given.get("msteams") or _mapping(given.get("data")).get("msteams"))
    return teams.get("type") == "task/fetch"


def _known(held: _Data) -> bool:
    if held.kind in _ABOUT_DECISIONS:
        return held.name in PERMISSIONS
    return held.name in WHATS if held.kind == "show" else not held.name


def _mapping(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


__all__ = [
    "OURS",
    "Kind",
    "Pressed",
    "Pressing",
    "What",
    "asks_for_dialog",
    "carried",
    "data",
    "read",
    "verb",
]
