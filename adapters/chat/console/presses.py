"""What people do: every form comes in here, and every word in it is either taken or shown again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from aiohttp import web

from adapters.chat.console.cards import Typed, case_path
from adapters.chat.console.guard import NOT_CONFIRMED, SESSION, is_own_page
from adapters.chat.console.pages import Several
from adapters.chat.console.sessions import Links, Session
from adapters.chat.console.view import Form, wants_json
from bot.domain.case import State
from bot.domain.draft import Verdict
from bot.domain.forms import read_form
from bot.errors import BadInput, StoreUnavailable
from bot.ports import Pasted, Press, Redraw, Refusal

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

    from adapters.chat.console.pages import Pages
    from adapters.chat.console.view import View
    from bot.domain.card import Card
    from bot.domain.team import Person

Taken = Callable[[web.Request, "Person", Form], Awaitable[web.Response]]

#: What a browser's form without files sends; every other kind is one more parser for strangers to try.
_FORM = "application/x-www-form-urlencoded"

_TOO_OLD = "This page was too old, so nothing was taken. Open it again; what you wrote stands below."
_NOT_OURS = "The form came without the token of a page of yours, so nothing was taken. Reload the page."
_SIGNED_OUT = "You are not signed in any more, so nothing was taken. What you wrote stands below."

_DONE = {
    "approve": "Approved", "second_approve": "Agreed", "edit": "Your text is in, and checked",
    "redraft": "A new draft was asked for", "escalate": "Escalated", "acknowledge": "Noted, you are on it",
    "answer": "Your answer goes into the next draft", "claim": "It is yours", "release": "Released",
    "take_over": "Taken over", "snooze": "Snoozed", "silence": "Closed in silence", "dismiss": "Dismissed",
    "correct": "Corrected", "undo": "Undone, nothing was sent", "posted": "Noted as live",
    "not_posted": "Noted as not posted", "fold": "Folded", "unfold": "Unfolded", "resolve": "Resolved",
    "reopen": "Reopened", "take_private": "A private message is being drafted",
    "retract": "It is being taken down", "taken_down": "Noted as taken down", "left_up": "It stays",
    "moderate": "The platform is being asked",
}  # fmt: skip


class Presses:
    """The console's forms."""

    def __init__(self, view: View, pages: Pages) -> None:
        """`pages` show again what was not taken."""
        self._view, self._bot, self._pages = view, view.bot, pages
        self._links = Links(view.settings.secret)

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return the forms' routes; how one says who they are depends on the mode of sign-in."""
        own = [
            web.post("/case/{id:.+}/{decision:[a-z_]+}", self._taken(self.press)),
            web.post("/dismiss", self._taken(self.dismiss)),
            web.post("/bring-in", self._taken(self.bring_in)),
            web.post("/pause", self._taken(self.pause)),
            web.post("/resume", self._taken(self.resume)),
            web.post("/sign-out", self._taken(self.sign_out)),
        ]
        if self._view.settings.sign_in == "choose":
            return [*own, web.post("/who", self._taken(self.choose))]
        return [*own, web.get("/sign-in", self.ask_sign_in), web.post("/sign-in", self.sign_in)]

    def _taken(self, take: Taken) -> Handler:
        """Let a form in: its token must be right and its sender known."""

        async def taken(request: web.Request) -> web.StreamResponse:
            form = await _read(request)
            if not self._view.sessions.is_right(request[SESSION], form.token):
                # Shown again only to a page of ours: else another site could prepare a decision to confirm.
                ours = is_own_page(request)
                return self._view.kept(request, 403, _TOO_OLD if ours else _NOT_OURS, form if ours else None)
            person = self._view.viewer(request)
            if person is None:
                return self._view.kept(request, 403, _SIGNED_OUT, form)
            try:
                return await take(request, person, form)
            except StoreUnavailable:
                return self._view.kept(request, 503, NOT_CONFIRMED, form, again=True)

        return taken

    async def press(self, request: web.Request, person: Person, form: Form) -> web.Response:
        """Take a decision on one case."""
        case_id, kind = request.match_info["id"], request.match_info["decision"]
        try:
            decision = read_form(kind, form.fields, at=self._view.clock())
        except BadInput as bad:
            return await self._again(request, person, form, 422, Refusal(str(bad)))
        if not person.may(kind):
            words = f"{kind.replace('_', ' ')} is not for your role; ask a colleague who may"
            return await self._again(request, person, form, 403, Refusal(words))
        answer = await self._bot.press(Press(case_id=case_id, decision=decision, by=person.id))
        if isinstance(answer, Refusal):
            return await self._again(request, person, form, 409 if answer.confirmed else 503, answer)
        return self._view.done(request, _said(kind, answer.card), form.back, card=answer.card)

    async def _again(
        self, request: web.Request, person: Person, form: Form, status: int, refusal: Refusal
    ) -> web.Response:
        """Show the case as it stands, with the form open as it was sent and the reason above it."""
        says = _sentence(refusal.says)
        if not refusal.confirmed:
            return self._view.kept(request, status, says, form, again=True)
        card = refusal.card or await self._bot.card(request.match_info["id"], person)
        if wants_json(request):
            return _refused(status, says, card)
        if card is None:
            return self._view.kept(request, 404, says, form)
        typed = Typed(request.match_info["decision"], form.words, says)
        return await self._pages.show_case(request, person, card, status=status, typed=typed, back=form.back)

    async def dismiss(self, request: web.Request, person: Person, form: Form) -> web.Response:
        """Dismiss the ticked cases with one reason."""
        outcome, reason = form.fields.get("outcome", ""), form.fields.get("reason", "").strip()
        picked = frozenset(form.cases)
        if not (picked and outcome and reason):
            says = "Tick the cards to dismiss, choose what they are, and give a reason."
            return await self._several(request, person, form, 422, Several(says, picked, outcome, reason))
        try:
            answers = await self._bot.dismiss_many(form.cases, outcome=outcome, reason=reason, by=person.id)
        except BadInput as bad:
            again = Several(_sentence(str(bad)), picked, outcome, reason)
            return await self._several(request, person, form, 422, again)
        refused = {case_id: a for case_id, a in answers.items() if isinstance(a, Refusal)}
        says = _counted(answers)
        if not refused:
            return self._view.done(request, says, form.back)
        status = 409 if all(a.confirmed for a in refused.values()) else 503
        return await self._several(
            request, person, form, status, Several(says, frozenset(refused), outcome, reason)
        )

    async def _several(
        self, request: web.Request, person: Person, form: Form, status: int, several: Several
    ) -> web.Response:
        if wants_json(request):
            return _refused(status, several.says, None)
        return await self._pages.show_queue(request, person, status=status, several=several, back=form.back)

    async def bring_in(self, request: web.Request, person: Person, form: Form) -> web.Response:
        """Make a case of a post that somebody found."""
        typed = {name: form.fields.get(name, "") for name in ("text", "url", "author", "platform")}
        answer = await self._bot.bring_in(Pasted(**typed), person)
        if isinstance(answer, Redraw):
            path = case_path(answer.card.case_id)
            says = "It is a case already" if answer.already else "It is a case now"
            return self._view.done(request, says, path, card=answer.card)
        status, says = (422, _sentence(answer.says)) if answer.confirmed else (503, NOT_CONFIRMED)
        if wants_json(request):
            return _refused(status, says, None)
        return await self._pages.bring_in(request, person, status=status, says=says, typed=typed)

    async def pause(self, request: web.Request, person: Person, form: Form) -> web.Response:
        """Stop publishing for everybody."""
        says = "Publishing is paused: approved replies wait until a manager resumes it."
        return self._switched(request, form, says, await self._bot.pause(person))

    async def resume(self, request: web.Request, person: Person, form: Form) -> web.Response:
        """Go on publishing."""
        return self._switched(request, form, "Publishing goes on.", await self._bot.resume(person))

    def _switched(self, request: web.Request, form: Form, says: str, refusal: Refusal | None) -> web.Response:
        if refusal is None:
            return self._view.done(request, says, form.back)
        return self._view.kept(request, 403 if refusal.confirmed else 503, _sentence(refusal.says), None)

    async def choose(self, request: web.Request, _: Person, form: Form) -> web.Response:
        """Be one of the demo's people."""
        person = self._bot.team.person(form.fields.get("person", ""))
        if person is None:
            return self._view.kept(request, 422, "Nobody on the team has that ID.", None)
        response = self._view.done(request, f"You are {person.name} now.", form.back)
        self._view.remember(response, Session.new(person.id))
        return response

    async def ask_sign_in(self, request: web.Request) -> web.Response:
        """Show whom a link signs in. The button does it: a chat that looks into links must not use one up."""
        token, how = request.query.get("token", ""), self._view.settings.how_to_sign_in
        if not token:
            return self._view.page(request, "sign_in.html", how=how, whom="", token="")
        try:
            name = self._bot.team.name(self._links.person(token, self._view.clock()))
        except BadInput as bad:
            return self._view.problem(request, 403, f"{_sentence(str(bad))} {how}")
        return self._view.page(request, "sign_in.html", how=how, whom=name, token=token)

    async def sign_in(self, request: web.Request) -> web.Response:
        """Sign in whom the link names, once."""
        form = await _read(request)
        if not self._view.sessions.is_right(request[SESSION], form.token):
            return self._view.problem(request, 403, _NOT_OURS)
        try:
            person_id = self._links.use(form.fields.get("token", ""), self._view.clock())
        except BadInput as bad:
            return self._view.problem(
                request, 403, f"{_sentence(str(bad))} {self._view.settings.how_to_sign_in}"
            )
        if self._bot.team.person(person_id) is None:
            return self._view.problem(request, 403, "You are not on the team's list any more.")
        response = self._view.done(request, f"Signed in as {self._bot.team.name(person_id)}.", "/")
        self._view.remember(response, Session.new(person_id))
        return response

    async def sign_out(self, request: web.Request, _: Person, form: Form) -> web.Response:
        """Forget who is at this browser."""
        response = self._view.done(request, "Signed out.", form.back)
        response.del_cookie(self._view.settings.cookie, path="/")
        return response


