"""Composes drafts from the protocol's own sentences: no model, no network, no word of the mention (L6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rapidfuzz import fuzz

from adapters.llm.instructions import PARTS, Wish, note_of, read
from adapters.llm.shapes import ORDERS, kind_of, pick, slots_of
from bot.domain.draft import Purpose
from bot.domain.language import NAMES, UNKNOWN, detect, script, script_of
from bot.domain.protocol import Parts, ResponseProtocol
from bot.ports import Brief, Written

NO_MODEL: Final = "no model is configured: this draft is composed from the protocol's own sentences"
#: Texts this alike (0 to 100, by rapidfuzz) count as the same one; the check for W12 forgives a little more.
_NEAR: Final = 80
_TRIES: Final = 60
_LONGEST_NAME: Final = 40
#: What goes first when a platform takes fewer characters; then the shortest wordings; then `_LAST`.
_FIRST_TO_GO: Final = ("more", "warm", "closing", "end", "signature")
_LAST_TO_GO: Final = ("greeting", "details", "thanks")
#: What ends a sentence, where it is no full stop.
_STOPS: Final = {"ur": "۔", "hi": "।"}
Pieces = list[tuple[str, str]]


class OfflineWriter:
    """A `ReplyWriter` that needs nothing but the protocol.

    Within a `max_length` it leaves out, in this order: the second topic, the extra warm sentence, the
    closing, the signature; then it takes the shortest wording of what is left; then it leaves out the
    greeting, the question for details and the thanks. The rest always stays: what went wrong, the apology,
    what happens next.
    """

    def __init__(self, protocol: ResponseProtocol) -> None:
        """Compose from this protocol's parts."""
        self._protocol = protocol

    async def write(self, brief: Brief) -> Written:
        """Return a draft. The same brief gives the same words; another `variant` gives others."""
        return self.compose(brief)

    def compose(self, brief: Brief) -> Written:
        """Return a draft; what `write` does, without waiting."""
        notes = [NO_MODEL]
        language = self._language(brief, notes)
        if statement := self._statement(brief, language):
            note = "a prepared statement of the protocol"
            return Written(text=statement, language=language, by="offline", note=note)
        wish = self._wish(brief, notes)
        if brief.purpose is Purpose.REMOVAL_REQUEST:
            notes.append("the protocol has no words for a removal request, so this asks how it went")
        answer = self._answer(brief, language, notes)
        recipe = _Recipe(self._protocol.parts[language], self._protocol, brief, wish, answer)
        text = self._distinct(brief, recipe, notes)
        return Written(text=text, language=language, by="offline", note="; ".join(notes)[:300])

    def _wish(self, brief: Brief, notes: list[str]) -> Wish:
        if not brief.instruction.strip():
            return Wish()
        wish = read(brief.instruction, self._protocol.styles)
        if said := note_of(wish, brief.instruction):
            notes[0] = said
        return wish

    def _language(self, brief: Brief, notes: list[str]) -> str:
        if brief.language in self._protocol.parts:
            own = script_of(brief.language)
            if own != "Latin" and script(brief.mention) == "Latin":
                # Their own script (W13) is a person's to choose: our sentences have one script a language.
                named = _named(brief.language)
                notes.append(f"they write {named} in Latin letters, this is in {own} ones: do they read it?")
            return brief.language
        team = self._protocol.team_language
        why = f"there are no sentences in {_named(brief.language)}"
        if brief.language == UNKNOWN:
            why = "the mention's language is not known"
        notes.append(f"{why}, so this is in {_named(team)}")
        return team

    def _statement(self, brief: Brief, language: str) -> str:
        """A prepared statement, when the instruction names one."""
        statement = self._protocol.statements.get(brief.instruction.strip())
        if statement is None or brief.purpose is not Purpose.STATEMENT:
            return ""
        return statement.text.get(language, "")

    def _answer(self, brief: Brief, language: str, notes: list[str]) -> str:
        answer = " ".join(brief.answer.split())
        if not answer:
            return ""
        found, _ = detect(answer)
        # A few words of the team's own language are often too few to tell.
        likely = found == UNKNOWN and language == self._protocol.team_language
        if found == language or (likely and script(answer) == script_of(language)):
            return answer if answer[-1] in ".!?…؟۔।" else answer + _STOPS.get(language, ".")
        notes.append(f"the desk's answer is not in {_named(language)}: please add it by hand")
        return ""

    def _distinct(self, brief: Brief, recipe: _Recipe, notes: list[str]) -> str:
        avoid = [*brief.avoid, *([brief.previous] if "another version" in recipe.wish.does else [])]
        pieces: Pieces = []
        for step in range(_TRIES):
            pieces = recipe.pieces(brief.variant + step)
            body = _laid_out([piece for piece in pieces if piece[0] != "greeting"])
            if _laid_out(pieces) != brief.previous and not _near(body, avoid):
                break
        else:
            notes.append("every wording is near to what others were sent: please change it by hand")
        text = _laid_out(pieces)
        if brief.max_length is not None and len(text) > brief.max_length:
            notes.append(f"it is {len(text) - brief.max_length} characters too long for the platform")
        return text


