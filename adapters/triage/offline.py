"""Reads mentions by rules and word lists: quick, explainable, and honest about what it cannot read.

It never waves a doubtful mention through: without evidence the answer is `unclear`, which a person sees.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from adapters.triage.reading import BAD_RATING, Reading, around, assessed, at_least, raised, reach
from adapters.triage.words import Index, Lexicon, fold, load, scripts, tokens
from bot.domain.assessment import Assessment, Category, Risk, Severity
from bot.domain.events import Message
from bot.domain.language import NAMES, UNKNOWN, detect, script
from bot.domain.mention import Mention
from bot.ports import Unread

FOLDER: Final = Path(__file__).parent / "lexicon"
#: The script of a word list, where it is not Latin.
_SCRIPTS: Final = {"ar": "Arabic", "ur": "Arabic", "hi": "Devanagari"}
#: Hindi and Urdu in Latin letters have a word list of their own, one for both.
_IN_LATIN: Final = {"hi": "hi-Latn", "ur": "hi-Latn"}
#: A text whose language could not be told is read by the lexicon that knows this share of its words.
_MOSTLY: Final = 1 / 3
#: And no other may know nearly as many.
_CLEARLY: Final = 1.5
_SURE: Final = 0.8


class OfflineClassifier:
    """A `Classifier` of word lists. A language more is a file more in `lexicon/`."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Know every language that has a file; each is read when it is first needed."""
        self._folder = folder
        self._known = frozenset(p.stem for p in folder.glob("*.toml")) - {"pictures"}
        self._lexicons: dict[str, Lexicon] = {}
        self._indexes: dict[str, list[tuple[Lexicon, Index]]] = {}

    async def assess(self, unread: Unread) -> Assessment:
        """Say what kind it is and how bad, from the mention and what its author wrote after it."""
        return self.read(unread.mention, unread.thread)

    def read(self, mention: Mention, thread: Sequence[Message] = ()) -> Assessment:
        """Return the assessment; what `assess` does, without waiting."""
        text = "\n".join([mention.text, *(m.text for m in thread if m.by == "author")])
        language = _language(mention)
        folded = fold(text)
        read_by = _IN_LATIN.get(language, language) if script(text) == "Latin" else language
        if read_by not in self._known:
            language, lexicon = self._guessed(language, folded)
            if lexicon is None:
                return self._unreadable(mention, language, folded)
        else:
            lexicon = self._lexicon(read_by)
        hits = lexicon.read(lexicon.words(tokens(folded)))
        asks = "?" in text or "؟" in text or "question" in hits.tags
        return assessed(Reading(mention, language, hits, asks, _alone(thread)))

    def provisional(self, mention: Mention) -> Severity:
        """Return a first severity, for the queue, from dangers, stars and reach; `assess` comes later."""
        severity = Severity.MEDIUM
        if mention.rating == 1:
            severity = Severity.HIGH
        return raised(at_least(severity, self._risks(fold(mention.text))), reach(mention))

    def _risks(self, folded: str) -> frozenset[Risk]:
        """The dangers in any language of this script, in one pass for those that spell words alike."""
        found: set[Risk] = set()
        words = tokens(folded)
        for letters in scripts(folded):
            for lexicon, index in self._dangers(letters):
                found.update(Risk(tag[5:]) for tag in index.find(lexicon.words(words)).tags)
        return frozenset(found)

    def _dangers(self, letters: str) -> list[tuple[Lexicon, Index]]:
        if letters not in self._indexes:
            groups: dict[bool, list[Lexicon]] = {}
            for lexicon in self._of_script(letters):
                groups.setdefault(lexicon.strips, []).append(lexicon)
            self._indexes[letters] = [
                (group[0], Index(p for one in group for p in one.dangers)) for group in groups.values()
            ]
        return self._indexes[letters]

    def _guessed(self, language: str, folded: str) -> tuple[str, Lexicon | None]:
        """For a text too short to tell its language: the lexicon that alone knows most of its words."""
        if language != UNKNOWN:
            return language, None
        found = tokens(folded)
        scores: list[tuple[float, Lexicon]] = []
        for lexicon in self._of_script(*scripts(folded)):
            words = lexicon.words(found)
            scores.append((len(lexicon.read(words).feelings) / max(len(words), 1), lexicon))
        scores.sort(key=lambda score: -score[0])
        # A third of the words, and no other language close: "cold again", "muy malo".
        if scores and scores[0][0] >= _MOSTLY:
            (best, lexicon), *others = scores
            if best > _CLEARLY * max((share for share, _ in others), default=0.0):
                return lexicon.language, lexicon
        return language, None

    def _unreadable(self, mention: Mention, language: str, folded: str) -> Assessment:
        risks = self._risks(folded)
        named = NAMES.get(language, language)
        tongue = "its language is not known" if language == UNKNOWN else f"{named} cannot be read offline"
        low = mention.rating is not None and mention.rating <= BAD_RATING
        why = [f"{tongue}, so a person has to read it", *around(mention, risks)]
        return Assessment(
            category=Category.COMPLAINT if low else Category.UNCLEAR,
            severity=raised(at_least(Severity.MEDIUM, risks), reach(mention)),
            language=language,
            by="offline",
            risks=risks,
            why="; ".join(why)[:300],
        )

    def _of_script(self, *letters: str) -> list[Lexicon]:
        return [self._lexicon(x) for x in sorted(self._known) if _SCRIPTS.get(x, "Latin") in letters]

    def _lexicon(self, language: str) -> Lexicon:
        if language not in self._lexicons:
            self._lexicons[language] = load(self._folder, language)
        return self._lexicons[language]


def _language(mention: Mention) -> str:
    """The declared language, unless the words are clearly in another one."""
    found, sure = detect(mention.text)
    if mention.language is None or mention.language == UNKNOWN:
        return found
    if {found, mention.language} <= _IN_LATIN.keys() and script(mention.text) == "Latin":
        return mention.language  # in Latin letters nothing tells the two as surely
    return found if found != UNKNOWN and sure >= _SURE else mention.language


def _alone(thread: Sequence[Message]) -> int:
    """How many messages the author wrote since anybody answered."""
    count = 0
    for message in reversed(thread):
        if message.by != "author":
            break
        count += 1
    return count
