"""How the square keeps its posts: one SQLite file, one writer at a time, on disk before anybody is told."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.square.model import Account, Company, Event, Post

if TYPE_CHECKING:
    from collections.abc import Generator

# `of_interest` is sticky: a post that named the company once stays so, or its edit could hide it.
# AUTOINCREMENT keeps a number from ever being given out twice.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
    handle TEXT PRIMARY KEY COLLATE NOCASE,
    name TEXT,
    followers INTEGER NOT NULL DEFAULT 0,
    bio TEXT
);
CREATE TABLE IF NOT EXISTS posts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    author TEXT NOT NULL REFERENCES accounts (handle),
    text TEXT NOT NULL,
    language TEXT,
    created_at TEXT NOT NULL,
    edited_at TEXT,
    deleted_at TEXT,
    in_reply_to INTEGER REFERENCES posts (id),
    root INTEGER REFERENCES posts (id),
    revision INTEGER NOT NULL DEFAULT 1,
    key TEXT UNIQUE,
    via TEXT NOT NULL,
    of_interest INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS posts_by_root ON posts (root);
CREATE INDEX IF NOT EXISTS posts_by_author ON posts (author, id);
CREATE INDEX IF NOT EXISTS roots ON posts (id) WHERE root IS NULL;
CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    post INTEGER NOT NULL REFERENCES posts (id),
    of_interest INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS reports (
    key TEXT PRIMARY KEY,
    post INTEGER NOT NULL REFERENCES posts (id),
    at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS events_of_interest ON events (seq) WHERE of_interest;
"""

#: What came later: a file of before gets these columns, too.
_ADDED = {
    "posts": {
        "private_with": "TEXT REFERENCES accounts (handle) COLLATE NOCASE",
        "hidden": "INTEGER NOT NULL DEFAULT 0",
    },
    "accounts": {"muted_from": "INTEGER", "blocked": "INTEGER NOT NULL DEFAULT 0"},
}

_POST = (
    "p.*, a.handle, a.name, a.followers, a.bio, a.muted_from, a.blocked,"
    " (SELECT r.author FROM posts r WHERE r.id = p.root) AS page,"
    " EXISTS (SELECT 1 FROM reports t WHERE t.post = p.id) AS reported"
)
_FROM = "FROM posts p JOIN accounts a ON a.handle = p.author"

#: Another process may hold the file for this many seconds before a call gives up.
_PATIENCE = 10.0


class Records:
    """The file, and rows read into what the square speaks of. Safe from any thread."""

    def __init__(self, path: str | Path, company: Company) -> None:
        """Open the file at `path`, made with its folders when it is not there yet."""
        self._company = company
        self._lock = threading.RLock()
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        # A post that was acknowledged survives a power cut.
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.executescript(_SCHEMA)
        with self.one_step():
            for table, columns in _ADDED.items():
                known = {row["name"] for row in self.rows(f"PRAGMA table_info({table})")}
                for name in columns.keys() - known:
                    self.rows(f"ALTER TABLE {table} ADD COLUMN {name} {columns[name]}")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def one_step(self) -> Generator[None]:
        """Everything within happens, or nothing; nobody else writes meanwhile, not even another process."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Run one statement of ours; `values` fill its question marks."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def posts(self, clause: str, *values: Any) -> list[Post]:
        """Return the posts that `clause` (over `p`, a post, and `a`, its author) selects."""
        return [self._post(row) for row in self.rows(f"SELECT {_POST} {_FROM} {clause}", *values)]

    def accounts(self, clause: str, *values: Any) -> list[Account]:
        """Return the accounts that `clause` selects."""
        rows = self.rows(f"SELECT * FROM accounts {clause}", *values)  # noqa: S608 - clauses are ours, values bound
        return [self._account(row) for row in rows]

    def events(self, since: int, limit: int, *, private: bool) -> list[Event]:
        """Return events of interest after `since`; of a deleted post, its deletion alone."""
        rows = self.rows(
            f"SELECT e.seq, e.kind, {_POST} {_FROM} JOIN events e ON e.post = p.id"
            " WHERE e.seq > ? AND e.of_interest AND (p.deleted_at IS NULL OR e.kind = 'deleted')"
            " AND (? OR p.private_with IS NULL) AND (a.muted_from IS NULL OR e.seq <= a.muted_from)"
            " ORDER BY e.seq LIMIT ?",
            since,
            private,
            limit,
        )
        return [Event(row["seq"], row["kind"], self._post(row)) for row in rows]

    def newest_event(self) -> int:
        """Return the number of the newest event, 0 before the first."""
        return self.rows("SELECT coalesce(max(seq), 0) AS newest FROM events")[0]["newest"]

    def _account(self, row: sqlite3.Row) -> Account:
        is_company = row["handle"] == self._company.handle
        return Account(
            row["handle"],
            row["name"],
            row["followers"],
            row["bio"],
            is_company,
            muted=row["muted_from"] is not None,
            blocked=bool(row["blocked"]),
        )

    def _post(self, row: sqlite3.Row) -> Post:
        return Post(
            id=str(row["id"]),
            author=self._account(row),
            text=row["text"],
            language=row["language"],
            created_at=datetime.fromisoformat(row["created_at"]),
            edited_at=_time(row["edited_at"]),
            deleted_at=_time(row["deleted_at"]),
            in_reply_to=None if row["in_reply_to"] is None else str(row["in_reply_to"]),
            thread=str(row["root"] or row["id"]),
            revision=row["revision"],
            via=row["via"],
            tagged=self._company.tagged_in(row["text"]),
            private_with=row["private_with"],
            on_company_page=row["page"] == self._company.handle,
            hidden=bool(row["hidden"]),
            reported=bool(row["reported"]),
        )


def _time(value: Any) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)
