"""Tokens: what is kept of them, who is let in, and what becomes of wrong ones."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.requests import HTTPConnection

from kgpub.errors import CallError, StoreError
from kgpub.service.errors import RequestError
from kgpub.service.tokens import keeping
from kgpub.service.tokens.admission import Admission, FailureLimits
from kgpub.service.tokens.keeping import KeptTokens
from kgpub.service.tokens.token import Scope, Token, found, minted, without_tokens

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def created(
    kept: KeptTokens, *scopes: Scope, days: int | None = None, name: str = ""
) -> tuple[str, Token]:
    text, id_, digest = minted(os.urandom)
    end = None if days is None else NOW + timedelta(days=days)
    token = Token(id_, name, frozenset(scopes), NOW, end, digest)
    kept.add(token)
    return text, token


def connection(*headers: str, client: str = "192.0.2.7") -> HTTPConnection:
    raw = [(b"authorization", header.encode("latin-1")) for header in headers]
    return HTTPConnection({"type": "http", "headers": raw, "client": (client, 1)})


# What a token is


def test_a_token_is_256_random_bits_behind_a_beginning_that_scanners_find() -> None:
    given = count(1)

    def random(size: int) -> bytes:
        return bytes([next(given)]) * size

    text, id_, digest = minted(random)
    assert re.fullmatch(r"kgpub_[a-z2-7]{8}_[a-z2-7]{52}", text)
    _, of_id, secret = text.split("_")
    assert of_id == id_
    assert base64.b32decode(of_id.upper()) == b"\x01" * 5
    assert base64.b32decode(secret.upper() + "====") == b"\x02" * 32
    assert digest == hashlib.sha256(text.encode()).hexdigest()


def test_it_is_found_by_its_whole_text_only() -> None:
    text, id_, digest = minted(os.urandom)
    other, _, other_digest = minted(os.urandom)
    tokens = [
        Token(id_, "same identifier", frozenset(), NOW, None, other_digest),
        Token(id_, "", frozenset(), NOW, None, digest),
    ]
    assert found(text, tokens) is tokens[1]
    last = "a" if text[-1] != "a" else "b"
    # A digest is no token, and another's secret does not fit this identifier.
    for wrong in (text[:-1] + last, text.upper(), f"{text}a", digest, f"{text[:15]}{other[15:]}"):
        assert found(wrong, tokens) is None, wrong


# What is kept


def test_the_file_holds_no_secret_and_is_for_its_owner(tmp_path: Path) -> None:
    kept = KeptTokens(tmp_path / "state")
    before = os.umask(0)  # it must not be open to others under any mask
    try:
        text, token = created(kept, Scope.update, Scope.submit, name="ليلى", days=3)
    finally:
        os.umask(before)
    path = tmp_path / "state/tokens.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = path.read_text(encoding="utf-8")
    assert text.split("_")[2] not in content
    (listed,) = json.loads(content)["tokens"]
    assert listed == {
        "id": token.id,
        "name": "ليلى",
        "scopes": ["submit", "update"],
        "created": "2026-11-30T12:00:00+00:00",
        "expires": "2026-12-03T12:00:00+00:00",
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
    }
    assert list(KeptTokens(tmp_path / "state").tokens()) == [token]


def test_another_process_s_changes_are_seen_at_once(tmp_path: Path) -> None:
    ours, theirs = KeptTokens(tmp_path), KeptTokens(tmp_path)
    assert list(ours.tokens()) == []
    first = created(theirs, Scope.update)[1]
    assert list(ours.tokens()) == [first]
    second = created(theirs, Scope.submit)[1]
    assert list(ours.tokens()) == [first, second]
    assert theirs.revoke(first.id) == first
    assert list(ours.tokens()) == [second]
    with pytest.raises(CallError, match="no token has this ID"):
        ours.revoke(first.id)


def test_writers_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    program = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from kgpub.service.tokens.keeping import KeptTokens
from kgpub.service.tokens.token import Token, minted
for _ in range(10):
    _, id_, digest = minted(os.urandom)
    KeptTokens(Path(sys.argv[1])).add(
        Token(id_, "", frozenset(), datetime.now(UTC), None, digest)
    )
"""
    command = [sys.executable, "-c", program, str(tmp_path)]
    writers = [subprocess.Popen(command) for _ in range(3)]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    assert len(KeptTokens(tmp_path).tokens()) == 30


