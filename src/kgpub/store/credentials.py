"""What a store is shown to be let in: from a file or the environment, never from an argument.

Arguments of a process are there for all users of a machine to read, and stay in the history of
shells.
"""

from __future__ import annotations

import base64
import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from kgpub.errors import CallError

PREFIX = "KGPUB_STORE_"
_MAX_BYTES = 64 * 1024
_KEYS = ("scheme", "user", "password", "token")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_REMEDY = "It has user and password, and scheme = 'digest' where that is asked for; or a token."


class Scheme(StrEnum):
    """The schemes of HTTP authentication: RFC 7617, RFC 7616, RFC 6750."""

    basic = "basic"
    digest = "digest"
    bearer = "bearer"


@dataclass(frozen=True)
class Credentials:
    """A name and its secret, or with bearer a token; the secret does not show when printed."""

    scheme: Scheme
    secret: str = field(repr=False)
    user: str = ""

    @property
    def written(self) -> tuple[str, ...]:
        """The secret as it is, and as basic authentication writes it."""
        both = f"{self.user}:{self.secret}".encode()
        return self.secret, base64.b64encode(both).decode()


def credentials(environment: Mapping[str, str], file: Path | None = None) -> Credentials | None:
    """Return the credentials of a TOML file, without one those of `environment`, or None.

    The keys are those of _KEYS; in the environment they are in capitals, after PREFIX. Raises
    CallError where they do not go together, for a variable with PREFIX and another name, and for a
    file that others may read or write.
    """
    if file is not None:
        return _checked(_read(file), str(file))
    known = {PREFIX + key.upper() for key in _KEYS}
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known:
            remedy = f"There are {', '.join(sorted(known))}."
            raise CallError(f"unknown variable {name[:60]!r} in the environment", remedy)
    values = {key: environment.get(PREFIX + key.upper(), "") for key in _KEYS}
    if not any(values.values()):
        return None
    return _checked(values, f"{PREFIX}* in the environment")


def _read(file: Path) -> dict[str, str]:
    try:
        with file.open("rb") as stream:
            if os.fstat(stream.fileno()).st_mode & _OTHERS:
                message = f"{file}: other users of this machine may read or write it"
                raise CallError(message, f"Run: chmod 600 {file}")
            content = stream.read(_MAX_BYTES + 1)
    except OSError as error:
        remedy = f"Name a TOML file that you may read. {_REMEDY}"
        raise CallError(f"{file}: cannot be read: {error.strerror}", remedy) from error
    if len(content) > _MAX_BYTES:
        raise CallError(f"{file}: has more than {_MAX_BYTES:,} bytes", _REMEDY)
    try:
        values = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        # The parser's own message may quote the line, and with it the secret.
        raise CallError(f"{file}: is not TOML", _REMEDY) from error
    for key, value in values.items():
        if key not in _KEYS or not isinstance(value, str):
            raise CallError(f"{file}: {key!r} is no key of credentials, or no text", _REMEDY)
    return {key: values.get(key, "") for key in _KEYS}


def _checked(values: Mapping[str, str], place: str) -> Credentials:
    user, password, token = values["user"], values["password"], values["token"]
    try:
        scheme = Scheme(values["scheme"] or ("bearer" if token else "basic"))
    except ValueError as error:
        raise CallError(f"{place}: the scheme is none of {', '.join(Scheme)}", _REMEDY) from error
    if any(not text.isprintable() for text in (user, password, token)):
        raise CallError(f"{place}: a value has characters that are not printable", _REMEDY)
    if scheme is Scheme.bearer:
        if not token or user or password:
            raise CallError(f"{place}: bearer has a token, and nothing else", _REMEDY)
        if not token.isascii() or " " in token:
            raise CallError(f"{place}: the token has characters that no header has", _REMEDY)
        return Credentials(scheme, token)
    if not user or not password or token:
        raise CallError(f"{place}: {scheme} has user and password, and nothing else", _REMEDY)
    if ":" in user:
        raise CallError(f"{place}: no user of {scheme} has a colon", _REMEDY)
    return Credentials(scheme, password, user)
