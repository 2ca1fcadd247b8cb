"""Names are kept from a model however they are written, and exactly what stood there comes back."""

from __future__ import annotations

import unicodedata

import pytest

from bot.domain.mention import Author
from bot.flows.covering import covered, put_back
from bot.flows.draft import named
from bot.masking import mask
from tests.builders import a_mention, protocol


def cover(
    text: str, name: str | None = "Ada Park", handle: str = "adapark77", **how: bool
) -> tuple[str, dict[str, str]]:
    mention = a_mention(text, author=Author(handle=handle, name=name))
    (clear,), hidden = covered([mask(text).text], mention, protocol(), **how)
    return clear, dict(hidden)


@pytest.mark.parametrize(
    ("name", "said", "shown"),
    [
        ("Ada Park", "ADA PARK here, ada, Park", "[name] here, [name], [name]"),
        ("Ada Park", "_Ada Park_ #AdaPark ada_park", "_[name]_ #[name] [name]"),
        ("José Ruiz", "Jose here, Ruiz", "[name] here, [name]"),
        ("Jose Ruiz", "José here", "[name] here"),
        ("José Ruiz", unicodedata.normalize("NFD", "José here"), "[name] here"),
        ("𝓐𝓭𝓪 Park", "Ada here", "[name] here"),
        ("Ada Park", "𝓐𝓭𝓪 here", "[name] here"),
        ("Ada Park", "A\u200bda here", "[name] here"),
        ("Ayşe Yıldız", "AYŞE'nin ekmeği, YILDIZ", "[name]'nin ekmeği, [name]"),
        ("İlker", "ILKER burada", "[name] burada"),
        ("Sinéad O'Brien", "Sinead O’Brien", "[name]"),
        ("محمد علي", "أنا محمد، قال لمحمد", "أنا [name]، قال ل[name]"),
        ("राम", "मैं राम हूँ, आराम चाहिए", "मैं [name] हूँ, आराम चाहिए"),
        ("Mark Ola", "the market, a cola", "the market, a cola"),
    ],
)
def test_a_name_is_hidden_however_it_is_written(name: str, said: str, shown: str) -> None:
    assert cover(said, name)[0] == shown


@pytest.mark.parametrize(
    "said",
    ["@bobsmith", "\uff20bobsmith", "u/bobsmith", "/u/bobsmith", "bob.smith.bsky.social", "@bobsmith's"],
)
def test_nobodys_account_is_told_but_ours(said: str) -> None:
    clear, _ = cover(f"ask {said} or @brightloaf")
    assert "smith" not in clear
    assert "@brightloaf" in clear


def test_a_shown_name_that_looks_like_a_placeholder_hides_none_and_breaks_none() -> None:
    clear, hidden = cover("[phone] is mine: +44 20 7946 0958", "[phone] Phone Account")
    assert "7946" not in clear
    assert "[[" not in clear
    assert put_back("a [name] b [phone]", {"[name]": "[phone]", "[phone]": "7946"}) == "a [phone] b 7946"
    assert all("7946" not in original for original in hidden.values())


def test_apart_each_way_of_writing_comes_back_as_it_stood() -> None:
    said = "Ada, ADA and Park at @bob: reembolso"
    clear, hidden = cover(said, "Ada Park Reembolso We Will Pay", apart=True)
    assert clear == "[name], [name 2] and [name 3] at [account]: [name 4]"
    assert put_back(clear, hidden) == said


def test_without_a_name_a_greeting_does_without_and_a_sentence_keeps_its_gap_to_be_seen() -> None:
    assert named("Hola, [Name]: gracias", None) == "Hola: gracias"
    assert named("Hello [name], thank you [name].", None) == "Hello, thank you."
    assert named("Sorry that your [name] was cold.", None) == "Sorry that your [name] was cold."
    assert named("Hello [NAME], [name 2]", "Ada") == "Hello Ada, [name 2]"
