"""The console's pages as somebody without scripts sees them, over real loopback."""

from __future__ import annotations

import re

import pytest

from bot.domain import events as e
from bot.domain.assessment import Assessment, Category, Severity
from bot.domain.case import Case, State
from bot.domain.draft import Finding, Verdict
from bot.ports import Beat
from tests.adapters.consoles import TeamAtWork, visiting
from tests.builders import NOON, Watch, a_case, a_draft, a_mention, approved, in_review

CASE = "/case/square:100"


def a_team(*cases: Case) -> TeamAtWork:
    return TeamAtWork(Watch(), *cases)


def numbered(case: Case, number: int) -> Case:
    mention = case.mention.model_copy(update={"id": str(number)})
    return case.model_copy(update={"id": mention.case_id, "mention": mention})


async def test_the_queue_shows_the_worst_case_first_with_its_buttons() -> None:
    mild, bad = in_review(), numbered(in_review(severity=Severity.CRITICAL), 101)
    async with visiting(a_team(mild, bad)) as visitor:
        status, page = await visitor.get("/")
    assert status == 200
    assert page.index("case-square:101") < page.index("case-square:100")
    assert f'action="{CASE}/approve"' in page
    assert f'name="draft" value="{mild.draft.id}"' in page
    assert f'name="context" value="{mild.context}"' in page


async def test_managers_pause_and_resume_and_everybody_sees_it() -> None:
    bot = a_team(in_review())
    async with visiting(bot) as visitor:
        _, before = await visitor.get("/")
        await visitor.be("mark")
        await visitor.post("/pause")
        await visitor.be("rosa")
        _, paused = await visitor.get("/")
        await visitor.be("mark")
        await visitor.post("/resume")
    assert 'action="/pause"' not in before
    assert "Publishing is paused</strong> since Mark" in paused
    assert 'action="/resume"' not in paused
    assert bot.paused_by == ""


async def test_a_channel_that_takes_no_cards_is_said_on_every_page_as_plain_text() -> None:
    bot = a_team(in_review())
    async with visiting(bot) as visitor:
        assert "takes no cards" not in (await visitor.get("/"))[1]
        bot.troubles = ("No card can be put up in slack:team: <b>refused</b>.",)
        for path in ("/", "/today", "/search?q=x", f"/case/{in_review().id}"):
            _, page = await visitor.get(path)
            banner = page.split('<div class="banner trouble" role="status">', 1)[1].split("</div>", 1)[0]
            assert "<strong>A team channel takes no cards.</strong>" in banner
            assert "No card can be put up in slack:team: &lt;b&gt;refused&lt;/b&gt;." in banner


async def test_shadow_mode_is_said_on_every_page() -> None:
    bot = a_team(in_review())
    bot.shadow = True
    async with visiting(bot) as visitor:
        pages = [await visitor.get(path) for path in ("/", CASE, "/today", "/search")]
    assert all("Shadow mode: nothing is sent." in page for _, page in pages)


async def test_an_empty_queue_says_what_to_do() -> None:
    async with visiting(a_team()) as visitor:
        _, page = await visitor.get("/")
    assert "Nobody is waiting for an answer" in page


async def test_a_long_queue_is_paged() -> None:
    bot = a_team(*(numbered(in_review(), n) for n in range(45)))
    async with visiting(bot) as visitor:
        _, first = await visitor.get("/")
        _, last = await visitor.get("/?first=40")
        _, odd = await visitor.get("/?first=-1%C2%B2")
    assert (first.count("<article"), last.count("<article"), odd.count("<article")) == (20, 5, 20)
    assert 'href="/?first=20"' in first
    assert 'href="/?first=20"' in last


@pytest.mark.parametrize("remote", ["https://x.example/a?b=1#c", "ü %2F.. &<b>", "a/b/approve"])
async def test_a_case_with_a_strange_id_has_its_own_page_and_buttons(remote: str) -> None:
    mention = a_mention(id=remote)
    case = in_review().model_copy(update={"id": mention.case_id, "mention": mention})
    bot = a_team(case)
    async with visiting(bot) as visitor:
        _, queue = await visitor.get("/")
        path = re.search(r'<h2[^>]*><a href="([^"]+)"', queue)[1]
        status, page = await visitor.get(path)
        answer = await visitor.post(f"{path}/claim")
    assert status == 200
    assert "My bread came two hours late again." in page
    assert answer.status == 303
    assert bot.cases[case.id].claim.by == "rosa"


