"""Sessions of browsers: `.kgpub/sessions.sqlite`, which all processes that serve share.

They lie on disk, so that signing out ends a session for whoever has a copy of its cookie too, and
a restart ends none. What is kept is a digest of the cookie: whoever reads the file cannot sign in.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from kgpub.submissions.database import Database
from kgpub.submissions.submission import Account

FILE = "sessions.sqlite"
_SECRET_BYTES = 32
_SECRET_LENGTH = 43
"""Characters of a secret in base64url, without padding."""
_MOST_OF_ONE = 20
"""Sessions of one account; the oldest end."""
_MOST = 10_000
_VERSION = 1
_TABLES = (
    "CREATE TABLE session (digest TEXT PRIMARY KEY, account TEXT NOT NULL, name TEXT NOT NULL,"
    " token TEXT NOT NULL, claims TEXT NOT NULL, begun TEXT NOT NULL, ends TEXT NOT NULL)"
    " WITHOUT ROWID",
    "CREATE INDEX session_by_account ON session (account, begun)",
    "CREATE INDEX session_by_begin ON session (begun)",
    "CREATE TABLE key (key BLOB NOT NULL)",
)


@dataclass(frozen=True)
class SignedIn:
    """Who has signed in: with a token, whose identifier `token` is, or by OpenID Connect ("").

    `claims` are what OpenID Connect tells of them, see `Granted`.
    """

    account: Account
    token: str = ""
    claims: frozenset[str] = frozenset()


class Sessions:
    """The sessions of the workspace whose state lies in `folder`; each holds for `life`.

    `now` is the time, `random` gives so many random bytes. Methods raise StoreError.
    """

    def __init__(
        self,
        folder: Path,
        now: Callable[[], datetime],
        random: Callable[[int], bytes],
        life: timedelta,
    ) -> None:
        self._database = Database(folder / FILE, _VERSION, _TABLES)
        self._now = now
        self._random = random
        self._life = life
        self._key = b""

    def begin(self, who: SignedIn) -> str:
        """Return the secret of a new session, for a cookie. Those that have ended are forgotten."""
        secret = base64.urlsafe_b64encode(self._random(_SECRET_BYTES)).decode().rstrip("=")
        now = self._now()
        row = (
            *(_digest(secret), who.account.id, who.account.name, who.token),
            *(json.dumps(sorted(who.claims)), _text(now), _text(now + self._life)),
        )
        with self._database.changing() as connection:
            connection.execute("DELETE FROM session WHERE ends <= ?", (_text(now),))
            connection.execute("INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            connection.execute(
                "DELETE FROM session WHERE digest IN (SELECT digest FROM session"
                " WHERE account = ? ORDER BY begun DESC LIMIT -1 OFFSET ?)",
                (who.account.id, _MOST_OF_ONE),
            )
            connection.execute(
                "DELETE FROM session WHERE digest IN"
                " (SELECT digest FROM session ORDER BY begun DESC LIMIT -1 OFFSET ?)",
                (_MOST,),
            )
        return secret

    def found(self, secret: str) -> SignedIn | None:
        """Return whose session has this secret, None where there is none or it has ended."""
        if len(secret) != _SECRET_LENGTH or not self._database.path.exists():
            return None
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT account, name, token, claims FROM session WHERE digest = ? AND ends > ?",
                (_digest(secret), _text(self._now())),
            ).fetchone()
        if row is None:
            return None
        account, name, token, claims = row
        return SignedIn(Account(account, name), token, frozenset(json.loads(claims)))

    def end(self, secret: str) -> None:
        """End a session, if there is one with this secret."""
        with self._database.changing() as connection:
            connection.execute("DELETE FROM session WHERE digest = ?", (_digest(secret),))

    @property
    def key(self) -> bytes:
        """A secret of all processes that serve, by which they know what one of them has given."""
        if not self._key:
            with self._database.changing() as connection:
                connection.execute(
                    "INSERT INTO key SELECT ? WHERE NOT EXISTS (SELECT * FROM key)",
                    (self._random(_SECRET_BYTES),),
                )
                (self._key,) = connection.execute("SELECT key FROM key").fetchone()
        return self._key


def _digest(secret: str) -> str:
    """Return what a session is kept as: of 256 random bits there is nothing to guess."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def _text(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")
