"""Bluesky's own network, once a session, and the people on it: `bluesky.mjs` starts it on loopback.

It needs Node, what `npm ci` installs here, and Debian's postgresql and redis-server. Everything lives in a
folder of its own and on sockets or free ports, and ends with the session.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import httpx2
import pytest

HERE = Path(__file__).parent
POSTS = "app.bsky.feed.post"
PASSWORD = "a-password-of-a-person"


@pytest.fixture(scope="session")
def network() -> Iterator[Network]:
    """The network, with nobody on it yet."""
    if os.environ.get("LEVELHEAD_PEERS") != "required":
        pytest.skip("Bluesky was NOT tried on its own network: 'make peers' does, in about half a minute")
    missing = [what for what, there in _needed().items() if not there]
    if missing:
        pytest.fail(f"Bluesky's network cannot be started without {', '.join(missing)}")
    with _running() as network:
        yield network


def _needed() -> dict[str, bool]:
    return {
        "node 20": shutil.which("node") is not None,
        "tests/peers/node_modules (npm ci)": (HERE / "node_modules/@atproto/dev-env").is_dir(),
        "redis-server (apt: redis-server)": shutil.which("redis-server") is not None,
        "postgres (apt: postgresql)": _postgres("initdb") is not None,
    }


def _postgres(program: str) -> str | None:
    """Return the newest of Debian's servers, which are on nobody's PATH."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda p: int(p.parts[-3]))
    return str(versions[-1]) if versions else shutil.which(program)


@contextmanager
def _running() -> Iterator[Network]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="lh-", ignore_cleanup_errors=True)))
        folder.chmod(0o711)  # the database's user passes through
        redis = ["redis-server", "--port", "0", "--unixsocket", f"{folder}/redis.sock", "--save", ""]
        stack.enter_context(_process([*redis, "--dir", str(folder)], folder / "redis.log"))
        there = {
            "DB_POSTGRES_URL": stack.enter_context(_database(folder)),
            "REDIS_HOST": f"{folder}/redis.sock",
            "TMPDIR": str(folder),
            "LOG_ENABLED": "false",
        }
        node = stack.enter_context(_process(["node", "bluesky.mjs"], folder / "node.log", **there))
        yield Network(node, folder / "node.log", **json.loads(_line(node, folder / "node.log")))