def test_there_are_only_so_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST", 2)
    kept = KeptTokens(tmp_path)
    created(kept)
    created(kept)
    with pytest.raises(CallError, match="there are 2 tokens"):
        created(kept)


def _broken(change: Callable[[dict[str, object]], object]) -> Callable[[Path], None]:
    def break_it(path: Path) -> None:
        content = json.loads(path.read_text())
        change(content["tokens"][0])
        path.write_text(json.dumps(content))

    return break_it


@pytest.mark.parametrize(
    ("break_it", "words"),
    [
        (lambda path: path.write_bytes(b"\xff{"), "is damaged"),
        (lambda path: path.write_bytes(b"[" * 100_000), "is damaged"),
        (lambda path: path.write_bytes(b"[]"), "is damaged"),
        (lambda path: path.write_bytes(b'{"tokens": {"a": 1}}'), "is damaged"),
        (lambda path: path.write_bytes(b"[" * 2**20 + b"["), "has more than 1,048,576 bytes"),
        (lambda path: path.chmod(0o620), "others than its owner may write"),
        (lambda path: path.chmod(0o602), "others than its owner may write"),
        (lambda path: (path.unlink(), path.symlink_to("/dev/zero")), "is no regular file"),
        (lambda path: (path.unlink(), os.mkfifo(path)), "is no regular file"),
        (lambda path: (path.unlink(), path.mkdir()), "is no regular file"),
        (_broken(lambda token: token.update(scopes=["root"])), "is damaged"),
        (_broken(lambda token: token.update(sha256="")), "is damaged"),
        (_broken(lambda token: token.update(expires="2026-01-01")), "is damaged"),
        (_broken(lambda token: token.update(expires="0001-01-01T00:00:00+23:00")), "is damaged"),
        (_broken(lambda token: token.update(expires="")), "is damaged"),
        (_broken(lambda token: token.pop("expires")), "is damaged"),
        (_broken(lambda token: token.update(id=3)), "is damaged"),
    ],
)
def test_a_file_that_cannot_be_trusted_lets_nobody_in(
    tmp_path: Path, break_it: Callable[[Path], object], words: str
) -> None:
    kept = KeptTokens(tmp_path)
    text, _ = created(kept, Scope.update)
    break_it(tmp_path / "tokens.json")
    admission = Admission(KeptTokens(tmp_path), lambda: NOW, lambda: 0.0)
    with pytest.raises(StoreError, match=words) as told:
        admission.admitted(connection(f"Bearer {text}"), Scope.update)
    assert told.value.remedy


# Who is let in


def test_whoever_holds_a_token_of_the_scope_is_let_in(tmp_path: Path) -> None:
    kept = KeptTokens(tmp_path)
    text, token = created(kept, Scope.update)
    admission = Admission(kept, lambda: NOW, lambda: 0.0)
    for header in (f"Bearer {text}", f"bearer {text}", f"BEARER   {text} "):
        assert admission.admitted(connection(header), Scope.update) == token
        assert admission.holder(header) == token
    with pytest.raises(RequestError, match="lacks the scope submit") as told:
        admission.admitted(connection(f"Bearer {text}"), Scope.submit)
    assert told.value.status == 403
    assert 'error="insufficient_scope", scope="submit"' in told.value.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    "headers",
    [
        ("Bearer {}x",),
        ("Basic {}",),
        ("{}",),
        ("Bearer",),
        ("Bearer {0} {0}",),
        ("Bearer {}, Bearer {}",),
        ("Bearer {}", "Bearer {}"),
        ("Bearer \xa0{}",),
        ("Bearer é",),
        (f"Bearer {'a' * 100_000}",),
        ("Bearer {}\x00",),
    ],
)
def test_anything_else_is_not_a_token(tmp_path: Path, headers: tuple[str, ...]) -> None:
    kept = KeptTokens(tmp_path)
    text, _ = created(kept, Scope.update)
    admission = Admission(kept, lambda: NOW, lambda: 0.0)
    filled = [header.replace("{0}", text).replace("{}", text) for header in headers]
    with pytest.raises(RequestError) as told:
        admission.admitted(connection(*filled), Scope.update)
    assert told.value.status == 401
    assert told.value.headers["WWW-Authenticate"] == 'Bearer realm="kgpub", error="invalid_token"'
    assert text.split("_")[2] not in str(told.value)


