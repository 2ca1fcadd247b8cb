"""One case as an Adaptive Card: who, where, how bad, why and until when at a glance, within every limit.

Pages: learn.microsoft.com/en-us/microsoftteams/platform/task-modules-and-cards/cards/cards-reference (1.5),
/task-modules-and-cards/cards/universal-actions-for-adaptive-cards/up-to-date-views (`refresh`),
/bots/how-to/format-your-bot-messages (size, `summary`), learn.microsoft.com/en-us/adaptive-cards/
schema-explorer/adaptive-card (`fallbackText`, `speak`, `lang`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adapters.chat.labels import ANSWERED, NO_ROOM, Moment, kind, marked_kind, moments, severity
from adapters.chat.teams import limits
from adapters.chat.teams.buttons import actions, link, refreshing, row
from adapters.chat.teams.drawing import ours, reasons, theirs
from adapters.chat.teams.text import (
    Json,
    block,
    clip,
    escaped,
    in_utc,
    isolated,
    line,
    plain,
    rich,
    run,
    unfilled,
    when,
)
from bot.domain.card import Card

CONTENT_TYPE = "application/vnd.microsoft.card.adaptive"
#: How much of one text a card shows; the first that keeps the whole message within the limit is taken.
_SHARES = (1_400, 800, 400, 200, 100, 50)
_STATUS, _NOTICE, _NAME, _SUMMARY, _HEADING = 300, 400, 60, 600, 150


def adaptive(
    card: Card, *, stub: bool = False, where: str = "", people: Sequence[str] = (), inline: bool = False
) -> Json:
    """Return the card.

    A `stub` has none of the author's words, name or handle, nor the draft; `where` is where the card stands
    in full: its address, or the name of a place. `people` (`29:...`) are those for whom Teams asks for the
    card anew when it comes into view. `inline`: without dialogs.
    """
    return message(card, stub=stub, where=where, people=people, inline=inline)["attachments"][0]["content"]


def message(
    card: Card, *, stub: bool = False, where: str = "", people: Sequence[str] = (), inline: bool = False
) -> Json:
    """Return the card as an activity, to be posted or put in the place of another."""
    if stub:
        return activity(adapted(_stub(card, where), _says(card)), _says(card))
    refresh = {"action": refreshing(card), "userIds": list(people)[: limits.REFRESHED]} if people else None
    drawn: Json = {}
    for body in _bodies(card, inline=inline):
        content = adapted(body, _says(card), actions(card, inline=inline))
        drawn = _posted(content | ({"refresh": refresh} if refresh else {}), _summary(card))
        if limits.weight(drawn) <= limits.MESSAGE_BYTES:
            break
    return drawn


def pointer(card: Card, where: str) -> Json:
    """Return the activity that stays where a card stood that now stands elsewhere."""
    says = f"{marked_kind(card)}. This card has moved."
    return activity(adapted([rich(run(says)), *_place(where)], says), says)


def activity(content: Json, summary: str) -> Json:
    """Return a card as an activity; `summary` is what the notification says."""
    return _posted(content, plain(summary, _SUMMARY))


def _posted(content: Json, summary: str) -> Json:
    return {
        "type": "message",
        "attachments": [{"contentType": CONTENT_TYPE, "content": content}],
        "summary": summary,
    }


def adapted(body: Sequence[Json], says: str, buttons: Sequence[Json] = ()) -> Json:
    """Return an Adaptive Card; `says` is read aloud, and shown where the card itself cannot be."""
    told = plain(says if says.strip() else "Levelhead", _SUMMARY)
    content: Json = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "lang": "en",
        "fallbackText": escaped(told),
        "speak": told,
        "body": list(body),
    }
    return content | ({"actions": list(buttons)} if buttons else {})


# --- the whole card


def _body(card: Card, share: int, *, inline: bool) -> list[Json]:
    return [
        heading(headline(card)),
        *_times(card),
        *_status(card, share),
        *theirs(card, share, inline=inline),
        *reasons(card, share),
        *ours(card, share, inline=inline),
        rich(run(f"Case {line(card.case_id)}", subtle=True), separator=True),
    ]


def _bodies(card: Card, *, inline: bool) -> Iterator[list[Json]]:
    """Yield the card, and then with less and less in it."""
    for share in _SHARES:
        yield _body(card, share, inline=inline)
    yield _least(card)


def _least(card: Card) -> list[Json]:
    """Return what stands there of a case whose very ID fills its buttons."""
    return [heading(headline(card)), *_times(card), *_status(card, _SHARES[-1]), rich(run(NO_ROOM))]


def heading(text: str, *, size: str = "Large") -> Json:
    """Return a heading of our own words, which a screen reader finds as one."""
    return block(escaped(plain(text, _HEADING)), style="heading", weight="Bolder", size=size)


def headline(card: Card) -> str:
    """Return how bad, what and where in one line, without a word of the author's."""
    back = ", back again" if _is_back(card) else ""
    return line(f"{marked_kind(card)}{back}")


def _is_back(card: Card) -> bool:
    return card.title.partition(", ")[2].startswith("back again: ")


def _times(card: Card) -> list[Json]:
    return [_moment(one) for one in moments(card)]


def _moment(one: Moment) -> Json:
    says = f"{one.says} {when(one.at, exact=one.exact)}" if one.at else one.says
    return block(says, spacing="Small", **({"weight": "Bolder"} if one.matters else {}))


def _status(card: Card, share: int) -> list[Json]:
    status = [rich(run(clip(line(card.status), min(share * 2, _STATUS))[0], bold=True))]
    if not card.notice:
        return status
    return [*status, rich(run(clip(line(card.notice), min(share * 2, _NOTICE))[0]))]


# --- what is said of it, and what stands where the card itself may not


def _says(card: Card) -> str:
    """Return the card in a sentence without a word of the author's."""
    parts = [f"{severity(card)} {kind(card)} on {card.platform}"]
    if card.deadline and card.state not in ANSWERED:
        parts.append(f"Answer by {in_utc(card.deadline)}")
    return ". ".join(parts) + "."


def _summary(card: Card) -> str:
    """Return the notification: our words, and of the author's the name alone."""
    name, _ = clip(line(card.author), _NAME)
    back = "back again: " if _is_back(card) else ""
    parts = [f"{severity(card)} {kind(card)}, {back}{isolated(name)} on {card.platform}"]
    parts.append(clip(line(card.status), _STATUS)[0])
    if card.deadline and card.state not in ANSWERED:
        parts.append(f"Answer by {in_utc(card.deadline)}")
    return unfilled(". ".join(parts) + ".")


def _stub(card: Card, where: str) -> list[Json]:
    says = "This case is not for an open channel. Its card stands in a private one."
    return [heading(headline(card)), *_times(card), rich(run(says)), *_place(where)]


def _place(where: str) -> list[Json]:
    """Return a button to an address; of any other place its name, as words."""
    buttons = link("Go there", where) if where.startswith("https://") else []
    if buttons:
        return row(*buttons)
    return (
        [rich(run("It stands in "), run(isolated(clip(line(where), _NAME)[0]), bold=True))] if where else []
    )


__all__ = ["CONTENT_TYPE", "activity", "adapted", "adaptive", "heading", "headline", "message", "pointer"]
