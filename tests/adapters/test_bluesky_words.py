"""The words of a reply on Bluesky: what they measure, and what in them is a link or a mention."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.platforms.bluesky.words import facets, links, measure, mentions
from tests.adapters.blueskies import ADA, US, Fake, mention, no, post


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("plain", 5),
        ("été", 3),
        ("e\u0301te\u0301", 3),
        ("👩‍👩‍👧‍👦", 1),
        ("🇱🇻🇩🇪", 2),
        ("नमस्ते", 3),
        ("السَّلام", 6),
        ("a\r\nb", 3),
        ("x" * 300, 300),
    ],
)
def test_length_is_counted_in_what_a_reader_sees_as_one_letter(text: str, length: int) -> None:
    assert measure(text) == length


def test_too_many_bytes_are_too_long_however_few_the_letters() -> None:
    assert measure("👩‍👩‍👧‍👦" * 120) == 120
    assert measure("👩‍👩‍👧‍👦" * 121) == 301
    assert measure("x" * 4000) == 4000
    assert measure("\ud800" * 2000) > 300


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://example.com.", ["https://example.com"]),
        ("(https://example.com/a)", ["https://example.com/a"]),
        ("https://en.example/Bread_(food)?", ["https://en.example/Bread_(food)"]),
        ("HTTP://EXAMPLE.COM/x, https://b.example؟", ["HTTP://EXAMPLE.COM/x", "https://b.example"]),
        ("“https://example.com”…", ["https://example.com"]),
        ("https:// and http://. and https://...", []),
        ("ftp://example.com javascript:alert(1) example.com", []),
        ("xhttps://example.com", []),
        ("https://[bad", []),
    ],
)
def test_a_link_is_an_address_without_the_punctuation_behind_it(text: str, found: list[str]) -> None:
    assert [stretch.text for stretch in links(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@ada.test hello", ["ada.test"]),
        ("(@Ada.Test), @ben.example.", ["ada.test", "ben.example"]),
        ("write to info@ada.test", []),
        ("@ada and @1.2.3.4 and @-a.test", []),
        ("@ada.test@other.example", []),
        (f"@{'a.' * 140}test", []),
    ],
)
def test_a_mention_is_a_whole_handle(text: str, found: list[str]) -> None:
    assert [stretch.text for stretch in mentions(text)] == found


def test_marks_are_counted_in_bytes() -> None:
    text = "Désolés 🥖 @ada.test — https://example.com/é ok"
    said = text.encode()
    marks = facets(text, {"ada.test": ADA})
    assert [said[m["index"]["byteStart"] : m["index"]["byteEnd"]].decode() for m in marks] == [
        "@ada.test",
        "https://example.com/é",
    ]
    assert [m["features"][0] for m in marks] == [
        {"$type": "app.bsky.richtext.facet#mention", "did": ADA},
        {"$type": "app.bsky.richtext.facet#link", "uri": "https://example.com/é"},
    ]


@pytest.mark.parametrize("answer", [None, no(500, "InternalServerError"), no(400, "InvalidRequest")])
async def test_a_mention_that_leads_nowhere_stays_plain_text(answer: Any) -> None:
    fake = Fake()
    fake.show(post())
    fake.handles = {"ada.test": ADA}
    if answer:
        fake.fail("resolveHandle", answer, answer)
    async with fake.bluesky() as bluesky:
        await bluesky.reply(mention(), "@ada.test @nobody.test", key="k")
    (record,) = fake.records.values()
    marked = [mark["features"][0]["did"] for mark in record.get("facets", [])]
    assert marked == ([] if answer else [ADA])
    assert US not in marked