async def _read(request: web.Request) -> Form:
    if request.can_read_body and request.content_type != _FORM:
        raise BadInput(f"the body is {request.content_type[:60]!r}; expected a form ({_FORM})")
    try:
        sent = await request.post()
    except (ValueError, LookupError) as error:
        raise BadInput("expected a form in UTF-8") from error
    # A browser sends every line break as two characters; a text nobody touched must stay the same text.
    pairs = [(n, v.replace("\r\n", "\n").replace("\r", "\n")) for n, v in sent.items() if isinstance(v, str)]
    fields = dict(reversed(pairs))
    token = request.headers.get("X-CSRF-Token") or fields.get("csrf", "")
    own = {name: value for name, value in fields.items() if name not in {"csrf", "back", "case", "kind"}}
    cases = tuple(value for name, value in pairs if name == "case" and value)
    return Form(fields=own, cases=cases, token=token, back=fields.get("back", "/"))


def _said(kind: str, card: Card) -> str:
    """What was done, once and for all: how the case stands is on its card, which goes on changing."""
    done = _DONE.get(kind, "Done")
    if kind == "approve" and card.state is State.IN_REVIEW:
        done = "Your approval is in, and a second person has to agree"
    blocks = [f.rule for f in card.findings if f.verdict is Verdict.BLOCK]
    if kind == "edit" and blocks:
        done = f"Your text is in, but {', '.join(blocks)} blocks it: nobody can send it so"
    return f"{done}: {card.author}."


def _refused(status: int, says: str, card: Card | None) -> web.Response:
    drawn = card.model_dump(mode="json") if card else None
    return web.json_response({"ok": False, "says": says, "card": drawn}, status=status)


def _counted(answers: Mapping[str, Redraw | Refusal]) -> str:
    refused = {case_id: answer.says for case_id, answer in answers.items() if isinstance(answer, Refusal)}
    done = len(answers) - len(refused)
    says = f"Dismissed {done} {'case' if done == 1 else 'cases'}."
    if refused:
        says += f" {len(refused)} not: " + " ".join(
            f"{case_id}: {_sentence(why)}" for case_id, why in refused.items()
        )
    return says


def _sentence(words: str) -> str:
    """An error's words as a sentence for a page: they are written to stand inside another one."""
    words = words[:1].upper() + words[1:]
    return words if words.endswith((".", "!", "?")) else f"{words}."