@given(st.text(st.characters(max_codepoint=255), max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_header_is_too_strange(tmp_path: Path, text: str) -> None:
    admission = Admission(KeptTokens(tmp_path), lambda: NOW, lambda: 0.0)
    assert admission.holder(text) is None
    assert admission.holder(f"Bearer {text}") is None


def test_without_a_header_one_is_asked_for(tmp_path: Path) -> None:
    admission = Admission(KeptTokens(tmp_path), lambda: NOW, lambda: 0.0)
    with pytest.raises(RequestError, match="this needs a token") as told:
        admission.admitted(connection(), Scope.update)
    assert (told.value.status, dict(told.value.headers)) == (
        401,
        {"WWW-Authenticate": 'Bearer realm="kgpub"'},
    )


def test_a_token_ends_with_its_last_moment_and_when_it_is_revoked(tmp_path: Path) -> None:
    kept = KeptTokens(tmp_path)
    text, token = created(kept, Scope.update, days=1)
    moments = {"now": NOW}
    admission = Admission(kept, lambda: moments["now"], lambda: 0.0)
    end = NOW + timedelta(days=1)
    moments["now"] = end - timedelta(microseconds=1)
    assert admission.holder(f"Bearer {text}") == token
    moments["now"] = end
    assert admission.holder(f"Bearer {text}") is None
    moments["now"] = NOW
    assert admission.holder(f"Bearer {text}") == token
    KeptTokens(tmp_path).revoke(token.id)
    assert admission.holder(f"Bearer {text}") is None


def test_wrong_tokens_of_one_address_are_limited_and_others_not_held_up(tmp_path: Path) -> None:
    kept = KeptTokens(tmp_path)
    text, _ = created(kept, Scope.update)
    wrong = f"{text[:15]}{'a' * 52}"
    ticks = {"now": 100.0}
    limits = FailureLimits(most=3, seconds=60.0, addresses=2)
    admission = Admission(kept, lambda: NOW, lambda: ticks["now"], limits)

    def status(client: str) -> tuple[int, str | None]:
        with pytest.raises(RequestError) as told:
            admission.admitted(connection(f"Bearer {wrong}", client=client), Scope.update)
        return told.value.status, told.value.headers.get("Retry-After")

    assert [status("192.0.2.7")[0] for _ in range(4)] == [401, 401, 401, 429]
    ticks["now"] = 130.0
    assert status("192.0.2.7") == (429, "31")
    assert status("192.0.2.8")[0] == 401
    # Whoever shares the address of an attacker and has a token is let in.
    assert admission.admitted(connection(f"Bearer {text}", client="192.0.2.7"), Scope.update)
    ticks["now"] = 160.0
    assert status("192.0.2.7")[0] == 401


def test_a_site_of_ipv6_counts_as_one_and_the_memory_is_bounded(tmp_path: Path) -> None:
    ticks = {"now": 0.0}
    limits = FailureLimits(most=2, seconds=60.0, addresses=100)
    admission = Admission(KeptTokens(tmp_path), lambda: NOW, lambda: ticks["now"], limits)

    def status(client: str) -> int:
        with pytest.raises(RequestError) as told:
            admission.admitted(connection("Bearer x", client=client), Scope.update)
        return told.value.status

    assert [status(f"2001:db8:1:2::{n}") for n in range(1, 4)] == [401, 401, 429]
    assert status("2001:db8:1:3::1") == 401
    assert [status("::ffff:192.0.2.1"), status("192.0.2.1"), status("::ffff:192.0.2.1")] == [
        401,
        401,
        429,
    ]
    for n in range(1_000):
        status(f"10.0.{n // 250}.{n % 250}")
    assert len(admission._failures._windows) == 100


def test_nothing_of_a_token_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    kept = KeptTokens(tmp_path)
    text, _ = created(kept, Scope.update)
    admission = Admission(kept, lambda: NOW, lambda: 0.0)
    admission.holder(f"Bearer {text}")
    with pytest.raises(RequestError):
        admission.admitted(connection(f"Bearer {text}x"), Scope.update)
    assert text[15:] not in caplog.text
    assert without_tokens(f"/x/{text}/y{text[:30]}") == "/x/kgpub_…/ykgpub_…"
    assert without_tokens("/data/kgpub_x") == "/data/kgpub_x"
