"""What a person sees and does, in a real browser: the whole path, and how the pages look everywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from tests.browser.conftest import Opener, free_port, running

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

SLOW = 20_000  # milliseconds: the longest we wait for anything to appear


def a_mark() -> str:
    """A word that nothing else has. Of letters alone: a number might be somebody's, and is not sent so."""
    return uuid4().hex[:8].translate(str.maketrans("0123456789", "ghijklmnop"))


def write(square: Page, text: str, *, handle: str = "newcomer", name: str = "Nadia Newcomer") -> None:
    """Write a post on the square, as anybody."""
    form = square.locator("form", has=square.get_by_role("button", name="Post", exact=True)).first
    form.locator("[name=handle]").fill(handle)
    form.locator("[name=name]").fill(name)
    form.locator("[name=text]").fill(text)
    form.get_by_role("button", name="Post", exact=True).click()


def card_with(page: Page, text: str) -> Locator:
    """The card that shows these words, once it is there."""
    card = page.locator("article", has_text=text).first
    card.wait_for(timeout=SLOW)
    return card


def post_with(square: Page, text: str) -> Locator:
    """A post on the square, once the page shows it."""
    post = square.get_by_text(text).first
    post.wait_for(timeout=SLOW)
    return post


def _too_slow() -> type[Exception]:
    from playwright.sync_api import TimeoutError as TooSlow  # noqa: PLC0415 it may not be installed

    return TooSlow


def press(page: Page, text: str, decision: str, then: str) -> None:
    """Press a button that asks for nothing, and once more where the page says that it moved under the hand.

    `then` is the button that stands there afterwards, or the words.
    """
    card = card_with(page, text)
    for _ in range(20):
        card.locator(f'form[data-decision="{decision}"] button').first.click(timeout=SLOW)
        button = card.locator(f'form[data-decision="{then}"] button')
        after = button.or_(card.get_by_text(then, exact=True)).first
        with suppress(_too_slow()):
            after.wait_for(timeout=SLOW / 20)  # far shorter than the demo's window for an undo
            return
    raise AssertionError(f"{decision} was pressed, and {then} never came")


def open_form(card: Locator, decision: str) -> Locator:
    """Open a button's form and return it."""
    form = card.locator(f'details[data-decision="{decision}"]').first
    if form.get_attribute("open") is None:
        form.locator("summary").first.click()
    return form


def test_a_mention_becomes_a_card_is_edited_approved_undone_approved_and_stands_on_the_square(
    demo: str, open_page: Opener
) -> None:
    mark = a_mark()
    complaint = f"@brightloaf my order {mark} came two hours late and the bread was cold"
    square, console = open_page(f"{demo}/square"), open_page(demo)
    write(square, complaint)

    card = card_with(console, mark)  # it appears by itself, without a reload
    card.get_by_text("checks passed").first.wait_for(timeout=SLOW)
    reply = (
        f"Hello Nadia, thank you for telling us. We are sorry your bread came late and cold, {mark}. "
        "Please send us a direct message, so that we can put it right."
    )
    form = open_form(card, "edit")
    form.locator("textarea").fill(reply)
    form.get_by_role("button", name="Save this text").click()
    card = card_with(console, mark)
    card.get_by_text(reply).first.wait_for(timeout=SLOW)

    press(console, mark, "approve", then="undo")
    press(console, mark, "undo", then="approve")
    square.reload()
    assert square.get_by_text(reply).count() == 0, "an approval that was undone must send nothing"

    press(console, mark, "approve", then="undo")
    card_with(console, mark).get_by_text("The reply is live").first.wait_for(timeout=SLOW)
    square.reload()
    assert square.get_by_text(reply).filter(visible=True).count() == 1


def test_an_edited_mention_voids_the_approval_and_an_answer_brings_the_case_back_on_top(
    demo: str, open_page: Opener
) -> None:
    mark = a_mark()
    square, console = open_page(f"{demo}/square"), open_page(demo)
    write(square, f"@brightloaf terrible, case {mark}, I was charged twice", handle=f"h{mark}")
    press(console, mark, "approve", then="undo")

    post_with(square, mark)
    mine = square.locator("article", has_text=mark).first
    mine.locator("summary", has_text="Edit").first.click()
    form = mine.locator('form[action$="/edit"]').first
    form.locator("textarea").fill(f"@brightloaf terrible, case {mark}, I was charged three times")
    form.get_by_role("button").first.click()
    console.get_by_text("that approval is void").first.wait_for(timeout=SLOW)
    press(console, "three times", "approve", then="undo")
    card_with(console, mark).get_by_text("The reply is live").first.wait_for(timeout=SLOW)

    square.reload()
    mine = square.locator("article", has_text=mark).first
    mine.locator("summary", has_text="Reply").first.click()
    form = mine.locator("form", has=square.locator("[name=in_reply_to]")).first
    form.locator("[name=text]").fill(f"Nobody has called me back, {mark}!")
    form.get_by_role("button").last.click()
    back = console.locator("article", has_text="Nobody has called me back")
    back.first.wait_for(timeout=SLOW)
    assert "back again" in back.first.inner_text()


