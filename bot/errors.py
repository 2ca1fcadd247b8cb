"""Everything this bot raises on purpose, as one tree.

* BotError
  + BadSettings          the operator's files or environment are wrong; the text names the place
  + BadInput             somebody sent us something malformed; nothing was taken in
    - NotGenuine         a wrong or missing signature
    - Replayed           a request that is stale or was here before
    - TooLarge           more bytes than we read
  + IllegalTransition    the case's table does not know this step
  + NotAllowed           this person may not make this decision
  + Refused              the decision no longer applies, or something blocks it; says why
  + StaleCase            somebody else changed the case first
  + AlreadyDone          this very thing was done before; nothing is left to do
  + NoSuchCase           no case has this ID
  + LeaseLost            another process reads this source now
  + StoreUnavailable     the record cannot be reached; nothing was confirmed
  + PlatformError        an outside service let us down
    - PlatformBusy       it said "not now"; nothing happened, try later
    - PlatformSilent     it gave no clear answer; it may have happened
    - PlatformRejected   it said no; trying again will not help
      . MentionGone      what we wanted to answer is no longer there
      . ChannelGone      a team channel, or our right to it: whatever we send there, until a person mends it
    - OverBudget         we did not ask: what may be spent today is spent
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta


class BotError(Exception):
    """The root: what we raise on purpose."""


class BadSettings(BotError):
    """The operator's files or environment are wrong; the text names the place and what was expected."""


class BadInput(BotError):
    """Somebody sent us something malformed; nothing of it was taken in."""


class NotGenuine(BadInput):
    """The signature is missing or wrong."""


class Replayed(BadInput):
    """The request is stale, or was here before."""


class TooLarge(BadInput):
    """More bytes than we read."""


class IllegalTransition(BotError):
    """The case's table does not know this step."""

    def __init__(self, case_id: str, state: str, kind: str) -> None:
        """`state` is where the case stands, `kind` the event that does not fit."""
        super().__init__(f"case {case_id!r} is {state!r}, where {kind!r} cannot happen")
        self.case_id, self.state, self.kind = case_id, state, kind


class NotAllowed(BotError):
    """This person may not make this decision; the text says what is needed."""


class Refused(BotError):
    """The decision no longer applies, or something blocks it; the text is for the person who pressed."""


class StaleCase(BotError):
    """Somebody else changed the case first; load it again and decide again."""


class AlreadyDone(BotError):
    """It was done before, under the same name: somebody asked twice. Nothing is left to do."""

    def __init__(self, name: str) -> None:
        """`name` is what it was done under."""
        super().__init__(f"{name!r} was done before")
        self.name = name


class NoSuchCase(BotError):
    """No case has this ID: it never existed, or it was closed and kept as long as we keep it."""

    def __init__(self, case_id: str) -> None:
        """`case_id` is what was asked for."""
        super().__init__(f"there is no case {case_id!r} (closed ones expire after 90 days)")
        self.case_id = case_id


class LeaseLost(BotError):
    """Another process reads this source now; stop reading it."""


class StoreUnavailable(BotError):
    """The record cannot be reached; nothing was confirmed. Ask again when it is back."""


class PlatformError(BotError):
    """An outside service let us down."""


class PlatformBusy(PlatformError):
    """It said "not now"; nothing happened. Try again after `wait`."""

    def __init__(self, message: str, wait: timedelta | None = None) -> None:
        """`wait` is what the service asked for, `None` when it did not say."""
        super().__init__(message)
        self.wait = wait


class PlatformSilent(PlatformError):
    """It gave no clear answer; what we asked for may have happened."""


class PlatformRejected(PlatformError):
    """It said no; trying again will not help."""


class MentionGone(PlatformRejected):
    """What we wanted to answer is no longer there."""


class ChannelGone(PlatformRejected):
    """A team channel takes nothing of ours, whatever it is, until a person mends that; the text says how."""


class OverBudget(PlatformError):
    """We did not ask: what may be spent today is spent. Nothing happened."""
