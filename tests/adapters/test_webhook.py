"""The webhook: what is genuine, what is taken in, what is set aside."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from adapters.platforms.webhook import SIGNATURE, TIMESTAMP, status_of
from bot.domain.mention import MAX_TEXT, Gone, Mention
from bot.errors import BadInput, NotGenuine, Replayed, TooLarge
from bot.ports import MentionReceiver
from tests.adapters.pushes import NOW, SECRET, mention, push, signed, webhook


async def reason(item: object) -> str:
    batch = await push({"mentions": [item]})
    assert batch.items == ()
    return batch.set_aside[0].reason


# --- what is genuine


def test_it_is_a_receiver() -> None:
    assert isinstance(webhook(), MentionReceiver)


def test_a_source_without_a_secret_is_refused() -> None:
    for empty in ("", " , "):
        with pytest.raises(ValueError, match="secret"):
            webhook(empty)


async def test_a_signed_mention_is_taken_in() -> None:
    batch = await push(
        mention(id=7, posted_at="2026-11-22T10:00:00+01:00", author={"handle": "@ada", "name": "Ada"})
    )
    (taken,) = batch.items
    assert isinstance(taken, Mention)
    assert (taken.case_id, taken.platform, taken.author.handle, taken.author.name) == (
        "reviews:7", "stars", "ada", "Ada",
    )  # fmt: skip
    assert taken.posted_at.isoformat() == "2026-11-22T09:00:00+00:00"  # cards say "UTC" of it
    assert batch.cursor is None


async def test_without_a_time_it_was_posted_now() -> None:
    (taken,) = (await push(mention())).items
    assert isinstance(taken, Mention)
    assert taken.posted_at == NOW


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {TIMESTAMP: "", SIGNATURE: ""},
        {TIMESTAMP: "soon", SIGNATURE: "v1=00"},
        {TIMESTAMP: "-1", SIGNATURE: "v1=00"},
        {TIMESTAMP: "1" * 400, SIGNATURE: "v1=00"},
        {TIMESTAMP: str(int(NOW.timestamp())), SIGNATURE: "v1=" + "0" * 64},
        {TIMESTAMP: str(int(NOW.timestamp())), SIGNATURE: "v1=é\udcff"},
        {TIMESTAMP: str(int(NOW.timestamp()))},
    ],
)
async def test_a_missing_or_wrong_signature_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(NotGenuine) as refused:
        await webhook().receive(headers, b"{}")
    assert status_of(refused.value) == 401


async def test_the_signature_holds_the_body_the_time_and_the_secret() -> None:
    body = json.dumps(mention()).encode()
    headers = signed(body)
    with pytest.raises(NotGenuine):
        await webhook().receive(headers, body + b" ")
    with pytest.raises(NotGenuine):
        await webhook().receive(headers | {TIMESTAMP: str(int(NOW.timestamp()) + 1)}, body)
    with pytest.raises(NotGenuine):
        await webhook("another secret").receive(headers, body)
    with pytest.raises(NotGenuine):
        await webhook().receive(headers | {SIGNATURE: headers[SIGNATURE].upper()}, body)


async def test_headers_come_in_any_case() -> None:
    body = json.dumps(mention()).encode()
    assert (await webhook().receive({k.lower(): v for k, v in signed(body).items()}, body)).items


@pytest.mark.parametrize("minutes", [-6, 6])
async def test_a_stale_or_early_request_is_refused(minutes: int) -> None:
    with pytest.raises(Replayed) as refused:
        await push(mention(), at=NOW + timedelta(minutes=minutes))
    assert status_of(refused.value) == 409


@pytest.mark.parametrize("minutes", [-5, 5])
async def test_a_clock_five_minutes_off_is_good_enough(minutes: int) -> None:
    assert (await push(mention(), at=NOW + timedelta(minutes=minutes))).items


async def test_while_a_secret_is_changed_both_are_good() -> None:
    body = json.dumps(mention()).encode()
    for secret in ("the new secret", SECRET):
        assert (await webhook(f"the new secret, {SECRET}").receive(signed(body, secret=secret), body)).items
    with pytest.raises(NotGenuine):
        await webhook("the new secret").receive(signed(body), body)


def test_the_same_request_has_the_same_fingerprint_and_no_other() -> None:
    first, second = signed(b"{}"), signed(b"{} ")
    assert webhook().fingerprint(first) == webhook().fingerprint({k.lower(): v for k, v in first.items()})
    assert webhook().fingerprint(first) != webhook().fingerprint(second)


# --- what is no JSON of ours


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b'{"id": "1"', 400),
        (b'{"text": "\xff\xfe"}', 400),
        (b'\xef\xbb\xbf{"id": "1"}', 400),
        (b'{"text": "a\x00b"}', 400),
        (b'{"rating": NaN}', 400),
        (b'{"rating": ' + b"9" * 5000 + b"}", 400),
        (b"[" * 100_000, 400),
        (b'{"a":' * 100_000, 400),
        (b'"' + b'\\"' * 1_000_000, 400),
        (b"[]", 422),
        (b'"mention"', 422),
        (b"null", 422),
        (b'{"mentions": {}}', 422),
        (b'{"mentions": [], "deletd": []}', 422),
        (b'{"deleted": "1"}', 422),
        (json.dumps({"mentions": [0] * 1001}).encode(), 422),
    ],
    ids=lambda value: repr(value[:12]) if isinstance(value, bytes) else str(value),
)  # fmt: skip
async def test_what_is_no_json_of_ours_is_refused_with_its_status(body: bytes, status: int) -> None:
    with pytest.raises(BadInput) as refused:
        await push(body)
    assert status_of(refused.value) == status


async def test_brackets_in_a_text_are_not_depth() -> None:
    assert (await push(mention(text="[" * 1000 + '"\\' + "{" * 1000))).items


async def test_thirty_two_levels_are_read_and_the_next_is_not() -> None:
    deep = "[" * 30 + "]" * 30
    assert (await push(f'{{"mentions": {deep}}}'.encode())).set_aside
    with pytest.raises(BadInput, match="deeper"):
        await push(f'{{"mentions": [[[{deep}]]]}}'.encode())


async def test_a_huge_body_is_refused_before_it_is_looked_at() -> None:
    with pytest.raises(TooLarge) as refused:
        await webhook().receive({}, b" " * (5 * 1024 * 1024))
    assert status_of(refused.value) == 413


# --- what is set aside


async def test_one_bad_item_costs_the_good_ones_nothing() -> None:
    batch = await push(
        {"mentions": [mention(id="1"), {"id": "2"}, mention(id="3")], "deleted": ["9", None, 8]}
    )
    assert [item.id for item in batch.items] == ["1", "3", "9", "8"]
    assert [aside.reason.split(":")[0] for aside in batch.set_aside] == ["mentions[1].text", "deleted[1]"]
    assert batch.set_aside[0].raw == '{"id": "2"}'
    assert batch.set_aside[0].source == "reviews"


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (mention(athor="x"), "mentions[0].athor: unknown field; did you mean 'author'?"),
        (mention(author={"handle": "a", "folowers": 1}), ".author.folowers: unknown field; did you mean"),
        ({"id": "1", "text": "x"}, ".author: is missing"),
        (mention(author="ada"), ".author: expected a JSON object with handle"),
        (mention(author={"handle": " "}), ".author.handle: is empty"),
        (mention(author={"handle": "a", "followers": -1}), ".author.followers: expected a whole number"),
        (mention(author={"handle": "a", "followers": 1.5}), ".author.followers: expected a whole number"),
        (mention(text=" \n"), ".text: is empty"),
        (mention(text=None), ".text: expected the text in quotes"),
        (mention(text="x" * (MAX_TEXT + 1)), ".text: has 50,001 characters; at most 50,000 are taken"),
        (mention(id=""), ".id: is empty"),
        (mention(id=True), ".id: expected an ID"),
        (mention(id="x" * 201), ".id: has 201 characters"),
        (mention(posted_at="2026-11-22T09:30:00"), ".posted_at: expected a time with its zone"),
        (mention(posted_at="yesterday"), ".posted_at: expected a time with its zone"),
        (mention(posted_at="9999-12-31T23:59:59-12:00"), ".posted_at: expected a time within the years"),
        (mention(url="javascript:alert(1)"), ".url: expected an address that begins with https://"),
        (mention(url="https://"), ".url: expected an address"),
        (mention(language="klingon"), ".language: expected a language code"),
        (mention(rating=6), ".rating: expected a whole number from 1 to 5"),
        (mention(tagged="yes"), ".tagged: expected true or false"),
        (5, ": expected a JSON object with id, text and author"),
        (None, ": expected a JSON object"),
    ],
)  # fmt: skip
async def test_a_bad_item_is_set_aside_with_the_path_and_what_was_expected(
    item: object, expected: str
) -> None:
    assert expected in await reason(item)


async def test_every_mistake_of_an_item_is_told() -> None:
    told = await reason({"id": "1", "txt": "x"})
    assert ".text: is missing" in told
    assert ".author: is missing" in told
    assert ".txt: unknown field" in told


async def test_a_lone_bad_mention_is_set_aside_too() -> None:
    batch = await push({"id": "1"})
    assert batch.set_aside[0].reason.startswith("mentions[0].text")


async def test_the_same_mention_twice_is_one_and_another_of_its_id_is_set_aside() -> None:
    batch = await push({"mentions": [mention(), mention(), mention(text="Something else.")]})
    assert len(batch.items) == 1
    assert [aside.reason for aside in batch.set_aside] == [
        "mentions[2].id: '1' is there twice; the first one was taken"
    ]


async def test_what_is_kept_of_a_bad_item_is_bounded_and_can_be_stored() -> None:
    batch = await push({"mentions": [{"text": "\ud800\x00" + "x" * 50_000, "k" * 5000: 1}]})
    (aside,) = batch.set_aside
    assert len(aside.raw) <= 2000
    assert len(aside.reason) <= 1000
    (aside.raw + aside.reason).encode()


# --- strange texts become harmless ones


async def test_a_text_of_fifty_thousand_characters_is_taken_in() -> None:
    (taken,) = (await push(mention(text="ب" * MAX_TEXT))).items
    assert isinstance(taken, Mention)
    assert len(taken.text) == MAX_TEXT


async def test_halves_of_letters_and_control_characters_are_cleaned() -> None:
    (taken,) = (await push(mention(text="a\ud83d\x00\x1b[31mb\tc\nd", author={"handle": "ad\x00a"}))).items
    assert isinstance(taken, Mention)
    assert taken.text == "a\N{REPLACEMENT CHARACTER}[31mb\tc\nd"
    assert taken.author.handle == "ada"


async def test_right_to_left_marks_and_markup_stay_as_they_were_written() -> None:
    text = "\u202eevil\u202c <script>alert(1)</script> {{ secrets }}"
    (taken,) = (await push(mention(text=text))).items
    assert isinstance(taken, Mention)
    assert taken.text == text


async def test_deleted_mentions_are_gone() -> None:
    batch = await push({"deleted": ["7", 8]})
    assert batch.items == (Gone(source="reviews", id="7", at=NOW), Gone(source="reviews", id="8", at=NOW))