async def test_a_case_nobody_has_is_not_found() -> None:
    async with visiting(a_team()) as visitor:
        status, page = await visitor.get("/case/square:404")
        answer = await visitor.post("/case/square:404/claim")
    assert (status, answer.status) == (404, 404)
    assert "There is no such case" in page


async def test_what_they_wrote_in_private_says_so() -> None:
    public = e.Message(id="8", by="author", text="hello?", at=NOON)
    private = public.model_copy(update={"private": True})
    for said, label in ((public, "They wrote again,"), (private, "They wrote again, in private,")):
        async with visiting(a_team(in_review().model_copy(update={"thread": (said,)}))) as visitor:
            _, page = await visitor.get(CASE)
        assert label in page
        assert ("in private" in page) is said.private


async def test_a_case_has_its_history_beside_it() -> None:
    async with visiting(a_team(in_review())) as visitor:
        await visitor.post(f"{CASE}/escalate", {"to": "legal", "reason": "Is this a threat?"})
        _, page = await visitor.get(CASE)
    assert "<bdi>Rosa</bdi>" in page[page.index("What happened") :]
    assert "Is this a threat?" in page


async def test_the_day_shows_what_was_closed_without_a_card_and_reopens_it() -> None:
    reading = Assessment(category=Category.PRAISE, severity=Severity.LOW, language="en", by="rules")
    noted = a_case(e.CaseNoted(assessment=reading, outcome=e.Outcome.PRAISE))
    bot = a_team(noted)
    bot.counts, bot.asides = {"praise": 7}, 2
    bot.beats = [Beat("square", NOON, NOON), Beat("reviews", None, None, "HTTP 502")]
    async with visiting(bot) as visitor:
        _, page = await visitor.get("/today")
        answer = await visitor.post(f"{CASE}/reopen", {"back": "/today"})
    assert "<dt>Praise</dt><dd>7</dd>" in page
    assert "In trouble: HTTP 502" in page
    assert "<code>levelhead check</code>" in page
    assert (answer.status, answer.headers["Location"]) == (303, "/today#case-square:100")
    assert bot.cases[noted.id].state is State.OPENED


async def test_a_search_finds_and_says_when_it_does_not() -> None:
    async with visiting(a_team(in_review())) as visitor:
        _, found = await visitor.get("/search?q=bread")
        _, nothing = await visitor.get("/search?q=%3Cb%3E%E2%80%AEhay")
    assert "1 case with" in found
    assert CASE in found
    assert "Nothing found" in nothing
    assert "&lt;b&gt;[RLO]hay" in nothing


async def test_passed_checks_are_counted_and_blocks_stand_with_their_phrase() -> None:
    passed = Finding(rule="W8", verdict=Verdict.PASS, says="fine")
    block = Finding(rule="W9", verdict=Verdict.BLOCK, says="never threaten", phrase="our lawyers")
    case = in_review(draft=a_draft("Meet our lawyers.", findings=(passed, passed, block)))
    async with visiting(a_team(case)) as visitor:
        _, page = await visitor.get("/")
    assert "2 checks passed" in page
    assert "W9 blocks:" in page
    assert "<bdi>our lawyers</bdi></q>" in page
    assert '<mark title="W9">our lawyers</mark>' in page


async def test_times_are_absolute_and_lateness_is_a_word() -> None:
    bot = a_team(in_review())
    async with visiting(bot) as visitor:
        _, before = await visitor.get("/")
        bot.clock.move(hours=3)
        _, after = await visitor.get("/")
    assert 'Answer by <time datetime="2026-11-22T14:00:00+00:00">22 Nov, 14:00 UTC</time>' in before
    assert 'Overdue since <time datetime="2026-11-22T14:00:00+00:00">' in after


async def test_the_end_of_an_undo_window_is_told_to_the_second() -> None:
    async with visiting(a_team(approved(in_review()))) as visitor:
        _, page = await visitor.get("/")
    assert 'until <time datetime="2026-11-22T12:00:20+00:00" data-exact>22 Nov, 12:00:20 UTC</time>' in page