class _Recipe:
    """How one brief is composed; each number gives another wording."""

    def __init__(
        self, parts: Parts, protocol: ResponseProtocol, brief: Brief, wish: Wish, answer: str
    ) -> None:
        self._parts = parts
        self._limit = brief.max_length
        # One line of letters, whatever was shown as a name: it stands among our own words.
        self._name = "".join(c for c in brief.name or "" if c.isprintable())[:_LONGEST_NAME].strip()
        self._answer = answer
        self._filled = {"company": protocol.company, "account": protocol.accounts[0]}
        self.wish = wish
        kind = kind_of(brief.purpose, brief.category, private=brief.private)
        self._orders = ORDERS[kind]
        self._slots = slots_of(kind, self._parts, brief.topics)

    def pieces(self, variant: int) -> Pieces:
        """Return the sentences of this wording, in order, as short as they have to be."""
        pieces = self._asked(pick(self._orders, self._slots, variant), variant)
        gone = {part for part in PARTS if f"without {part}" in self.wish.does}
        pieces.append(("signature", _one(self._parts.signature, variant)))
        if "shorter" in self.wish.does:
            gone |= set(_FIRST_TO_GO)
            pieces = self._shortest(pieces)
        pieces = [("greeting", self._greeting(variant)), *((slot, self._fill(text)) for slot, text in pieces)]
        return self._fitting([piece for piece in pieces if piece[0] not in gone])

    def _greeting(self, variant: int) -> str:
        parts, formal = self._parts, "more formal" in self.wish.does
        if self._name:
            named = parts.formal_greeting_named if formal else parts.greeting_named
            return self._fill(_one(named, variant)).replace("{name}", self._name)
        return self._fill(_one(parts.formal_greeting if formal else parts.greeting, variant))

    def _asked(self, pieces: Pieces, variant: int) -> Pieces:
        """Put in what the desk answered and what the instruction asks for."""
        made: Pieces = []
        for slot, text in pieces:
            if slot in {"next", "say"} and self._answer:
                # Not through `_fill`: what the desk wrote may hold braces of its own.
                made.append(("answer", _one(self._parts.answer, variant)))
            elif slot in {"closing", "end"} and "more formal" in self.wish.does:
                made.append(("formal", _one(self._parts.formal_closing, variant)))
            elif slot == "closing" and "ask for details" in self.wish.does:
                made += [("details", _one(self._parts.details, variant)), (slot, text)]
            elif slot in {"closing", "end"} and "warmer" in self.wish.does and "warm" not in dict(pieces):
                made += [("warm", _one(self._parts.warm, variant)), (slot, text)]
            else:
                made.append((slot, text))
        return made

    def _shortest(self, pieces: Pieces) -> Pieces:
        return [(slot, min(self._slots.get(slot) or (text,), key=len)) for slot, text in pieces]

    def _fill(self, text: str) -> str:
        for name, value in self._filled.items():
            text = text.replace(f"{{{name}}}", value)
        return text.replace("{answer}", self._answer)

    def _fitting(self, pieces: Pieces) -> Pieces:
        if self._limit is None:
            return pieces
        for slot in _FIRST_TO_GO:
            if len(_laid_out(pieces)) <= self._limit:
                return pieces
            pieces = [piece for piece in pieces if piece[0] != slot]
        if len(_laid_out(pieces)) > self._limit:
            pieces = [(slot, self._fill(text)) for slot, text in self._shortest(pieces)]
        for slot in _LAST_TO_GO:
            if len(_laid_out(pieces)) <= self._limit:
                return pieces
            pieces = [piece for piece in pieces if piece[0] != slot]
        return pieces


def _laid_out(pieces: Pieces) -> str:
    """The greeting, and the signature with its formal closing, stand on lines of their own."""
    lines: dict[str, list[str]] = {"greeting": [], "body": [], "end": []}
    for slot, text in pieces:
        place = "greeting" if slot == "greeting" else "end" if slot in {"signature", "formal"} else "body"
        lines[place].append(text)
    return "\n".join([*lines["greeting"], " ".join(lines["body"]), *lines["end"]]).strip()


def _near(text: str, others: Sequence[str]) -> bool:
    return any(fuzz.ratio(text, other, score_cutoff=_NEAR) for other in others)


def _one(lines: Sequence[str], variant: int) -> str:
    return lines[abs(variant) % len(lines)]


def _named(language: str) -> str:
    return NAMES.get(language, language)
