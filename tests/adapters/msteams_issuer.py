"""The fake Microsoft's identity: it signs what Teams sends, publishes the keys, and gives out tokens to bots.

Pages: learn.microsoft.com/en-us/azure/bot-service/rest-api/bot-framework-rest-connector-authentication.
"""

from __future__ import annotations

import json
import time
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import uuid4

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

if TYPE_CHECKING:
    from tests.adapters.msteams import Teams

Json: TypeAlias = dict[str, Any]
ISSUER = "https://api.botframework.com"
SCOPE = "https://api.botframework.com/.default"


@cache
def private_key(number: int) -> RSAPrivateKey:
    """Return one of some keys: they take long to make, so every fake of a process uses the same."""
    return generate_private_key(65537, 2048)


class Issuer:
    """Signing keys that change, and tokens that expire."""

    def __init__(self, teams: Teams) -> None:
        self._teams = teams
        self._number = 0
        self.endorsements: list[str] = ["msteams"]
        self.tokens: dict[str, float] = {}  # what we gave out, until when
        self.seconds = 3600  # for which a token is good

    @property
    def kid(self) -> str:
        return f"key-{self._number}"

    @property
    def key(self) -> RSAPrivateKey:
        return private_key(self._number)

    def rotate(self) -> None:
        self._number += 1

    def signed(self, claims: Json, *, key: Any = None, kid: str | None = None, alg: str = "RS256") -> str:
        """Return a token; a claim that is `None` is left out."""
        kept = {name: value for name, value in claims.items() if value is not None}
        own = self.key if key is None and alg == "RS256" else key
        return jwt.encode(kept, own, alg, headers={"kid": self.kid if kid is None else kid})

    def is_good(self, header: str) -> bool:
        """Whether a bot came with a token of ours that has not expired."""
        return self.tokens.get(header.removeprefix("Bearer "), 0.0) > time.time()

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/v1/.well-known/openidconfiguration", self._metadata),
            web.get("/v1/.well-known/keys", self._keys),
            web.post("/login/{tenant}/oauth2/v2.0/token", self._token),
        ]

    async def _metadata(self, request: web.Request) -> web.Response:
        where = f"{self._teams.url}/v1/.well-known/keys"
        return web.json_response({
            "issuer": ISSUER, "jwks_uri": where, "id_token_signing_alg_values_supported": ["RS256"],
        })  # fmt: skip

    async def _keys(self, request: web.Request) -> web.Response:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        more = {"kid": self.kid, "use": "sig", "endorsements": self.endorsements}
        return web.json_response({"keys": [public | more]})

    async def _token(self, request: web.Request) -> web.Response:
        form, settings = await request.post(), self._teams.settings()
        if request.match_info["tenant"] != settings.tenant:
            return _no("invalid_request", "AADSTS90002: Tenant not found", 400)
        if form.get("client_id") != settings.app_id:
            return _no("unauthorized_client", "AADSTS700016: Application was not found", 400)
        if form.get("client_secret") != settings.secret:
            return _no("invalid_client", "AADSTS7000215: Invalid client secret provided", 401)
        if form.get("grant_type") != "client_credentials" or form.get("scope") != SCOPE:
            return _no("invalid_scope", "AADSTS70011: The provided value for scope is not valid", 400)
        token = f"a-token-{uuid4().hex}"
        self.tokens[token] = time.time() + self.seconds
        return web.json_response({
            "token_type": "Bearer", "expires_in": self.seconds, "ext_expires_in": self.seconds,
            "access_token": token,
        })  # fmt: skip


def _no(error: str, words: str, status: int) -> web.Response:
    codes = [int(words.partition(":")[0].removeprefix("AADSTS"))]
    body = {"error": error, "error_description": words, "error_codes": codes}
    return web.json_response(body, status=status)
