"""Every way in which a model can fail, in one table: what the card says, what the operator can do.

What a failure says never quotes the answer, the prompt, the key or the server's own words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.errors import OverBudget, PlatformBusy, PlatformError, PlatformRejected, PlatformSilent

if TYPE_CHECKING:
    from datetime import timedelta

    from adapters.llm.openai.tokens import Usage


@dataclass(frozen=True, slots=True)
class Failure:
    """One way to fail. `says` may have a place for a detail of ours; `advice` is for `levelhead check`.

    `again`: another try may help. `used`: the server may have used tokens for it, though it did not say so.
    """

    code: str
    kind: type[PlatformError]
    says: str
    advice: str
    again: bool = False
    used: bool = False


class Failed(Exception):
    """A call that failed; `usage` is what the server told that it cost, `wait` what it asked us to wait."""

    def __init__(
        self,
        failure: Failure,
        detail: object = "",
        *,
        wait: timedelta | None = None,
        usage: Usage | None = None,
    ) -> None:
        """`detail` is a number or a time of ours, never a word of the other side."""
        super().__init__(failure.says.format(detail))
        self.failure, self.wait, self.usage = failure, wait, usage

    def ours(self) -> PlatformError:
        """Return it as the rest of the bot knows it."""
        if self.failure.kind is PlatformBusy:
            return PlatformBusy(str(self), self.wait)
        return self.failure.kind(str(self))


_WAIT = "drafts are composed meanwhile, and it is tried again with the next case; look again in a minute"
_OTHER_MODEL = "choose a model that supports structured outputs (JSON schemas)"

REFUSAL: Final = Failure("refusal", PlatformRejected, "it refused to answer", _OTHER_MODEL, used=True)
LENGTH: Final = Failure(
    "length",
    PlatformRejected,
    "its answer was cut off at the length limit",
    "choose a model that thinks less before it answers",
    used=True,
)
FILTER: Final = Failure(
    "filter",
    PlatformRejected,
    "the provider's content filter stopped it",
    "look at the content filter in the provider's settings",
    used=True,
)
EMPTY: Final = Failure("empty", PlatformRejected, "its answer was empty", _OTHER_MODEL, used=True)
FENCED: Final = Failure(
    "fenced", PlatformRejected, "its answer stood in a code fence, not plain JSON", _OTHER_MODEL, used=True
)
NOT_JSON: Final = Failure("not_json", PlatformRejected, "its answer was no JSON", _OTHER_MODEL, used=True)
SHAPE: Final = Failure(
    "shape", PlatformRejected, "its answer did not have the form asked for", _OTHER_MODEL, used=True
)
ECHO: Final = Failure(
    "echo", PlatformRejected, "its answer repeated our instructions", _OTHER_MODEL, used=True
)
HUGE: Final = Failure("huge", PlatformRejected, "its answer was longer than {}", _OTHER_MODEL, used=True)
NOT_API: Final = Failure(
    "not_api",
    PlatformRejected,
    "the server did not answer as a model does",
    "look at base_url: it usually ends in /v1; and whether the server has the chosen api",
    used=True,
)
REDIRECT: Final = Failure(
    "redirect",
    PlatformRejected,
    "the server sent us to another address, where we do not go",
    "set base_url to the final address",
)
REFUSED: Final = Failure(
    "refused",
    PlatformRejected,
    "the server did not take the request ({})",
    "the server or the model may not support JSON schemas, or not the chosen api",
)
PROMPT: Final = Failure(
    "prompt",
    PlatformRejected,
    "the prompt was too long for it",
    "choose a model with a larger context, or give the server a larger one",
)
KEY: Final = Failure(
    "key",
    PlatformRejected,
    "the key was not accepted",
    "put the right one into LEVELHEAD_MODEL_KEY, and look whether base_url is the server it belongs to",
)
FORBIDDEN: Final = Failure(
    "forbidden",
    PlatformRejected,
    "the key may not use it",
    "give the key access to the model in the provider's settings, or set another model",
)
UNKNOWN: Final = Failure(
    "unknown",
    PlatformRejected,
    "the server does not know the model or the address",
    "look at the model's name (for Azure the deployment's) and at base_url, which usually ends in /v1",
)
QUOTA: Final = Failure(
    "quota",
    PlatformRejected,
    "the provider's account has no credit left",
    "add credit or raise the limit in the provider's settings",
)
BUSY: Final = Failure(
    "busy",
    PlatformBusy,
    "the server asks us to slow down ({})",
    "wait, or ask the provider for a higher rate limit",
    again=True,
)
FAULT: Final = Failure("fault", PlatformBusy, "the server failed ({})", _WAIT, again=True)
SLOW_DOWN: Final = Failure(
    "slow_down", PlatformBusy, "the server asks us to slow down", BUSY.advice, again=True
)
GAVE_UP: Final = Failure(
    "gave_up", PlatformBusy, "the server gave up on the answer", _WAIT, again=True, used=True
)
UNREACHABLE: Final = Failure(
    "unreachable",
    PlatformBusy,
    "the server cannot be reached",
    "look whether it runs, at base_url, and whether this machine may reach it",
    again=True,
)
DROPPED: Final = Failure(
    "dropped", PlatformSilent, "the connection broke before the answer", _WAIT, again=True, used=True
)
SLOW: Final = Failure(
    "slow",
    PlatformSilent,
    "there was no answer within {} seconds",
    "raise timeout_seconds, or choose a faster model",
    used=True,
)
RESTING: Final = Failure("resting", PlatformBusy, "the model rests until {} after 5 failures in a row", _WAIT)
ON_TRIAL: Final = Failure(
    "on_trial", PlatformBusy, "the model is being tried again after 5 failures in a row", _WAIT
)
SPENT: Final = Failure(
    "spent",
    OverBudget,
    "today's tokens are spent until 00:00 UTC",
    "raise tokens_a_day, or wait for the next day (UTC)",
)
KEPT: Final = Failure(
    "kept",
    OverBudget,
    "what is left of today's tokens is kept for urgent cases until 00:00 UTC",
    "raise tokens_a_day, lower reserved_percent, or wait for the next day (UTC)",
)
NO_PROMPT: Final = Failure("no_prompt", PlatformRejected, "there is no prompt for it", _WAIT)
