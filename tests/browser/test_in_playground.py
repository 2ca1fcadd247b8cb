"""Teams as a person sees it: Microsoft's own test client in a browser, the whole of Levelhead behind it.

With a folder in LEVELHEAD_PICTURES the pictures of docs/teams.md are taken on the way.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.playground_house import CHANNEL
from tests.browser.playgrounds import Playground, a_playground

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

LATE = "@brightloaf my order came two hours late and the bread was cold, terrible service"
PICTURES = os.environ.get("LEVELHEAD_PICTURES", "")
#: The states that stand in docs/teams.md as they are drawn, without a story.
STATES = (
    "in_review", "urdu", "dangerous", "claimed", "first_approved", "escalated", "snoozed", "approved",
    "publishing", "in_doubt", "awaiting_post", "published", "retracting", "folded", "closed", "stub", "moved",
)  # fmt: skip


@pytest.fixture
def playground(chromium: Browser, tmp_path: Path) -> Iterator[Playground]:
    with a_playground(chromium, tmp_path) as playground:
        playground.page.set_default_timeout(15_000)
        yield playground


def picture(where: Locator, name: str) -> None:
    if PICTURES:
        where.screenshot(path=Path(PICTURES) / f"{name}.png")


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.05)


def arrives(playground: Playground, **more: Any) -> tuple[str, Locator]:
    """A mention is posted: its case, and its card."""
    told = playground.tell("post", **{"text": LATE, "handle": "ada", "name": "Ada Park"} | more)
    card = playground.page.locator(".ac-adaptiveCard").filter(has_text="Approve and send").first
    card.wait_for()
    return told["case"], card


def test_a_mention_is_edited_approved_and_its_reply_is_live(playground: Playground) -> None:
    page = playground.page
    case, card = arrives(playground)
    assert LATE in card.inner_text()
    playground.press(card, "Edit…")
    form = page.locator(".ac-adaptiveCard").filter(has=page.locator("textarea")).first
    form.locator("textarea").wait_for()
    picture(form, "edit")
    form.locator("textarea").fill("Your bread is terrible yourself, you idiot.")
    form.get_by_role("button", name="Save this text").click()
    blocked = page.locator(".ac-adaptiveCard").filter(has_text="W8").first
    blocked.wait_for()
    picture(blocked, "edit_refused")
    if not page.locator(".ac-adaptiveCard textarea").count():  # the card was drawn anew meanwhile
        playground.press(blocked, "Edit…")
    page.locator(".ac-adaptiveCard textarea").first.wait_for()
    form = page.locator(".ac-adaptiveCard").filter(has=page.locator("textarea")).first
    assert form.locator("textarea").input_value().startswith("Your bread is terrible"), "what was typed stays"
    good = "Hello Ada, thank you for telling us. We are sorry it was late and cold. We look into it."
    form.locator("textarea").fill(good)
    form.get_by_role("button", name="Save this text").click()
    card = page.locator(".ac-adaptiveCard").filter(has_text="by \u2068Rosa Diaz\u2069").first
    card.wait_for()
    playground.press(card, "Approve and send")
    page.get_by_text("Approved by Rosa Diaz").first.wait_for()
    page.get_by_text("The reply is live").first.wait_for()
    assert playground.tell("case", case=case) == {"state": "published", "live": [good]}


def test_a_case_goes_to_a_desk_and_the_card_says_so_to_everybody(playground: Playground) -> None:
    page = playground.page
    case, card = arrives(playground)
    playground.press(card, "Escalate…")
    form = page.locator(".ac-adaptiveCard").filter(has=page.locator("input, textarea")).first
    form.get_by_label("What you need from them").fill("May we offer a new loaf?")
    picture(form, "escalate")
    form.get_by_label("Legal").check()
    form.get_by_role("button", name="Escalate").click()
    page.get_by_text("asked by Rosa Diaz").first.wait_for()
    assert playground.tell("case", case=case)["state"] == "escalated"


def test_the_first_decision_wins_and_the_second_person_is_told_who_and_when(playground: Playground) -> None:
    page = playground.page
    case, card = arrives(playground)
    his = playground.tell("button", case=case, by="mark", decision="claim")
    answer = playground.invoke("29:mark", his["verb"], his["data"], his["message"], CHANNEL)
    assert "Mark Berg is on it" in str(answer)
    page.get_by_text("Mark Berg is on it").first.wait_for()  # drawn anew for everybody, by the worker
    playground.press(card, "Approve and send")
    page.get_by_text("Mark Berg holds this case until").first.wait_for()
    picture(page.locator(".ac-adaptiveCard").first.locator("xpath=../.."), "refused")
    assert playground.tell("case", case=case)["state"] == "in_review"


def test_the_bots_own_chat_answers_what_is_typed(playground: Playground) -> None:
    page = playground.page
    arrives(playground)
    page.get_by_role("treeitem", name="Personal Chat").click()
    box = page.get_by_role("textbox").last
    box.fill("home")
    box.press("Enter")
    home = page.locator(".ac-adaptiveCard").filter(has_text="Waiting for me").last
    home.wait_for()
    picture(home, "home")
    assert "High complaint" in home.inner_text()
    box.fill("quue")
    box.press("Enter")
    page.get_by_text("Did you mean").first.wait_for()


def test_every_state_of_a_card_is_drawn_by_a_real_client(playground: Playground) -> None:
    cards = playground.page.locator(".ac-adaptiveCard")
    for nth, name in enumerate(STATES):
        playground.tell("show", name=name)
        until(lambda n=nth: cards.count() == n + 1)
        newest = cards.first
        assert newest.inner_text().strip()
        picture(newest, name)
