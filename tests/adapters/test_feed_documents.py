"""Whatever a server sends, it is a feed with its letters right, or a clear no, in bounded time."""

from __future__ import annotations

import time
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from adapters.platforms.feed.document import MOST_REFERENCES, MOST_TAGS, read_document
from adapters.platforms.feed.entries import Unreadable, mention_of, origin_of
from adapters.platforms.feed.plain import plain
from bot.errors import PlatformRejected
from tests.adapters.feeds.server import item, rss
from tests.builders import NOON


def titles(body: bytes, content_type: str = "application/xml") -> list[str]:
    return [str(entry["title"]) for entry in read_document(body, content_type).entries]


def declared(encoding: str, text: str) -> str:
    return (
        f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel>{item(text)}</channel></rss>'
    )


ARABIC = "الخبز بارد"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (declared("utf-8", ARABIC).encode(), "application/rss+xml"),
        (declared("utf-8", ARABIC).encode(), ""),
        (declared("utf-8", ARABIC).encode(), "text/xml"),  # which would mean ASCII
        (declared("utf-8", ARABIC).encode("utf-8-sig"), "text/xml"),
        (declared("utf-16", ARABIC).encode("utf-16"), "application/xml"),
        (declared("utf-16", ARABIC).encode("utf-16-be"), "application/xml"),
        (declared("windows-1256", ARABIC).encode("cp1256"), "application/xml"),
        (declared("windows-1256", ARABIC).encode("cp1256"), "application/xml; charset=windows-1256"),
        (rss(item(ARABIC)).encode("cp1256"), 'text/xml; charset="windows-1256"'),
        (declared("iso-8859-1", ARABIC).encode(), "application/xml"),  # wrong, and it is UTF-8
        (declared("us-ascii", ARABIC).encode(), "text/xml; charset=iso-8859-1"),
        (
            declared("utf-8", ARABIC).encode("cp1256"),
            "text/xml; charset=windows-1256",
        ),  # the server knows better
        (declared("unicode_escape", ARABIC).encode(), "text/xml; charset=idna"),
        (declared("no-such-code", ARABIC).encode(), "text/xml; charset=\xff"),
        (b"\n\n  " + declared("utf-8", ARABIC).encode(), "application/xml"),
    ],
)
def test_letters_are_right_whatever_is_declared(body: bytes, content_type: str) -> None:
    assert titles(body, content_type) == [ARABIC]


def test_undeclared_letters_of_western_europe_are_read() -> None:
    assert titles(rss(item("pão frio – ruim")).encode("cp1252"), "text/html") == ["pão frio – ruim"]


def test_one_bad_byte_costs_one_letter() -> None:
    (title,) = titles(rss(item("pão #frio")).encode().replace(b"#", b"\xff"))
    assert title == "pão \N{REPLACEMENT CHARACTER}frio"


@pytest.mark.parametrize(
    "broken",
    [
        rss(item("one"), item("two"), "<br>&nbsp;&bogus;"),
        rss(item("one"), item("two"))[:-20],
        rss(item("one"), item("two"), "\x00\x0b"),
        rss(item("one"), item("two"), "&#0; &#55357; &#1114112; &#99999999999999999999;"),
    ],
)
def test_a_broken_feed_is_read_as_far_as_it_goes(broken: str) -> None:
    assert titles(broken.encode()) == ["one", "two"]


def test_a_feed_without_entries_is_a_feed() -> None:
    assert read_document(rss().encode(), "application/xml").entries == ()


@pytest.mark.parametrize(
    ("body", "content_type", "says"),
    [
        (
            b"<!DOCTYPE html><html><body>hi</body></html>",
            "text/html",
            "an HTML page came (43 bytes of text/html)",
        ),
        (b'{"version": "https://jsonfeed.example"}', "application/json", "something else came"),
        (b"", "", "something else came (0 bytes of no declared type)"),
        (b"/etc/passwd", "text/plain", "something else came"),
        (b"http://127.0.0.1/", "text/plain", "something else came"),
        (b"<rss version='2.0'><channel><title>", "text/xml", "broken before its first entry"),
        (bytes(range(256)) * 1000, "image/png\x1b[31m", "something else came"),
    ],
)
def test_what_is_no_feed_is_refused_with_what_came(body: bytes, content_type: str, says: str) -> None:
    with pytest.raises(PlatformRejected) as refused:
        read_document(body, content_type)
    assert says in str(refused.value)
    assert str(refused.value).isprintable()


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))


