"""Drafting: always a draft, never the same to a third person, never personal data to a writer."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations

import pytest

from bot.checks import alike
from bot.domain.case import State
from bot.domain.delivery import Mode
from bot.domain.draft import Purpose, Verdict
from bot.errors import PlatformRejected, PlatformSilent
from bot.flows.ingest import ingest
from bot.ports import Batch, Brief, Platform, Written
from tests.builders import MANAGER, a_mention, protocol
from tests.flows.houses import LATE, House

SAME = {
    "en": "@brightloaf my order came two hours late, terrible service",
    "es": "@brightloaf mi pedido llegó dos horas tarde, el servicio es pésimo",
    "de": "@brightloaf meine Bestellung kam zwei Stunden zu spät, der Service ist furchtbar",
    "fr": "@brightloaf ma commande est arrivée avec deux heures de retard, service lamentable",
    "it": "@brightloaf il mio ordine è arrivato con due ore di ritardo, servizio pessimo",
    "pt": "@brightloaf meu pedido chegou duas horas atrasado, péssimo atendimento",
    "tl": "@brightloaf dalawang oras late ang order ko, ang pangit ng serbisyo ninyo",
    "hi": "@brightloaf मेरा ऑर्डर दो घंटे देर से आया, बहुत खराब सर्विस है",
    "id": "@brightloaf pesanan saya telat dua jam, pelayanannya parah",
    "lv": "@brightloaf mans pasūtījums kavējās divas stundas, briesmīga apkalpošana",
    "tr": "@brightloaf siparişim iki saat geç geldi, servis berbat",
    "ur": "@brightloaf میرا آرڈر دو گھنٹے دیر سے آیا، بہت خراب سروس",
    "ar": "@brightloaf وصل طلبي متأخرا ساعتين، خدمة سيئة جدا",
}


class Recording:
    """A writer that remembers what it was told, and writes one and the same text."""

    def __init__(self, text: str = "Hello, thank you for telling us. We are sorry.") -> None:
        self.briefs: list[Brief] = []
        self._text = text

    async def write(self, brief: Brief) -> Written:
        self.briefs.append(brief)
        return Written(text=self._text, language="en", by="recording")


class DownWriter:
    """A writer that gives no answer."""

    async def write(self, brief: Brief) -> Written:
        raise PlatformSilent("the model gave no answer")


async def test_a_broken_writer_delays_no_card_and_the_card_says_so(house: House) -> None:
    house.change(writer=DownWriter())
    case = await house.hears()
    card = house.card(case)
    assert card.draft is not None
    assert card.draft.by == "offline"
    assert card.draft_note.startswith("the model could not write (the model gave no answer)")


async def test_no_personal_data_reaches_a_writer(house: House) -> None:
    writer = Recording()
    house.change(writer=writer)
    case = await house.hears("@brightloaf order late, awful! Call me: +44 20 7946 0958 or ada@mail.example")
    await house.post("@brightloaf my card is 4111 1111 1111 1111, hello?", to=case.mention.id)
    await house.reads()
    await house.works()
    case = await house.edits(await house.now(case), "Dear Ada, we write to ada@mail.example.", MANAGER)
    case = await house.press(case, "redraft", instruction="say that we call +44 20 7946 0958")
    await house.works()
    case = await house.press(case, "escalate", to="general", reason="an exception?")
    await house.press(case, "answer", MANAGER, text="Tell them to call 020 7946 0958.")
    await house.works()
    assert len(writer.briefs) >= 4
    for brief in writer.briefs:
        for secret in ("7946", "mail.example", "4111"):
            assert secret not in repr(brief), brief
    assert "[phone]" in writer.briefs[0].mention
    assert "[phone 2]" in writer.briefs[-1].answer  # another one than the author's
    assert writer.briefs[0].name == "Ada"
    assert "ada@" not in repr(writer.briefs[0])


async def test_the_instruction_the_answer_and_the_draft_before_reach_the_writer(house: House) -> None:
    writer = Recording()
    house.change(writer=writer)
    case = await house.hears()
    await house.press(case, "redraft", instruction="Make it warmer.")
    await house.works()
    assert writer.briefs[-1].instruction == "Make it warmer."
    assert writer.briefs[-1].previous == "Hello, thank you for telling us. We are sorry."
    case = await house.press(case, "escalate", to="technical", reason="when did it leave?")
    await house.press(case, "answer", MANAGER, text="The van had broken down.")
    await house.works()
    assert writer.briefs[-1].answer == "The van had broken down."
    assert writer.briefs[-1].instruction == ""


async def test_what_a_desk_wants_told_reaches_the_reader_and_not_the_writer(house: House) -> None:
    case = await house.hears()
    await house.press(case, "escalate", to="general", reason="where can they write?")
    await house.press(case, "answer", MANAGER, text="They can write to care@brightloaf.example any time.")
    await house.works()
    draft = (await house.now(case)).draft
    assert draft is not None
    assert "care@brightloaf.example" in draft.text


async def test_a_desks_answer_is_told_once_and_not_again_in_the_next_reply(house: House) -> None:
    case = await house.hears()
    case = await house.press(case, "escalate", to="technical", reason="when did it leave?")
    case = await house.press(case, "answer", MANAGER, text="The van had broken down on the bridge.")
    await house.works()
    case = await house.now(case)
    assert case.draft is not None
    assert "The van had broken down on the bridge." in case.draft.text
    await house.approves(case)
    await house.works(seconds=60)
    assert (await house.now(case)).state is State.PUBLISHED
    await house.works(hours=25)
    case = await house.now(case)
    assert (case.state, case.purpose) == (State.IN_REVIEW, Purpose.FOLLOW_UP)
    assert case.draft is not None
    assert "broken down" not in case.draft.text


async def test_a_person_is_called_by_their_name_and_never_by_a_handle(house: House) -> None:
    named = await house.hears(LATE, "ada", name="Ada Park")
    odd = await house.hears(LATE, "xx_dragon_99", name="★ xX_Dragon_Xx ★")
    bare = await house.hears(LATE, "xx_dragon_77", name=None)
    texts = [house.card(case).draft for case in (named, odd, bare)]
    assert texts[0] is not None
    assert "Ada" in texts[0].text
    for draft in texts[1:]:
        assert draft is not None
        assert "dragon" not in draft.text.casefold()


@pytest.mark.parametrize("language", SAME)
async def test_sixty_same_mentions_get_no_same_text_to_a_third_person(house: House, language: str) -> None:
    for n in range(60):
        await house.post(SAME[language], f"guest{n}", f"Guest {n}")
    await house.reads()
    await house.works()
    cases = [case async for case in house.store.all_cases()]
    drafts = [case.draft for case in cases if case.draft]
    assert len(drafts) == 60
    assert {draft.language for draft in drafts} == {language}
    near = dict.fromkeys(range(60), 0)
    for (a, one), (b, other) in combinations(enumerate(drafts), 2):
        if alike(one.text, other.text):
            near[a] += 1
            near[b] += 1
    assert max(near.values()) <= 1
    for case in cases:
        assert case.draft is not None
        assert not case.draft.findings_of(Verdict.BLOCK)
        assert (await house.approves(case)).state is State.APPROVED, "a draft of ours was blocked"


async def test_a_writer_that_repeats_itself_is_asked_again_and_told_what_to_avoid(house: House) -> None:
    writer = Recording()
    house.change(writer=writer)
    for n in range(3):
        await house.hears(LATE, f"guest{n}")
    assert [bool(brief.avoid) for brief in writer.briefs] == [False, False, False, True]
    assert set(writer.briefs[-1].avoid) == {"Hello, thank you for telling us. We are sorry."}


async def test_the_way_a_reply_takes_is_printed_with_its_reason(house: House) -> None:
    by_hand = Platform(name="hook", mode=Mode.ASSISTED, reason="no reply API", hosts=("reviews.example",))
    nowhere = Platform(name="blog", mode=Mode.REPORT_ONLY, reason="a blog without comments")
    house.change(platforms={"hook": by_hand, "blog": nowhere})
    items = tuple(a_mention(LATE, id=str(n), source=s) for n, s in enumerate(("hook", "blog", "left")))
    await ingest(Batch(items=items), parts=house.parts)
    await house.works()
    cases = {case.mention.source: case async for case in house.store.all_cases()}
    cards = {source: house.card(case) for source, case in cases.items()}
    assert (cards["hook"].delivery, cards["hook"].delivery_reason) == ("assisted", "no reply API")
    assert (cards["blog"].delivery, cards["blog"].delivery_reason) == (
        "report_only",
        "a blog without comments",
    )
    assert "the source 'left' is no longer configured" in cards["left"].delivery_reason
    assert "approve" in {a.decision for a in cards["hook"].actions}
    assert "approve" not in {a.decision for a in cards["blog"].actions}


async def test_a_step_that_dies_of_our_own_code_goes_to_a_person_after_five_tries(house: House) -> None:
    class Crashing:
        async def write(self, brief: Brief) -> Written:
            raise KeyError("a bug of ours")

    good = house.parts.writer
    house.change(writer=Crashing())
    case = await house.hears()
    for _ in range(4):
        assert await house.store.asides() == []
        await house.works(minutes=2)
    (aside,) = await house.store.asides()
    assert (aside.kind, aside.what, aside.reason) == (
        "draft",
        case.id,
        "KeyError in our own code; see the log",
    )
    await house.works(hours=1)
    assert (await house.now(case)).state is State.OPENED
    house.change(writer=good)
    assert await house.store.retry(case.id)
    await house.works()
    assert (await house.now(case)).state is State.IN_REVIEW
    assert await house.store.asides() == []


async def test_a_writer_that_says_no_is_stood_in_for_too(house: House) -> None:
    class Refusing:
        async def write(self, brief: Brief) -> Written:
            raise PlatformRejected("the content filter refused it")

    house.change(writer=Refusing())
    case = await house.hears()
    assert "the content filter refused it" in house.card(case).draft_note


async def test_texts_of_yesterday_are_forgotten(house: House) -> None:
    house.change(writer=Recording())
    for n in range(2):
        await house.hears(LATE, f"guest{n}")
    house.watch.move(hours=25)
    writer = Recording()
    house.change(writer=writer)
    await house.hears(LATE, "guest9")
    assert [brief.avoid for brief in writer.briefs] == [()]
    assert house.watch() - timedelta(hours=25) == (await house.case("1")).received_at


@pytest.mark.parametrize(
    "text",
    [
        "@brightloaf I am a journalist with the Gazette: why are your allergen labels wrong?",
        "@brightloaf my solicitor will write to you about the wrong charges on my card",
    ],
)
async def test_the_press_or_a_lawyer_is_answered_and_not_comforted(house: House, text: str) -> None:
    case = await house.hears(text)
    assert case.draft is not None
    assert case.assessment is not None
    assert case.assessment.risks
    ours = protocol().parts["en"]
    assert any(line in case.draft.text for line in ours.question.say)
    assert not [line for line in (*ours.apology, *ours.topics["general"]) if line in case.draft.text]
    assert "W2" not in {finding.rule for finding in case.draft.findings}


async def test_a_redraft_is_shown_against_what_it_was_and_an_edit_is_not(house: House) -> None:
    case = await house.hears()
    assert case.draft is not None
    first = case.draft.text
    await house.press(case, "redraft", style="shorter")
    await house.works()
    again = await house.now(case)
    assert again.draft is not None
    assert (again.draft_before, house.card(case).draft_before) == (first, first)
    assert again.draft.text != first
    await house.edits(again, first)
    assert (await house.now(case)).draft_before == ""
