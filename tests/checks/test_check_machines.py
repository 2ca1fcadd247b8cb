"""What a model leaves in a reply and a person would not: places to fill in, strange addresses, accounts."""

from __future__ import annotations

from time import process_time

import pytest

from bot.checks import Checked, check, machines
from bot.checks.reply import Reading
from bot.domain.draft import Verdict

KIND = "Thank you for telling us, and we are very sorry. We look into it now."
OURS = ("care@brightloaf.com", "https://brightloaf.com/help", "+44 20 7946 0958")


def said(more: str) -> dict[str, Verdict]:
    """What the rule on machines says of a reply with these words, by phrase."""
    reply = Checked(
        f"{KIND} {more}", "en", mention_language="en", own_contacts=OURS, accounts=("brightloaf", "ada.park")
    )
    return {finding.phrase: finding.verdict for finding in check(reply) if finding.rule == "L6"}


@pytest.mark.parametrize(
    "left", ["[name]", "[Name]", "[NAME 2]", "[account 2]", "[Phone]", "[email]", "[ order number 3 ]"]
)
def test_what_stands_for_something_unseen_is_never_sent(left: str) -> None:
    assert said(f"Dear {left}.") == {left: Verdict.BLOCK}


@pytest.mark.parametrize("left", ["[nombre]", "[اسم]", "[your name]", "[insert date]", "<b>", "{customer}"])
def test_what_looks_like_a_place_to_fill_in_is_asked_about(left: str) -> None:
    assert said(f"Dear {left}.") == {left: Verdict.WARN}


@pytest.mark.parametrize(
    "address",
    [
        "evil.com",
        "evil.de/refund",
        "evil.es",
        "refund-brightloaf.in",
        "evil.museum/refund",
        "-evil.com",
        "...evil.com",
        "_evil.com",
        "x_y.evil.com",
        "https://evil.example/x",
        # Made to look like ours: a part of our name, our address in another's path, name or user.
        "loaf.com",
        "https://evil.example/care@brightloaf.com",
        "https://evil.example/?to=https://brightloaf.com/help",
        "https://brightloaf.com@evil.example/help",
        "https://brightloaf.com.evil.example/help",
        "https://brightloaf.com\\.evil.example/help",
        "https://brightloaf.com/helpless",
        "care@brightloaf.com.evil.example",
    ],
)
def test_an_address_that_is_not_ours_needs_a_second_person(address: str) -> None:
    found = said(f"Look at {address}")
    assert Verdict.SECOND in found.values()


@pytest.mark.parametrize(
    "words",
    [
        "Write to care@brightloaf.com, please.",
        "It stands at brightloaf.com/help.",
        "It stands at https://www.brightloaf.com/help/bread?from=here.",
        "We baked until 7 p.m. e.g. the rye, i.e. no.so there, z.B. today.",
        "@brightloaf is here, @Ada.Park.",
        "It was 2 < 3 and [sic",
    ],
)
def test_our_own_addresses_and_accounts_and_plain_words_are_nothing_to_say(words: str) -> None:
    assert said(words) == {}


@pytest.mark.parametrize("account", ["@journalist", "\uff20journalist", "@ada.park.evil.example"])
def test_nobody_else_is_called_into_the_talk_by_one_press(account: str) -> None:
    assert Verdict.SECOND in said(f"Look, {account} said so.").values()


@pytest.mark.parametrize("piece", ["ab.", "aa.bb-", "a-", "@a.", "[", "<a", "{{a", "http://", "aa.bb/"])
def test_the_longest_reply_is_read_at_once(piece: str) -> None:
    reading = Reading(Checked((piece * 10_000)[:10_000], "en", own_contacts=OURS))
    began = process_time()
    list(machines.check(reading))
    assert process_time() - began < 1