@pytest.mark.parametrize(
    "entities",
    [
        LAUGHS,
        f'<!ENTITY a "{"a" * 100_000}">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
        '<!entity % a "b">',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_of_a_feeds_own_are_refused_before_they_are_read(entities: str, encoding: str) -> None:
    bomb = f'<?xml version="1.0"?><!DOCTYPE rss [{entities}]>' + rss(item("&l9;&a;")).split("?>")[1]
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(PlatformRejected, match="entities of its own"):
        read_document(bomb.encode(encoding), "application/xml")
    assert time.process_time() - began < 1
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_the_old_netscape_declaration_is_no_bomb() -> None:
    doctype = '<!DOCTYPE rss SYSTEM "http://my.netscape.com/publish/formats/rss-0.91.dtd">'
    assert titles(rss(item("one")).replace("?>", f"?>{doctype}").encode()) == ["one"]


def test_ten_thousand_entries_are_read_in_bounded_time() -> None:
    many = (
        item(f"late {n}", guid=f"{n}", description="<p>cold &amp; <b>late</b></p>" * 4) for n in range(10_000)
    )
    began = time.process_time()
    found = read_document(rss(*many).encode(), "application/xml").entries
    assert [plain(found[n]["summary"]) for n in (0, 9999)] == ["\n\n".join(["cold & late"] * 4)] * 2
    assert len(found) == 10_000
    assert time.process_time() - began < 30


@pytest.mark.parametrize(
    "tail",
    [
        "<a>" * 50_000,
        "<item>" * 50_000,
        "<a b='" * 50_000,
        "&" * 50_000,
        "<author>" + "a." * 2_000_000,
        "<!--" * 50_000,
    ],
)
def test_broken_xml_takes_time_by_its_length(tail: str) -> None:
    began = time.process_time()
    assert read_document(
        rss(item("one"), "<item>").removesuffix("</channel></rss>").encode() + tail.encode(), ""
    ).flaw
    assert time.process_time() - began < 30


@pytest.mark.parametrize(("sign", "most"), [("<a>", MOST_TAGS), ("&lt;", MOST_REFERENCES)])
def test_more_tags_or_references_than_are_read_are_refused(sign: str, most: int) -> None:
    with pytest.raises(PlatformRejected, match="are read"):
        read_document(rss(sign * (most + 1)).encode(), "")


_PARTS = st.sampled_from([
    "<item>", "</item>", "<title>", "</title>", "<description>", "<link>", "<guid>", "<pubDate>", "<author>",
    "&", "&#x", "&#1;", "&amp;", "<![CDATA[", "]]>", "<!--", "-->", "<?", "?>", "<entry>", "<div>", "</div>",
    "<content type='xhtml'>", "<content mode='base64'>", "'", '"', "=", "http://[", "2026", "-", ":", "99",
    " ", "ß", "\x00", "<link href='http://[' rel='x'/>", "<georss:point>", "<media:content url='", "</rss>",
    "<itunes:image/>", "<rss>", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<guid isPermaLink='true'>",
    "xml:base='http://['", "<title_detail>", "</title_detail>", "<summary_detail a='b'/>",
    "<content_ a='b'/>", "<published_parsed>", "</published_parsed>", "<id a='b'/>", "<author_detail>",
    "<summary a='b'/>", "text",
])  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_PARTS, max_size=40), st.binary(max_size=20))
def test_no_document_ends_in_anything_but_mentions_or_a_clear_no(parts: list[str], raw: bytes) -> None:
    body = b"<rss version='2.0'><channel>" + "".join(parts).encode() + raw
    try:
        found = read_document(body, "text/xml")
    except PlatformRejected:
        return
    origin = origin_of(found.feed, source="blogs", platform="blog", base="https://blog.example/", now=NOON)
    for entry in found.entries:
        with suppress(Unreadable, ValidationError):
            assert mention_of(entry, origin).text


def test_an_element_that_is_called_as_a_part_of_the_parser_breaks_nothing() -> None:
    strange = "<title_detail>x</title_detail><language>x</language>"
    strange += "<summary_detail>x</summary_detail><published_parsed>x</published_parsed>"
    found = read_document(rss(item("one"), f"<item>{strange}<title>two</title></item>").encode(), "")
    origin = origin_of(found.feed, source="blogs", platform="blog", base="https://blog.example/", now=NOON)
    assert [mention_of(entry, origin).text for entry in found.entries] == ["one", "two"]
