"""The console's forms, posted without scripts: what is taken, and that no word is lost when it is not."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

from bot.domain import events as e
from bot.domain.case import Case, State
from bot.domain.transitions import advance
from tests.adapters.consoles import TeamAtWork, visiting
from tests.builders import NOON, Watch, a_draft, approved, in_review

CASE = "/case/square:100"


def a_team(*cases: Case) -> TeamAtWork:
    return TeamAtWork(Watch(), *cases)


def numbered(case: Case, number: int) -> Case:
    mention = case.mention.model_copy(update={"id": str(number)})
    return case.model_copy(update={"id": mention.case_id, "mention": mention})


def seen(case: Case) -> dict[str, str]:
    assert case.draft is not None
    return {"draft": case.draft.id, "context": case.context}


async def test_an_approval_by_a_plain_form_is_taken_and_said_once() -> None:
    case = in_review()
    bot = a_team(case)
    async with visiting(bot) as visitor:
        answer = await visitor.post(f"{CASE}/approve", {**seen(case), "back": "/?first=0"})
        assert (answer.status, answer.headers["Location"]) == (303, "/?first=0#case-square:100")
        _, page = await visitor.get("/")
        _, again = await visitor.get("/")
    assert bot.cases[case.id].state is State.APPROVED
    assert bot.cases[case.id].approval.by == "rosa"
    assert "Approved by Rosa; it can still be undone<" in page
    assert "Approved: Ada Park." in page
    assert "Approved: Ada Park." not in again
    assert f'action="{CASE}/undo"' in again


async def test_an_approval_counts_for_the_draft_that_was_on_the_page() -> None:
    old = in_review()
    new = in_review(draft=a_draft("Hello Ada, another text."))
    bot = a_team(new)
    async with visiting(bot) as visitor:
        answer = await visitor.post(f"{CASE}/approve", seen(old))
        page = await answer.text()
    assert answer.status == 409
    assert bot.cases[new.id].state is State.IN_REVIEW
    assert "The draft has changed since you saw it" in page
    assert "Hello Ada, another text." in page


async def test_a_stale_edit_opens_again_over_the_new_draft() -> None:
    old, new = in_review(), in_review(draft=a_draft("Hello Ada, another text."))
    bot = a_team(new)
    async with visiting(bot) as visitor:
        answer = await visitor.post(f"{CASE}/edit", {"draft": old.draft.id, "text": "My own words."})
        page = await answer.text()
        again = await visitor.post(f"{CASE}/edit", {"draft": new.draft.id, "text": "My own words."})
    assert (answer.status, again.status) == (409, 303)
    assert "My own words." in page
    assert old.draft.id not in page
    assert f'name="draft" value="{new.draft.id}"' in page
    assert bot.cases[new.id].draft.text == "My own words."


async def test_an_undo_brings_it_back() -> None:
    bot = a_team(approved(in_review()))
    async with visiting(bot) as visitor:
        assert (await visitor.post(f"{CASE}/undo")).status == 303
    assert bot.cases["square:100"].state is State.IN_REVIEW


async def test_a_text_nobody_touched_stays_the_same_text() -> None:
    case = in_review(draft=a_draft("Hello Ada,\n\nwe are sorry."))
    bot = a_team(case)
    async with visiting(bot) as visitor:
        sent = {"draft": case.draft.id, "text": "Hello Ada,\r\n\r\nwe are sorry."}
        await visitor.post(f"{CASE}/edit", sent)
    assert bot.cases[case.id].draft.text == "Hello Ada,\n\nwe are sorry."
    assert bot.cases[case.id].draft.id == case.draft.id


async def test_an_edit_comes_back_with_its_findings_and_the_exact_phrase_marked() -> None:
    case = in_review()
    async with visiting(a_team(case)) as visitor:
        await visitor.post(f"{CASE}/edit", {"draft": case.draft.id, "text": "We guarantee it, Ada."})
        _, page = await visitor.get("/")
    assert '<mark title="L5">guarantee</mark>' in page
    assert "L5 warns:" in page
    assert "by <bdi>Rosa</bdi>" in page


async def test_a_refused_edit_loses_no_word_though_its_button_is_gone() -> None:
    case = advance(in_review(), e.Claimed(by="mark", until=NOON + timedelta(minutes=5)), at=NOON)
    bot = a_team(case)
    async with visiting(bot) as visitor:
        sent = {"draft": case.draft.id, "text": "My </textarea> own & careful words."}
        answer = await visitor.post(f"{CASE}/edit", sent)
        page = await answer.text()
    assert answer.status == 409
    assert "Mark holds this case until" in page
    assert 'data-decision="edit"' not in page, "somebody else holds the case"
    assert "My </textarea> own & careful words." in unescape(page)
    assert "My </textarea>" not in page


async def test_a_form_that_lacks_something_comes_back_with_the_rest() -> None:
    async with visiting(a_team(in_review())) as visitor:
        answer = await visitor.post(f"{CASE}/escalate", {"to": "legal", "reason": ""})
        page = await answer.text()
    assert answer.status == 422
    assert "please fill in &#39;reason&#39;" in page
    assert re.search(r'name="to" value="legal" checked', page)


async def test_an_escalation_is_in_its_turn_unless_somebody_says_that_it_is_urgent() -> None:
    bot = a_team(in_review())
    async with visiting(bot) as visitor:
        _, page = await visitor.get(CASE)
        await visitor.post(f"{CASE}/escalate", {"to": "legal", "reason": "Is this a threat?"})
        older = bot.cases["square:100"].escalation
        sent = {"to": "legal", "reason": "Is this a threat?", "urgency": "urgent"}
        await visitor.post(f"{CASE}/escalate", sent)
        _, asked = await visitor.get(CASE)
    assert re.search(r'name="urgency" value="normal" checked', page)
    assert older.urgency == "normal", "a form without the field was opened before there was one"
    assert bot.cases["square:100"].escalation.urgency == "urgent"
    assert "With the Legal desk, urgent, asked by Rosa" in asked


async def test_how_urgent_it_is_stays_chosen_when_a_form_comes_back() -> None:
    async with visiting(a_team(in_review())) as visitor:
        answer = await visitor.post(f"{CASE}/escalate", {"to": "legal", "reason": "", "urgency": "urgent"})
        page = await answer.text()
    assert re.search(r'name="urgency" value="urgent" checked', page)
    assert not re.search(r'name="urgency" value="normal" checked', page)


async def test_what_a_form_lacks_is_said_once_in_the_form() -> None:
    async with visiting(a_team(in_review())) as visitor:
        answer = await visitor.post(f"{CASE}/redraft", {"style": "", "instruction": ""})
        page = await answer.text()
    assert answer.status == 422
    assert page.count('class="not-taken"') == 1


async def test_a_draft_of_a_closed_case_is_not_called_a_reply() -> None:
    closed = advance(in_review(), e.CaseClosed(by="mark", outcome=e.Outcome.SPAM, reason="no"), at=NOON)
    async with visiting(a_team(closed)) as visitor:
        _, page = await visitor.get(CASE)
    assert "Draft, never sent</span> in English" in page


async def test_what_was_written_survives_its_button() -> None:
    closed = advance(in_review(), e.CaseClosed(by="mark", outcome=e.Outcome.SPAM, reason="no"), at=NOON)
    async with visiting(a_team(closed)) as visitor:
        answer = await visitor.post(f"{CASE}/escalate", {"to": "legal", "reason": "Is this a threat?"})
        page = await answer.text()
    assert answer.status == 409
    assert "too late: Mark made the last decision here (closed it)" in page.replace("Too", "too")
    assert "Is this a threat?" in page


async def test_a_record_that_is_away_confirms_nothing_and_loses_no_word() -> None:
    case = in_review()
    bot = a_team(case)
    async with visiting(bot) as visitor:
        await visitor.get("/")
        bot.reachable = False
        answer = await visitor.post(f"{CASE}/edit", {"draft": case.draft.id, "text": "My own words."})
        page = await answer.text()
        status, queue = await visitor.get("/")
    assert answer.status == 503
    assert "Not confirmed: the record cannot be reached." in page
    assert "My own words." in page
    assert f'name="draft" value="{case.draft.id}"' in page
    assert f'action="{CASE}/edit"' in page
    assert status == 503
    assert "The record cannot be reached. Nothing is lost" in queue


async def test_a_script_is_answered_in_json() -> None:
    case = in_review()
    bot = a_team(case)
    async with visiting(bot) as visitor:
        done = await visitor.post(f"{CASE}/claim", Accept="application/json")
        late = await visitor.post(f"{CASE}/undo", Accept="application/json")
        bad = await visitor.post(f"{CASE}/edit", {"text": "no draft named"}, Accept="application/json")
        bot.reachable = False
        away = await visitor.post(f"{CASE}/release", Accept="application/json")
        answers = [await one.json() for one in (done, late, bad, away)]
    assert [one.status for one in (done, late, bad, away)] == [200, 409, 422, 503]
    assert [answer["ok"] for answer in answers] == [True, False, False, False]
    assert answers[0]["card"]["status"] == "Rosa is on it"
    assert answers[1]["card"]["state"] == "in_review"
    assert "Not confirmed" in answers[3]["says"]


async def test_a_role_that_may_not_is_told_so_even_where_it_makes_the_form_itself() -> None:
    case = advance(in_review(), e.Claimed(by="mark", until=NOON + timedelta(minutes=5)), at=NOON)
    bot = a_team(case)
    async with visiting(bot) as visitor:
        answer = await visitor.post(f"{CASE}/take_over")
        assert "take over is not for your role" in (await answer.text()).replace("Take", "take")
    assert answer.status == 403
    assert bot.cases[case.id].claim.by == "mark"


async def test_a_form_cannot_smuggle_in_another_decision() -> None:
    case = in_review()
    bot = a_team(case)
    async with visiting(bot) as visitor:
        answer = await visitor.post(f"{CASE}/claim", {**seen(case), "kind": "approve"})
    assert answer.status == 422
    assert bot.cases[case.id].state is State.IN_REVIEW


async def test_somebody_else_decides_in_their_own_name() -> None:
    bot = a_team(in_review())
    async with visiting(bot) as visitor:
        await visitor.be("omar")
        await visitor.post(f"{CASE}/claim")
    assert bot.cases["square:100"].claim.by == "omar"


async def test_who_you_are_outlives_a_restart() -> None:
    bot = a_team(in_review())
    async with visiting(bot) as visitor:
        await visitor.be("omar")
        async with visiting(bot) as restarted:
            restarted.bring(visitor.cookies)
            await restarted.post(f"{CASE}/claim")
    assert bot.cases["square:100"].claim.by == "omar"


async def test_several_are_dismissed_with_one_reason_one_event_each() -> None:
    bot = a_team(in_review(), numbered(in_review(), 101), numbered(in_review(), 102))
    sent = {"case": ["square:100", "square:102"], "outcome": "spam", "reason": "the same bot"}
    async with visiting(bot) as visitor:
        answer = await visitor.post("/dismiss", sent)
        _, page = await visitor.get("/")
    assert answer.status == 303
    assert [bot.cases[f"square:{n}"].state.value for n in (100, 101, 102)] == [
        "closed",
        "in_review",
        "closed",
    ]
    assert [len(bot.entries[f"square:{n}"]) for n in (100, 102)] == [1, 1]
    assert "Dismissed 2 cases." in page


async def test_what_could_not_be_dismissed_is_named_and_the_reason_stays() -> None:
    held = advance(in_review(), e.Claimed(by="mark", until=NOON + timedelta(minutes=5)), at=NOON)
    bot = a_team(held, numbered(in_review(), 101), numbered(in_review(), 102))
    sent = {"case": [held.id, "square:101"], "outcome": "spam", "reason": "the same bot"}
    async with visiting(bot) as visitor:
        answer = await visitor.post("/dismiss", sent)
        page = await answer.text()
    assert answer.status == 409
    assert "Dismissed 1 case. 1 not: square:100: Mark holds this case" in page
    assert 'value="the same bot"' in page
    assert re.search(r'name="outcome" value="spam" required checked', page)


async def test_dismissing_nothing_asks_for_what_is_missing_and_keeps_the_rest() -> None:
    async with visiting(a_team(in_review())) as visitor:
        answer = await visitor.post("/dismiss", {"outcome": "spam", "reason": "the same bot"})
        page = await answer.text()
    assert answer.status == 422
    assert "Tick the cards to dismiss" in page
    assert 'value="the same bot"' in page


async def test_an_approval_that_needs_another_says_so() -> None:
    case = in_review()
    bot = a_team(case)
    bot.needs_two = True
    async with visiting(bot) as visitor:
        await visitor.post(f"{CASE}/approve", seen(case))
        _, page = await visitor.get("/")
    assert "Your approval is in, and a second person has to agree: Ada Park." in page
    assert f'action="{CASE}/second_approve"' not in page, "it is another person's to press"
