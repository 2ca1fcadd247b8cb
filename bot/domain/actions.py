"""The buttons of a case: exactly the decisions that apply as it stands, and what each asks for first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from bot.domain.assessment import Category
from bot.domain.case import Case, State
from bot.domain.decide import APPLIES, HOLDERS_ONLY
from bot.domain.delivery import Mode
from bot.domain.draft import Verdict
from bot.domain.protocol import ResponseProtocol
from bot.domain.team import MODERATION, Person
from bot.domain.value import Value

Style = Literal["primary", "danger", "plain"]
Kind = Literal["line", "text", "choice", "hidden"]


class Choice(Value):
    """One answer a person can pick."""

    value: str
    label: str


class Ask(Value):
    """One thing a form asks for. `kind` hidden carries what the presser saw."""

    name: str
    label: str = ""
    kind: Kind = "line"
    value: str = ""
    required: bool = True
    choices: tuple[Choice, ...] = ()


class Action(Value):
    """A button: the decision it makes, and what it asks for first."""

    decision: str
    label: str
    style: Style = "plain"
    asks: tuple[Ask, ...] = ()
    says: str = ""  # what it will do, where the label is not enough


def actions_of(case: Case, protocol: ResponseProtocol, *, viewer: Person | None = None) -> tuple[Action, ...]:
    """Return the buttons that apply to a case as it stands; with a `viewer`, those they could press."""
    state = State.IN_REVIEW if case.state is State.DRAFTED else case.state
    shown = [
        action
        for action in _all_actions(case, protocol, viewer)
        if state in APPLIES[action.decision]
        and _makes_sense(action.decision, case)
        and (viewer is None or _is_for(viewer, action.decision, case))
    ]
    playbook = protocol.playbooks.get(case.assessment.category) if case.assessment else None
    return tuple(_silence_first(shown)) if playbook and playbook.silence_first else tuple(shown)


def _silence_first(shown: list[Action]) -> list[Action]:
    """M12: what is not to be fed is offered silence before words."""
    first = [a.model_copy(update={"style": "primary"}) for a in shown if a.decision == "silence"]
    rest = [a.model_copy(update={"style": "plain"}) if a.style == "primary" else a for a in shown]
    return [*first, *(a for a in rest if a.decision != "silence")]


def _is_for(viewer: Person, decision: str, case: Case) -> bool:
    """Whether this person's press would count: their roles, another's claim, their own first approval."""
    held_by = case.claim.by if case.claim else viewer.id
    if decision == "release":
        return held_by == viewer.id
    if decision == "take_over":
        return held_by != viewer.id and viewer.may(decision)
    if decision == "second_approve" and case.first_approval:
        others = viewer.id not in {case.first_approval.by, case.draft and case.draft.editor}
        return others and held_by == viewer.id and viewer.may(decision)
    return viewer.may(decision) and (held_by == viewer.id or decision not in HOLDERS_ONLY)


def _makes_sense(decision: str, case: Case) -> bool:
    sense = _SENSE.get(decision)
    return sense is None or sense(case)


def _blocked(case: Case) -> bool:
    return case.draft is not None and bool(case.draft.findings_of(Verdict.BLOCK))


def _can_retract(case: Case) -> bool:
    possible = case.delivery is not None and case.delivery.retracts
    return possible and bool(case.standing) and not case.standing[-1].by_hand


#: What has to hold beside the state; without an entry, nothing.
_SENSE: Mapping[str, Callable[[Case], bool]] = {
    "approve": lambda case: case.can_publish and case.first_approval is None and not _blocked(case),
    "second_approve": lambda case: case.first_approval is not None and not _blocked(case),
    "claim": lambda case: case.claim is None,
    "release": lambda case: case.claim is not None,
    "take_over": lambda case: case.claim is not None,
    "resolve": lambda case: not case.unheard,
    "reopen": lambda case: not case.unheard,
    "acknowledge": lambda case: case.escalation is not None and case.escalation.acknowledged_by is None,
    "retract": _can_retract,
    "taken_down": lambda case: case.retraction is not None and case.retraction.doubted,
    "left_up": lambda case: case.retraction is not None and case.retraction.doubted,
    "moderate": lambda case: case.moderating is None,
    "take_private": lambda case: not case.private and case.delivery is not None and case.delivery.private,
}


def _all_actions(case: Case, protocol: ResponseProtocol, viewer: Person | None) -> tuple[Action, ...]:
    draft = Ask(name="draft", kind="hidden", value=case.draft.id if case.draft else "")
    context = Ask(name="context", kind="hidden", value=case.context)
    return (
        *_sending(case, draft, context),
        *_words(case, protocol, draft),
        *_desks(case, protocol),
        *_holding(case, protocol),
        *_ENDING,
        *_AFTERWARDS,
        *_taking_down(case),
        *_moderating(case, viewer),
    )


def _sending(case: Case, draft: Ask, context: Ask) -> tuple[Action, ...]:
    findings = case.draft.findings if case.draft else ()
    warned = any(f.verdict is Verdict.WARN for f in findings)
    why = Ask(name="reason", label="Why send it all the same", required=True)
    seen = (draft, context, why) if warned else (draft, context)
    assisted = case.delivery is not None and case.delivery.mode is Mode.ASSISTED
    private = case.delivery is not None and case.delivery.mode is Mode.PRIVATE
    label = (
        "Approve, then post by hand" if assisted else "Approve and send" + (" privately" if private else "")
    )
    return (
        Action(decision="approve", label=label, style="primary", asks=seen),
        Action(decision="second_approve", label="Agree and send", style="primary", asks=seen),
        Action(decision="undo", label="Undo", style="primary"),
        Action(
            decision="posted",
            label="I posted it" if assisted else "It is live",
            style="primary",
            asks=(Ask(name="url", label="Address of the reply"),),
        ),
        Action(decision="not_posted", label="It was not posted"),
    )


_KINDS = tuple(Choice(value=c.value, label=c.value) for c in Category)


def _words(case: Case, protocol: ResponseProtocol, draft: Ask) -> tuple[Action, ...]:
    text = case.draft.text if case.draft else ""
    styles = tuple(Choice(value=key, label=key.replace("_", " ")) for key in protocol.styles)
    return (
        Action(
            decision="edit",
            label="Edit",
            asks=(draft, Ask(name="text", label="Reply", kind="text", value=text)),
        ),
        Action(
            decision="redraft",
            label="Redraft",
            asks=(
                Ask(name="style", label="How", kind="choice", choices=styles, required=False),
                Ask(name="instruction", label="Or in your own words", required=False),
            ),
        ),
        Action(
            decision="take_private",
            label="Take private",
            says="The next draft is a message that only they can read, and so is every one after it "
            "until the case is closed",
        ),
        Action(
            decision="correct",
            label="Wrong kind",
            asks=(Ask(name="category", label="It is", kind="choice", choices=_KINDS),),
        ),
    )


def _desks(case: Case, protocol: ResponseProtocol) -> tuple[Action, ...]:
    belongs = protocol.desk_of(case.assessment) if case.assessment else None
    desks = tuple(Choice(value=key, label=desk.title) for key, desk in protocol.desks.items())
    urgent = Choice(value="urgent", label="Urgent: as soon as somebody can")
    urgencies = (Choice(value="normal", label="In its turn"), urgent)
    return (
        Action(decision="answer", label="Answer", style="primary", asks=(
            Ask(name="text", label="What should the author be told", kind="text"),
        )),
        Action(decision="acknowledge", label="I am on it"),
        Action(decision="escalate", label="Escalate", asks=(
            Ask(name="to", label="To the desk", kind="choice", value=belongs or "", choices=desks),
            Ask(name="reason", label="What you need from them"),
            Ask(name="urgency", label="How urgent", kind="choice", value="normal", choices=urgencies),
        )),
    )  # fmt: skip


def _holding(case: Case, protocol: ResponseProtocol) -> tuple[Action, ...]:
    left = int((case.deadline - case.changed_at).total_seconds()) // 60 if case.deadline else 0
    left = left if left > 0 else 15  # what `decide` grants a case that is late
    fitting = [m for m in protocol.snooze_minutes if m <= left] or [left]
    times = tuple(Choice(value=str(m), label=_span(m)) for m in fitting)
    return (
        Action(decision="claim", label="Claim"),
        Action(decision="release", label="Release"),
        Action(decision="take_over", label="Take over"),
        Action(decision="snooze", label="Snooze", asks=(
            Ask(name="minutes", label="For", kind="choice", choices=times),
        )),
    )  # fmt: skip


def _span(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)


_OUTCOMES = (
    Choice(value="not_us", label="Not about us"),
    Choice(value="spam", label="Spam"),
    Choice(value="troll", label="Troll"),
    Choice(value="duplicate", label="Duplicate"),
    Choice(value="answered_elsewhere", label="Answered elsewhere"),
    Choice(value="noted", label="Noted, needs no answer"),
)
_ENDING = (
    Action(decision="silence", label="Stay silent", asks=(Ask(name="reason", label="Why"),)),
    Action(decision="dismiss", label="Dismiss", style="danger", asks=(
        Ask(name="outcome", label="Because it is", kind="choice", choices=_OUTCOMES),
        Ask(name="reason", label="Why"),
    )),
    Action(decision="fold", label="Same as another", asks=(
        Ask(name="into", label="ID of the other case"),
    )),
    Action(decision="unfold", label="Not the same after all"),
)  # fmt: skip

_AFTERWARDS = (
    Action(decision="resolve", label="Resolved", style="primary", asks=(
        Ask(name="lesson", label="What we learned", required=False),
    )),
    Action(decision="reopen", label="Reopen"),
)  # fmt: skip


def _taking_down(case: Case) -> tuple[Action, ...]:
    live = case.standing[-1].id if case.standing else ""
    return (
        Action(
            decision="retract",
            label="Retract",
            style="danger",
            asks=(Ask(name="reply", kind="hidden", value=live), Ask(name="reason", label="Why")),
            says="Takes our reply down on the platform; then they are owed another, or silence with a reason",
        ),
        Action(decision="taken_down", label="It is down", style="primary"),
        Action(decision="left_up", label="It still stands, leave it"),
    )


_HOWS = {
    "hide": "Hide the mention",
    "mute": "Mute the author",
    "block": "Block the author",
    "report": "Report it to the platform",
}


def _moderating(case: Case, viewer: Person | None) -> tuple[Action, ...]:
    """One button, with what the platform can do here and this viewer may ask for."""
    hows = [
        how
        for how in (case.delivery.moderates if case.delivery else ())
        if how not in case.moderated and (viewer is None or viewer.roles & MODERATION[how])
    ]
    if not hows:
        return ()
    choices = tuple(Choice(value=how, label=_HOWS[how]) for how in hows)
    return (
        Action(
            decision="moderate",
            label=" / ".join(hows).capitalize(),
            asks=(
                Ask(name="how", label="What to do", kind="choice", choices=choices),
                Ask(name="reason", label="Why"),
            ),
            says="Done on the platform itself. The case stays as it is, and can be closed in silence then",
        ),
    )
