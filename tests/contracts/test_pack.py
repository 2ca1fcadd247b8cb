"""How cases are packed: a format is kept for ever."""

from __future__ import annotations

from hashlib import sha256

from adapters.store.pack import DICTIONARY, FOLDED, Texts, dump_case, fold, load_case, unbundle, unfold
from bot.domain.events import Entry, MentionReceived
from bot.domain.transitions import advance, born
from bot.domain.value import ERASED
from tests.builders import NOON, Severity, a_draft, a_mention, in_review
from tests.contracts.case_contract import PRAISE


def test_the_dictionary_of_the_first_format_never_changes() -> None:
    assert FOLDED == b"F1"
    known = "f637f21a489e5ba189b9a149111c1c65f9d06f163c810a2cf5375ad32ace2311"
    assert sha256(DICTIONARY).hexdigest() == known, (
        "stored cases cannot be read without it: add another format"
    )


def test_a_bundle_may_hold_anything() -> None:
    fields = [b"v", b"1", b"empty", b"", b"t:x", "\n 12 \N{SNOWMAN}".encode()]
    raw = " ".join(str(len(part)) for part in fields).encode() + b"\n" + b"".join(fields)
    assert unbundle(raw) == {"v": b"1", "empty": b"", "t:x": "\n 12 \N{SNOWMAN}".encode()}


def test_a_long_mention_with_every_kind_of_sign_is_folded_and_unfolded() -> None:
    text = ('\n"\\ \u2028 \N{SNOWMAN} شکریہ \x01' * 3000)[:50_000]
    received = MentionReceived(mention=a_mention(text), severity=Severity.LOW)
    case = born(received, at=NOON)
    entries = [Entry(version=1, at=NOON, event=received), Entry(version=2, at=NOON, event=PRAISE)]
    packed = fold(advance(case, PRAISE, at=NOON), entries, change="x", day="2026-11-22")
    assert text.encode() in unfold(packed).fields.values()
    assert len(packed) < 2000


def test_all_that_tells_of_a_mention_stands_apart_and_can_be_erased() -> None:
    draft = a_draft(reading="The bread was cold.", back_translation="We are sorry.")
    case = in_review(why="A child was hurt.", draft=draft)
    texts = Texts()
    raw = dump_case(case, texts)
    assert load_case(raw, texts) == case
    assert [word for word in (b"child", b"cold", b"sorry") if word in raw] == []
    erased = load_case(raw, Texts())
    assert erased.assessment is not None
    assert erased.draft is not None
    assert (erased.assessment.why, erased.draft.reading, erased.draft.back_translation) == (ERASED,) * 3


def test_a_reason_that_was_stored_in_its_place_is_read_there() -> None:
    case = in_review(why="2 negative words")
    texts = Texts()
    raw = dump_case(case, texts)
    (name,) = [name for name, text in texts.items() if text == "2 negative words"]
    assert load_case(raw.replace(name.encode(), b"2 negative words"), texts) == case
