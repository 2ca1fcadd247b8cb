"""Fills the templates, and gives each page what all of them need: who is here, the token, the last answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from adapters.chat.console import cards, words
from adapters.chat.console.guard import FRESH, SESSION
from bot.domain.team import Role

if TYPE_CHECKING:
    from adapters.chat.console.sessions import Session, Sessions
    from adapters.chat.console.settings import ConsoleSettings
    from bot.domain.card import Card
    from bot.domain.team import Person
    from bot.ports import Bot, Clock, Today

_HERE = Path(__file__).parent
_SAID = "levelhead_said"
_SHOWN = frozenset({"draft", "context"})
#: A cookie holds 4 KiB; in the longest script of ours this many characters fit with room to spare.
_SAID_MOST = 600
_LANGUAGES = {
    "en": "English", "es": "Spanish", "de": "German", "fr": "French", "it": "Italian", "pt": "Portuguese",
    "tr": "Turkish", "ur": "Urdu", "ar": "Arabic", "lv": "Latvian", "tl": "Tagalog", "hi": "Hindi",
    "id": "Indonesian", "und": "a language we cannot tell",
}  # fmt: skip
#: What the console itself calls its pages: nobody is sent anywhere else after a press.
_OWN_PAGE = re.compile(r"/(?:case/[!-~]+|search|today|help|bring-in)?(?:\?[!-~]*)?\Z")


@dataclass(frozen=True, slots=True)
class Form:
    """What a form sent: its fields, the cases ticked in it, its token and the page it stood on."""

    fields: Mapping[str, str]
    cases: tuple[str, ...]
    token: str = field(repr=False)
    back: str

    @property
    def words(self) -> dict[str, str]:
        """What a person wrote or chose, without what the page put there to say what it had shown."""
        return {name: value for name, value in self.fields.items() if name not in _SHOWN and value}


class View:
    """The pages' templates, and the cookies that go with every answer."""

    def __init__(self, bot: Bot, settings: ConsoleSettings, sessions: Sessions, clock: Clock) -> None:
        """Templates are read once, from beside this file."""
        self.bot, self.settings, self.sessions, self.clock = bot, settings, sessions, clock
        self.templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            auto_reload=False,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        cast("dict[str, Any]", self.templates.filters).update(
            shown=words.shown,
            said=words.said,
            plain=words.plain,
            opening=words.opening,
            direction=words.direction,
            when=_when,
            verdict=cards.verdict_word,
            web=cards.safe_url,
            spoken=_spoken,
            language=_language,
        )
        cast("dict[str, Any]", self.templates.globals).update(
            company=settings.company, sign_in=settings.sign_in, long=words.LONG, square=""
        )
        for name in self.templates.list_templates():
            # All of them now: an upgrade beside a running bot must not mix new pages with old code.
            self.templates.get_template(name)

    def viewer(self, request: web.Request) -> Person | None:
        """Return who is here; in the demo somebody who has not chosen yet is the first responder."""
        session = request[SESSION]
        team = self.bot.team
        if session.person is not None and (person := team.person(session.person)):
            return person
        if self.settings.sign_in == "choose":
            return next((p for p in team.people if Role.RESPONDER in p.roles), team.people[0])
        return None

    async def framed(self, request: web.Request, name: str, person: Person, **values: Any) -> web.Response:
        """Return a page with the frame a person works in; raises `StoreUnavailable`."""
        # Before anything is read: what changes while the page is being made is told to it at once.
        revision = await self.bot.revision()
        today: Today = values.pop("today", None) or await self.bot.today(person)
        return self.page(request, name, me=person, revision=revision, today=today, **values)

    def page(self, request: web.Request, name: str, *, status: int = 200, **values: Any) -> web.Response:
        """Return the page `name`; without `me` it has no cards, no counts and no buttons of the team's."""
        session, at = request[SESSION], self.clock()
        said = self._said(request, at)
        frame: dict[str, Any] = {
            "me": None,
            "revision": None,
            "today": None,
            "back": own_page(request.path_qs if request.method == "GET" else "/"),
            "flash": said,
            "csrf": self.sessions.token(session),
            "people": self.bot.team.people,
            "shadow": self.bot.shadow,
            "signed_in": session.person is not None,
            "now": at,
            "status": status,
        }
        text = self.templates.get_template(name).render(frame | values)
        response = web.Response(text=text, status=status, content_type="text/html")
        if said:
            response.del_cookie(_SAID, path="/")
        if request[FRESH]:
            self.remember(response, session)
        return response

    def problem(self, request: web.Request, status: int, says: str) -> web.Response:
        """Return a page, or JSON, that says what went wrong."""
        return self.kept(request, status, says, None)

    def kept(
        self, request: web.Request, status: int, says: str, form: Form | None, *, again: bool = False
    ) -> web.Response:
        """Return what went wrong, with every word of `form`; `again` offers to send it once more."""
        if wants_json(request):
            return web.json_response({"ok": False, "says": says, "card": None}, status=status)
        back = form.back if form else "/"
        action = request.path_qs if again else ""
        return self.page(
            request, "problem.html", status=status, says=says, form=form, back=back, action=action
        )

    def done(self, request: web.Request, says: str, back: str, *, card: Card | None = None) -> web.Response:
        """Answer a press that counted: back to the page it came from, with a word of what happened."""
        if wants_json(request):
            drawn = card.model_dump(mode="json") if card else None
            return web.json_response({"ok": True, "says": says, "card": drawn})
        anchor = f"#{cards.anchor(card.case_id)}" if card else ""
        response = web.Response(status=303, headers={"Location": f"{own_page(back)}{anchor}"})
        path = cards.case_path(card.case_id) if card else ""
        sealed = self.sessions.put_away({"says": says[:_SAID_MOST], "path": path}, self.clock())
        self._cookie(response, _SAID, sealed)
        return response

    def remember(self, response: web.Response, session: Session) -> None:
        """Give the browser its session."""
        sealed = self.sessions.write(session, self.clock())
        self._cookie(response, self.settings.cookie, sealed, int(self.settings.session_for.total_seconds()))

    def _cookie(self, response: web.Response, name: str, value: str, seconds: int | None = None) -> None:
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path="/",
            httponly=True,
            samesite="Strict",
            secure=self.settings.secure,
        )

    def _said(self, request: web.Request, at: datetime) -> Mapping[str, str] | None:
        # A page that looks for itself, behind the reader's back, leaves the words for the one they asked for.
        if request.method != "GET" or request.headers.get("X-Live"):
            return None
        return self.sessions.take_out(request.cookies.get(_SAID), at)


def wants_json(request: web.Request) -> bool:
    """Whether a script asks: a browser names HTML first."""
    accepted = request.headers.get("Accept", "")
    return "application/json" in accepted and "text/html" not in accepted


def own_page(path: str) -> str:
    """Return `path` if it is a page of the console's, else its first page."""
    return path if _OWN_PAGE.match(path) else "/"


def _spoken(word: str) -> str:
    return word.replace("_", " ")


def _language(code: str) -> str:
    return _LANGUAGES.get(code, code)


def _when(at: datetime | None, *, exact: bool = False) -> Markup:
    """A moment, in UTC for a reader without scripts; a small script shows it in the reader's own zone."""
    if at is None:
        return Markup("never")
    stamp = at.isoformat(timespec="seconds")
    clock = f"{at:%H:%M:%S}" if exact else f"{at:%H:%M}"
    kind = Markup(" data-exact") if exact else ""
    return Markup('<time datetime="{}"{}>{} {:%b}, {} UTC</time>').format(stamp, kind, at.day, at, clock)
