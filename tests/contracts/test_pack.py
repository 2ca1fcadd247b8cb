"""How cases are packed: a format is kept for ever."""

from __future__ import annotations

from hashlib import sha256

from adapters.store.pack import DICTIONARY, FOLDED, fold, unbundle, unfold
from bot.domain.events import Entry, MentionReceived
from bot.domain.transitions import advance, born
from tests.builders import NOON, Severity, a_mention
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