@contextmanager
def _database(folder: Path) -> Iterator[str]:
    """Run PostgreSQL on a socket; it refuses to run as root, and Debian brings a user for it."""
    home = folder / "postgres"
    home.mkdir()
    as_user: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(home, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    made = [_postgres("initdb") or "", "--no-sync", "--auth=trust", "-U", "postgres", "-D", f"{home}/data"]
    subprocess.run([*as_user, *made], check=True, capture_output=True, cwd=home)
    run = [_postgres("postgres") or "", "-D", f"{home}/data", "-k", str(home)]
    quickly = ["-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=100"]
    with _process([*as_user, *run, *quickly], folder / "postgres.log"):
        _until((home / ".s.PGSQL.5432").exists)
        yield f"postgresql://postgres@{str(home).replace('/', '%2F')}/postgres"


@contextmanager
def _process(command: list[str], log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program in a group of its own, which ends as a whole."""
    with log.open("wb") as told:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE if command[0] == "node" else told,
            stderr=told,
            cwd=HERE,
            env={**os.environ, **environment},
            start_new_session=True,
        )
    try:
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        _end(process, signal.SIGQUIT if "postgres" in log.name else signal.SIGTERM)
        if process.stdout:
            process.stdout.close()


def _end(process: subprocess.Popen[bytes], politely: signal.Signals) -> None:
    for sign, patience in ((politely, 15), (signal.SIGKILL, 5)):
        try:
            os.killpg(process.pid, sign)
            process.wait(patience)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue
        else:
            return


def _line(node: subprocess.Popen[bytes], log: Path, patience: float = 90) -> str:
    assert node.stdout is not None
    ready, _, _ = select.select([node.stdout], [], [], patience)
    line = node.stdout.readline() if ready else b""
    if not line:
        pytest.fail(f"Bluesky's network said nothing:\n{log.read_text(errors='replace')[-3000:]}")
    return line.decode()


def _until(true: Any, patience: float = 30) -> None:
    end = time.monotonic() + patience
    while not true():
        if time.monotonic() > end:
            pytest.fail("Bluesky's database did not start")
        time.sleep(0.05)


class Network:
    """Where it is: `pds`, where accounts live, and `appview`, which answers what the site shows."""

    def __init__(self, node: subprocess.Popen[bytes], log: Path, *, pds: str, appview: str) -> None:
        self._node, self._log, self.pds, self.appview = node, log, pds, appview

    def settle(self) -> None:
        """Wait until all that was written is shown."""
        assert self._node.stdin is not None
        self._node.stdin.write(b"settle\n")
        self._node.stdin.flush()
        assert _line(self._node, self._log).strip() == "settled"

    def person(self, name: str, shown: str = "") -> Person:
        """Somebody new, whose handle begins with `name`."""
        handle = f"{name}-{uuid4().hex[:6]}.test"  # its first part has at most 18 letters
        body = {"handle": handle, "email": f"{handle}@example.test", "password": PASSWORD}
        with httpx2.Client(base_url=f"{self.pds}/xrpc/", timeout=30, trust_env=False) as http:
            answer = _good(http.post("com.atproto.server.createAccount", json=body))
        person = Person(self, handle, answer["did"], answer["accessJwt"])
        profile = {"$type": "app.bsky.actor.profile", "displayName": shown}
        person.tell("com.atproto.repo.createRecord", repo=person.did, collection="app.bsky.actor.profile",
                    rkey="self", record=profile)  # fmt: skip
        self.settle()
        return person


@dataclass
class Person:
    """Somebody with a client of their own. What they do is shown when the call returns."""

    network: Network
    handle: str
    did: str
    token: str = field(repr=False)

    def tell(self, method: str, **body: Any) -> Any:
        with self._http() as http:
            return _good(http.post(method, json=body))

    def ask(self, method: str, **query: Any) -> Any:
        with self._http() as http:
            return _good(http.get(method, params=query))

    def _http(self) -> httpx2.Client:
        headers = {"Authorization": f"Bearer {self.token}"}
        base = f"{self.network.pds}/xrpc/"
        return httpx2.Client(base_url=base, headers=headers, timeout=30, trust_env=False)

    def app_password(self) -> str:
        """What an operator makes in the settings of the account."""
        return self.tell("com.atproto.server.createAppPassword", name=uuid4().hex[:8])["password"]

    def post(self, text: str, to: str | None = None, quoting: str | None = None, **more: Any) -> str:
        """Write; `@handle` of somebody in `people` becomes a mention. Returns the address of the post."""
        record = {"$type": POSTS, "text": text, "createdAt": datetime.now(UTC).isoformat(), "langs": ["en"]}
        marks = [_mark(text, person) for person in more.pop("people", ())]
        record |= {"facets": marks} if marks else {}
        record |= {"reply": self._reply(to)} if to else {}
        if quoting:
            record["embed"] = {"$type": "app.bsky.embed.record", "record": self._ref(quoting)}
        body = {"repo": self.did, "collection": POSTS, "record": {**record, **more}}
        uri = self.tell("com.atproto.repo.createRecord", **body)["uri"]
        self.network.settle()
        return uri

    def edit(self, uri: str, text: str) -> None:
        """Write over a post, which the site's own client does not offer, and the network does."""
        place = {"repo": self.did, "collection": POSTS, "rkey": _key(uri)}
        record = self.ask("com.atproto.repo.getRecord", **place)["value"]
        self.tell("com.atproto.repo.putRecord", **place, record={**record, "text": text})
        self.network.settle()

    def delete(self, uri: str) -> None:
        self.tell("com.atproto.repo.deleteRecord", repo=self.did, collection=POSTS, rkey=_key(uri))
        self.network.settle()

    def sees_below(self, uri: str) -> list[dict[str, Any]]:
        """Return the posts right below one, as this person's client shows them."""
        self.network.settle()
        replies = self.ask("app.bsky.feed.getPostThread", uri=uri)["thread"].get("replies", [])
        return [reply["post"] for reply in replies]

    def _post(self, uri: str) -> dict[str, Any]:
        return self.ask("app.bsky.feed.getPosts", uris=[uri])["posts"][0]

    def _ref(self, uri: str) -> dict[str, str]:
        return {"uri": uri, "cid": self._post(uri)["cid"]}

    def _reply(self, uri: str) -> dict[str, Any]:
        parent = self._post(uri)
        ref = {"uri": uri, "cid": parent["cid"]}
        return {"root": parent["record"].get("reply", {}).get("root", ref), "parent": ref}


def _key(uri: str) -> str:
    return uri.rsplit("/", maxsplit=1)[-1]


def _good(answer: httpx2.Response) -> Any:
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


def _mark(text: str, person: Person) -> dict[str, Any]:
    start = len(text[: text.index(f"@{person.handle}")].encode())
    feature = {"$type": "app.bsky.richtext.facet#mention", "did": person.did}
    index = {"byteStart": start, "byteEnd": start + len(person.handle) + 1}
    return {"index": index, "features": [feature]}