def test_everything_works_without_javascript(demo: str, open_page: Opener) -> None:
    mark = a_mark()
    square = open_page(f"{demo}/square", script=False)
    write(square, f"@brightloaf awful service {mark}", handle=f"n{mark}")
    console = open_page(demo, script=False)
    for _ in range(100):
        if console.locator("article", has_text=mark).count():
            break
        console.reload()
    card = console.locator("article", has_text=mark).first
    form = (
        open_form(card, "dismiss")
        if card.locator('details[data-decision="dismiss"]').first.is_visible()
        else None
    )
    if form is None:
        card.locator("summary", has_text="More").first.click()
        form = open_form(card, "dismiss")
    form.get_by_label("Troll").check()
    form.locator("[name=reason]").fill("trying things out")
    form.get_by_role("button", name="Dismiss").click()
    assert console.locator("article", has_text=mark).count() == 0


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("wide", [True, False], ids=["wide", "phone"])
def test_no_page_scrolls_sideways_and_every_target_can_be_touched(
    demo: str, open_page: Opener, *, wide: bool, dark: bool
) -> None:
    for path in ("/", "/square", "/today", "/search?q=bread"):
        page = open_page(f"{demo}{path}", wide=wide, dark=dark)
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, path
        small = page.evaluate(
            """[...document.querySelectorAll('button, summary, nav a')].filter(e => e.checkVisibility())
               .map(e => [e.textContent.trim().slice(0, 30), e.getBoundingClientRect()])
               .filter(([_, r]) => r.width > 2 && (r.height < 24 || r.width < 24)).map(([t]) => t)"""
        )
        assert not small, f"{path}: {small} is smaller than 24 px (WCAG 2.2, 2.5.8)"


def test_a_right_to_left_mention_reads_right_to_left_beside_a_left_to_right_page(
    demo: str, open_page: Opener
) -> None:
    mark = a_mark()
    square, console = open_page(f"{demo}/square"), open_page(demo)
    write(square, f"@brightloaf روٹی ٹھنڈی تھی اور بہت دیر سے آئی، بہت بری سروس {mark}", handle=f"r{mark}")
    card = card_with(console, mark)
    words = card.locator(".text", has_text=mark).first
    assert words.evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert card.evaluate("e => getComputedStyle(e).direction") == "ltr"


def test_a_script_in_a_mention_is_only_words(demo: str, open_page: Opener) -> None:
    mark = a_mark()
    square, console = open_page(f"{demo}/square"), open_page(demo)
    write(
        square,
        f"@brightloaf awful <script>document.title='owned'</script><img src=x onerror=alert(1)> {mark}",
    )
    card = card_with(console, mark)
    assert "<script>" in card.inner_text()
    assert "owned" not in {console.title(), square.title()}
    assert card.locator("img[src=x]").count() == 0


def test_the_keyboard_alone_reaches_and_approves_a_card(demo: str, open_page: Opener) -> None:
    console = open_page(demo)
    console.locator("article").first.wait_for(timeout=SLOW)
    console.keyboard.press("Tab")
    assert "Skip" in console.evaluate("document.activeElement.textContent")
    console.keyboard.press("j")
    assert console.evaluate("!!document.activeElement.closest('article')")


def test_stopping_and_starting_again_loses_nothing(
    tmp_path: Path, chromium: object, open_page: Opener, demo_folder: tuple[Path, int]
) -> None:
    from tests.browser.conftest import SETTINGS, free_port  # noqa: PLC0415 beside the one use

    port, mark = free_port(), a_mark()
    (tmp_path / "levelhead.toml").write_text(SETTINGS.format(undo=600, port=port))
    (tmp_path / "team.toml").write_text((demo_folder[0] / "team.toml").read_text())
    with running(tmp_path, port) as url:
        write(open_page(f"{url}/square"), f"@brightloaf awful, cold and late {mark}", handle=f"s{mark}")
        console = open_page(url)
        press(console, mark, "approve", then="undo")
    with running(tmp_path, port) as url:
        card = card_with(open_page(url), mark)
        card.locator('form[data-decision="undo"]').first.wait_for(timeout=SLOW)
        assert open_page(f"{url}/square").locator("article", has_text=mark).count() == 1


SIGNED_IN = """
brand = "brightloaf"
console.port = {port}
ops.port = {ops}

[[sources]]
kind = "feed"
name = "news"
url = "http://127.0.0.1:9/feed.xml"
"""


def test_whoever_signed_in_sees_on_a_phone_in_whose_name_they_decide(
    tmp_path: Path, demo_folder: tuple[Path, int], open_page: Opener
) -> None:
    port, secret = free_port(), {"LEVELHEAD_CONSOLE_SECRET": "x" * 40}
    (tmp_path / "levelhead.toml").write_text(SIGNED_IN.format(port=port, ops=free_port()))
    (tmp_path / "team.toml").write_text((demo_folder[0] / "team.toml").read_text())
    link = [Path(sys.executable).with_name("levelhead"), "console", "link", "maya"]
    with running(tmp_path, port, **secret):
        made = subprocess.run(
            link, cwd=tmp_path, env=os.environ | secret, check=True, capture_output=True, text=True
        )
        page = open_page(made.stdout.strip(), wide=False)
        page.get_by_role("button", name="Sign in as").click()
        page.get_by_role("button", name="Sign out").wait_for(timeout=SLOW)
        assert page.get_by_text("Maya Oduya").first.is_visible()
