"""Who is at the browser: signed cookies, form tokens and sign-in links. Nothing of it is kept on our side."""

from __future__ import annotations

import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, cast
from urllib.parse import quote

from adapters.chat.console.settings import SignIn
from bot.errors import BadInput

#: How long a sign-in link works.
LINK_FOR = timedelta(minutes=15)

_LINK = "sign-in"


@dataclass(frozen=True, slots=True)
class Session:
    """One browser. `person` is `None` for somebody who has not signed in, or not chosen."""

    id: str
    person: str | None = None

    @classmethod
    def new(cls, person: str | None = None) -> Session:
        """Return a session nobody can guess; a new one at each sign-in, so that an old ID is worthless."""
        return cls(id=secrets.token_urlsafe(16), person=person)


@dataclass(frozen=True, slots=True)
class Sessions:
    """Reads and writes what a browser carries. What one mode of sign-in wrote is worthless in the other."""

    secret: str = field(repr=False)
    mode: SignIn
    keep: timedelta

    def read(self, cookie: str | None, at: datetime) -> Session | None:
        """Return the session a cookie carries, `None` unless it is ours and still good."""
        found = _open(self.secret, f"session:{self.mode}", cookie or "", at)
        return Session(id=found["id"], person=found["person"]) if found else None

    def write(self, session: Session, at: datetime) -> str:
        """Return the cookie that carries `session`."""
        content = {"id": session.id, "person": session.person}
        return _seal(self.secret, f"session:{self.mode}", content, at + self.keep)

    def token(self, session: Session) -> str:
        """Return what every form of this session must carry."""
        return hmac.new(self.secret.encode(), f"form:{session.id}".encode(), sha256).hexdigest()

    def is_right(self, session: Session, token: str) -> bool:
        """Whether a form came from one of this session's own pages."""
        return hmac.compare_digest(self.token(session).encode(), token.encode("utf-8", "replace"))

    def put_away(self, words: Mapping[str, str], at: datetime) -> str:
        """Return a cookie that carries a few words to the next page."""
        return _seal(self.secret, "said", dict(words), at + timedelta(minutes=1))

    def take_out(self, cookie: str | None, at: datetime) -> Mapping[str, str] | None:
        """Return the words the last answer left."""
        return _open(self.secret, "said", cookie or "", at)


def sign_in_link(secret: str, person_id: str, at: datetime, base_url: str) -> str:
    """Return a personal link that signs `person_id` in once, within a quarter of an hour from `at`.

    `base_url` is how a browser reaches the console, as `http://127.0.0.1:8080`.
    """
    content = {"person": person_id, "once": secrets.token_urlsafe(9)}
    token = _seal(secret, _LINK, content, at + LINK_FOR)
    return f"{base_url.rstrip('/')}/sign-in?token={quote(token)}"


class Links:
    """Sign-in links as they come back: each works once in the life of this process."""

    def __init__(self, secret: str) -> None:
        """`secret` is the one they were signed with."""
        self._secret = secret
        self._used: dict[str, datetime] = {}

    def person(self, token: str, at: datetime) -> str:
        """Return whom a link signs in; raises `BadInput` when it is not good or not any more."""
        found = _open(self._secret, _LINK, token, at)
        if found is None or found["once"] in self._used:
            raise BadInput("this link has expired or was used before; ask for a new one")
        return str(found["person"])

    def use(self, token: str, at: datetime) -> str:
        """Return whom it signs in, and take it out of use."""
        person = self.person(token, at)
        self._used = {once: until for once, until in self._used.items() if until > at}
        content = _open(self._secret, _LINK, token, at) or {}
        self._used[str(content["once"])] = at + LINK_FOR
        return person


def _seal(secret: str, purpose: str, content: Mapping[str, Any], until: datetime) -> str:
    raw = json.dumps({**content, "until": int(until.timestamp())}, ensure_ascii=False, separators=(",", ":"))
    body = urlsafe_b64encode(raw.encode()).decode().rstrip("=")
    return f"{body}.{_signature(secret, purpose, body)}"


def _open(secret: str, purpose: str, sealed: str, at: datetime) -> dict[str, Any] | None:
    body, _, signature = sealed.partition(".")
    expected = _signature(secret, purpose, body)
    if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
        return None
    try:
        content = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (BadBase64, ValueError):
        return None
    return cast("dict[str, Any]", content) if content["until"] > at.timestamp() else None


def _signature(secret: str, purpose: str, body: str) -> str:
    # The purpose is signed too: a word left for the next page can never pass as a session.
    return hmac.new(secret.encode(), f"{purpose}\n{body}".encode("utf-8", "replace"), sha256).hexdigest()
