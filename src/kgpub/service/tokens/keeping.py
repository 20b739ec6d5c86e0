"""The file of a workspace's tokens, `.kgpub/tokens.json`."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from kgpub.errors import CallError, StoreError
from kgpub.service.tokens.token import Scope, Token
from kgpub.store.durable import remove, sync_folder

FILE = "tokens.json"
MOST = 1_000
"""Tokens of a workspace."""
_MAX_BYTES = 2**20
_LOCK_SECONDS = 5.0
_PRIVATE = 0o600
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_ID = re.compile(r"[a-z2-7]{8}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_REMEDY = "Restore it, or remove it and create tokens again: kgpub token create"


class KeptTokens:
    """The tokens of the workspace whose state lies in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / FILE
        self._seen: tuple[int, int, int] | None = None
        self._tokens: Sequence[Token] = ()

    def tokens(self) -> Sequence[Token]:
        """Return all, as the file has them now. Raises StoreError where it cannot be trusted."""
        try:
            found = self._path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            self._seen, self._tokens = None, ()
            return ()
        except OSError as error:
            raise StoreError(f"{self._path}: cannot be read: {error.strerror}") from error
        state = (found.st_ino, found.st_mtime_ns, found.st_size)
        if state != self._seen:
            self._require_private(found)
            self._tokens, self._seen = self._read(), state
        return self._tokens

    def add(self, token: Token) -> None:
        """Keep a token. Raises StoreError, CallError where there are too many."""

        def added(tokens: Sequence[Token]) -> Sequence[Token]:
            if len(tokens) >= MOST:
                raise CallError(f"there are {MOST:,} tokens", "Revoke some: kgpub token revoke ID")
            return [*tokens, token]

        self._change(added)

    def revoke(self, id_: str) -> Token:
        """Forget the token with this identifier and return it. Raises StoreError, CallError."""
        gone: list[Token] = []

        def left(tokens: Sequence[Token]) -> Sequence[Token]:
            gone.extend(token for token in tokens if token.id == id_)
            if not gone:
                raise CallError(f"{id_}: no token has this ID", "See: kgpub token list")
            return [token for token in tokens if token.id != id_]

        self._change(left)
        return gone[0]

    def _change(self, change: Callable[[Sequence[Token]], Sequence[Token]]) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self._folder / "tokens.lock", timeout=_LOCK_SECONDS):
                self._seen = None  # two changes within a tick of the disk's clock look alike
                self._write(_text_of(change(self.tokens())))
        except Timeout as error:
            raise StoreError(f"{self._path}: another process changes it", "Try again.") from error
        except OSError as error:
            raise StoreError(f"{self._path}: cannot be written: {error.strerror}") from error

    def _write(self, content: bytes) -> None:
        """Put the file in place of the one there, whole or not at all, for its owner alone."""
        fresh = self._path.with_name(f"{FILE}.new")
        remove(fresh)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
        with open(descriptor, "wb") as stream:  # noqa: PTH123  a path would be opened to all
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(self._path)
        sync_folder(self._folder)

    def _require_private(self, found: os.stat_result) -> None:
        if not stat.S_ISREG(found.st_mode):
            raise StoreError(f"{self._path}: is no regular file", _REMEDY)
        if found.st_size > _MAX_BYTES:
            raise StoreError(f"{self._path}: has more than {_MAX_BYTES:,} bytes", _REMEDY)
        if os.name == "posix" and found.st_mode & _OTHERS_WRITE:
            message = f"{self._path}: others than its owner may write to it"
            raise StoreError(message, f"See that it is as you left it, and: chmod 600 {FILE}")

    def _read(self) -> Sequence[Token]:
        try:
            content = json.loads(self._path.read_bytes())
            return tuple(_token(each) for each in content["tokens"])
        except OSError as error:
            raise StoreError(f"{self._path}: cannot be read: {error.strerror}") from error
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
            raise StoreError(f"{self._path}: is damaged", _REMEDY) from error


def _text_of(tokens: Iterable[Token]) -> bytes:
    listed = [
        {
            "id": token.id,
            "name": token.name,
            "scopes": sorted(token.scopes),
            "created": token.created.isoformat(),
            "expires": token.expires.isoformat() if token.expires else None,
            "sha256": token.digest,
        }
        for token in tokens
    ]
    return json.dumps({"tokens": listed}, ensure_ascii=False, indent=1).encode() + b"\n"


def _token(content: dict[str, Any]) -> Token:
    """Return a token as the file has it. Raises ValueError, KeyError, TypeError, OverflowError."""
    id_, name, digest, expires = (content[key] for key in ("id", "name", "sha256", "expires"))
    if not (isinstance(name, str) and _ID.fullmatch(id_) and _DIGEST.fullmatch(digest)):
        raise ValueError("no token")
    scopes = frozenset(map(Scope, content["scopes"]))
    end = None if expires is None else _moment(expires)
    return Token(id_, name, scopes, _moment(content["created"]), end, digest)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment.astimezone(UTC)
