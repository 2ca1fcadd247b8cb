"""A post that somebody found, brought in by a plain form: a case, or every word stands there again."""

from __future__ import annotations

from tests.adapters.consoles import TeamAtWork, visiting
from tests.builders import Watch

FOUND = {
    "text": "Cold bread <b>again</b>", "url": "https://forum.example/t/17", "author": "Zoe", "platform": "",
}  # fmt: skip


async def test_what_somebody_found_becomes_a_case_and_its_page_opens() -> None:
    bot = TeamAtWork(Watch())
    async with visiting(bot) as visitor:
        status, page = await visitor.get("/bring-in")
        answer = await visitor.post("/bring-in", FOUND)
        assert (answer.status, answer.headers["Location"].split("#")[0]) == (303, "/case/pasted:found")
        _, case = await visitor.get("/case/pasted:found")
    assert status == 200
    assert page.count("<label") >= 4, "each field says what it is for"
    assert bot.cases["pasted:found"].mention.text == "Cold bread <b>again</b>"
    assert "It is a case now" in case
    assert "<b>again" not in case


async def test_what_is_not_taken_stands_there_again_with_the_reason() -> None:
    async with visiting(TeamAtWork(Watch())) as visitor:
        answer = await visitor.post("/bring-in", {**FOUND, "text": " ", "author": '"><script>'})
        page = await answer.text()
    assert answer.status == 422
    assert 'role="alert"' in page
    assert "What did they write?" in page
    assert 'value="https://forum.example/t/17"' in page
    assert "<script>" not in page


async def test_with_the_record_away_it_says_so_and_keeps_every_word() -> None:
    bot = TeamAtWork(Watch())
    async with visiting(bot) as visitor:
        await visitor.get("/bring-in")
        bot.reachable = False
        answer = await visitor.post("/bring-in", FOUND)
        page = await answer.text()
    assert answer.status == 503
    assert "Cold bread &lt;b&gt;again&lt;/b&gt;" in page
    assert bot.cases == {}
