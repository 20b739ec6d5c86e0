"""Signing in with a token, and out: what a browser is given, and what others can do with it."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import sqlite3
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import HTTPConnection
from tests.service.accounts_served import Client, created, noted, signing_in
from tests.service.served import fetch

from kgpub.service.accounts.accounts import Accounts
from kgpub.service.accounts.form_tokens import form_token, is_form_token
from kgpub.service.accounts.sessions import Sessions, SignedIn
from kgpub.service.accounts.signing_in import safe_next
from kgpub.service.tokens.admission import Admission
from kgpub.service.tokens.keeping import KeptTokens
from kgpub.service.tokens.token import Scope
from kgpub.submissions.submission import Account

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
COOKIE = "kgpub_on_loopback"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sessions")


@pytest.fixture(scope="module")
def origin(root: Path) -> Iterator[str]:
    with signing_in(root) as address:
        yield address


@pytest.fixture
def client(origin: str) -> Client:
    return Client(origin)


@pytest.fixture
def state(root: Path) -> Path:
    return root / ".kgpub"


# Signing in and out


def test_whoever_has_a_token_signs_in_with_it_and_out_again(
    client: Client, root: Path, state: Path
) -> None:
    text, token = created(state, Scope.submit, name="Layla")
    assert client.who is None
    got = client.sign_in(text, "/review?state=waiting")
    assert (got.status, got.headers["location"]) == (303, "/review?state=waiting")
    assert client.who == [f"token/{token.id}", ["submit"]]
    got = client.post("/change", {"csrf": client.form_token})
    assert (got.status, got.json) == (200, {"account": f"token/{token.id}", "name": "Layla"})
    copied = dict(client.cookies)
    got = client.post("/sign-out", {"csrf": client.form_token})
    assert got.status == 303
    assert client.cookies == {}
    # Whoever has a copy of the cookie has nothing.
    assert Client(client.origin, copied).who is None
    lines = [json.loads(line) for line in noted(root).splitlines()]
    of_them = [each["event"] for each in lines if each.get("account") == f"token/{token.id}"]
    assert of_them == ["sign-in", "sign-out"]


def test_the_cookie_is_kept_from_scripts_and_the_token_is_not_in_it(
    client: Client, state: Path
) -> None:
    text, _ = created(state, Scope.submit)
    client.sign_in(text)
    [header] = client.given
    name, _, value = header.partition(";")[0].partition("=")
    attributes = {each.strip().lower() for each in header.split(";")[1:]}
    assert name == COOKIE
    assert attributes == {"httponly", "path=/", "samesite=lax", "max-age=43200"}
    assert len(base64.urlsafe_b64decode(value + "=")) == 32
    assert text[15:] not in header
    kept = b"".join(path.read_bytes() for path in state.glob("sessions.sqlite*"))
    assert value.encode() not in kept
    assert hashlib.sha256(value.encode()).hexdigest().encode() in kept
    for path in state.glob("sessions.sqlite*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_over_tls_only_a_cookie_counts_that_nobody_else_can_have_set(tmp_path: Path) -> None:
    text, token = created(tmp_path / ".kgpub", Scope.submit)
    with signing_in(tmp_path, public_url="https://data.example.org") as origin:
        client = Client(origin)
        client.sign_in(text, Origin="https://data.example.org")
        [header] = client.given
        assert header.startswith("__Host-kgpub=")
        assert {"secure", "httponly", "path=/"} <= {
            each.strip().lower() for each in header.split(";")[1:]
        }
        assert "domain" not in header.lower()
        assert client.who == [f"token/{token.id}", ["submit"]]
        secret = client.cookies["__Host-kgpub"]
        # What a page without TLS, or another host of the domain, may set.
        assert Client(origin, {COOKIE: secret, "kgpub": secret}).who is None


def test_without_tls_nobody_signs_in_from_elsewhere(client: Client, state: Path) -> None:
    text, _ = created(state, Scope.submit)
    far = {"Host": "data.example.org", "Origin": "http://data.example.org"}
    got = client.post("/sign-in", {"token": text}, **far)
    assert got.status == 403
    assert b"over https only" in got.body
    assert client.cookies == {}


def test_signing_in_begins_a_new_session_and_ends_the_one_before(
    client: Client, state: Path
) -> None:
    text, _ = created(state, Scope.submit)
    fixed = "A" * 43
    client.cookies[COOKIE] = fixed  # as whoever wants to know the session of another would set it
    client.sign_in(text)
    first = client.cookies[COOKIE]
    assert first != fixed
    client.sign_in(text)
    assert client.cookies[COOKIE] != first
    assert Client(client.origin, {COOKIE: first}).who is None
    assert client.who is not None


def test_a_session_ends_with_its_token(client: Client, state: Path) -> None:
    text, token = created(state, Scope.submit)
    client.sign_in(text)
    assert client.who is not None
    KeptTokens(state).revoke(token.id)
    assert client.who is None
    assert client.post("/change", {"csrf": "x"}).status == 401


def test_a_session_ends_when_its_token_expires(tmp_path: Path) -> None:
    _, token = created(tmp_path, Scope.submit, days=1)
    assert token.expires is not None
    moments = {"now": token.expires - timedelta(seconds=1)}
    admission = Admission(KeptTokens(tmp_path), lambda: moments["now"], lambda: 0.0)
    kept = sessions(tmp_path, moments["now"])
    secret = kept.begin(SignedIn(Account(f"token/{token.id}", ""), token.id))
    accounts = Accounts(admission, kept)
    headers = [(b"host", b"127.0.0.1"), (b"cookie", f"{COOKIE}={secret}".encode())]
    scope = {"type": "http", "method": "GET", "scheme": "http", "path": "/", "headers": headers}
    asks = HTTPConnection({**scope, "query_string": b"", "server": ("127.0.0.1", 80)})
    assert accounts.signed_in(asks) is not None
    moments["now"] = token.expires
    assert accounts.signed_in(asks) is None


def test_it_allows_what_the_token_does(client: Client, state: Path) -> None:
    text, _ = created(state, Scope.review)
    client.sign_in(text)
    got = client.post("/change", {"csrf": client.form_token})
    assert got.status == 403
    assert "needs the scope submit" in got.json["message"]


def test_a_token_in_the_header_comes_before_a_session(client: Client, state: Path) -> None:
    text, _ = created(state, Scope.submit)
    other, token = created(state, Scope.submit, name="a program")
    client.sign_in(text)
    got = client.post("/change", {}, Authorization=f"Bearer {other}", Origin="")
    assert got.json["account"] == f"token/{token.id}"
    assert client.post("/change", {}, Authorization="Bearer wrong").status == 401


# What other pages can do


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "", "Sec-Fetch-Site": "none"},
    ],
)
def test_nothing_is_changed_for_a_page_of_another_site(
    client: Client, state: Path, headers: dict[str, str]
) -> None:
    text, _ = created(state, Scope.submit)
    client.sign_in(text)
    csrf = client.form_token
    assert client.post("/change", {"csrf": csrf}).status == 200
    got = client.post("/change", {"csrf": csrf}, **headers)
    assert got.status == 403
    assert "another site" in got.json["message"]
    # Nor is anybody signed out, or in as somebody else. A browser may leave the cookie out.
    assert client.post("/sign-out", {"csrf": csrf}, **headers).status == 403
    got = Client(client.origin).post("/sign-out", {}, **headers)
    assert (got.status, got.headers["set-cookie"]) == (403, None)
    assert client.who is not None
    assert Client(client.origin).sign_in(text, **headers).status == 403


def test_nothing_is_changed_without_the_form_s_own_token(client: Client, state: Path) -> None:
    text, _ = created(state, Scope.submit)
    client.sign_in(text)
    other = Client(client.origin)
    other.sign_in(text)
    for wrong in ("", "x", "A" * 86, other.form_token, client.cookies[COOKIE]):
        assert client.post("/change", {"csrf": wrong}).status == 403, wrong
        assert client.post("/sign-out", {"csrf": wrong}).status == 403, wrong
    csrf = client.form_token
    assert client.post("/change", {"x": "y"}, **{"X-CSRF-Token": csrf}).status == 200
    assert client.post("/change", {"csrf": csrf}).status == 200
    # An old browser tells no origin; the token is enough.
    assert client.post("/change", {"csrf": csrf}, Origin="").status == 200


def test_to_sign_in_the_browser_must_tell_where_the_form_is(client: Client, state: Path) -> None:
    text, _ = created(state, Scope.submit)
    assert client.sign_in(text, Origin="").status == 403
    assert client.sign_in(text, Origin="", **{"Sec-Fetch-Site": "same-origin"}).status == 303


def test_other_pages_read_nothing_of_who_has_signed_in(client: Client, state: Path) -> None:
    text, _ = created(state, Scope.submit)
    client.sign_in(text)
    got = client.get("/sign-in", Origin="https://evil.example")
    # Fetch, section 3.2.5: without this, a page is not given what was asked for with cookies.
    assert got.headers["access-control-allow-credentials"] is None
    preflight = fetch(
        f"{client.origin}/change",
        method="OPTIONS",
        Origin="https://evil.example",
        **{"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x"},
    )
    assert preflight.headers["access-control-allow-credentials"] is None


def test_what_is_shown_to_one_is_kept_nowhere(client: Client, state: Path) -> None:
    text, _ = created(state, Scope.submit, name="<script>alert(1)</script>")
    client.sign_in(text)
    got = client.get("/sign-in")
    assert got.headers["cache-control"] == "no-store"
    assert "Cookie" in got.headers["vary"]
    assert got.headers["etag"] is None
    assert b"<script>" not in got.body
    assert b"&lt;script&gt;alert(1)" in got.body


@pytest.mark.parametrize(
    "where",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "/ok\r\nSet-Cookie: a=b",
        "review",
        "/sign-out",
        "/é",
        "/" + "a" * 3_000,
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(client: Client, state: Path, where: str) -> None:
    text, _ = created(state, Scope.submit)
    got = client.sign_in(text, where)
    assert (got.status, got.headers["location"]) == (303, "/sign-in?lang=en")
    assert list(client.cookies) == [COOKIE]
    assert where.encode() not in Client(client.origin).get("/sign-in").body


@given(st.text(st.sampled_from("/\\.:@%?#a\t "), max_size=12))
def test_where_to_go_on_is_on_this_host(text: str) -> None:
    where = safe_next(text)
    assert where == "" or (where.startswith("/") and where[1:2] not in ("/", "\\"))
    assert "\\" not in where and "\t" not in where


# Guessing


def test_wrong_tokens_are_limited_and_noted(tmp_path: Path) -> None:
    text, _ = created(tmp_path / ".kgpub", Scope.submit)
    wrong = f"{text[:15]}{'a' * 52}"
    with signing_in(tmp_path, logged_addresses="whole") as origin:
        client = Client(origin)
        statuses = [client.sign_in(wrong).status for _ in range(22)]
        got = client.sign_in(wrong)
        assert statuses == [401] * 20 + [429] * 2
        assert got.headers["retry-after"]
        assert got.headers["www-authenticate"] is None  # else the browser asks by itself
        assert wrong.encode() not in got.body
        # The header counts with it; a right one is let in.
        assert fetch(f"{origin}/change", Authorization=f"Bearer {wrong}").status == 429
        assert client.sign_in(text).status == 303
    lines = [json.loads(line) for line in noted(tmp_path).splitlines()]
    failed = [each for each in lines if each["event"] == "sign-in-failed"]
    assert len(failed) == 24
    assert failed[0]["client"] == "127.0.0.1"
    assert [each.get("limited", 0) for each in failed] == [0] * 20 + [1] * 4
    assert "aaaaaaaa" not in noted(tmp_path)


def test_failures_fill_no_disk(tmp_path: Path) -> None:
    created(tmp_path / ".kgpub", Scope.submit)
    with signing_in(tmp_path) as origin:
        for _ in range(70):
            fetch(f"{origin}/change", Authorization="Bearer wrong")
    assert noted(tmp_path).count("sign-in-failed") == 60


def test_a_guessed_cookie_is_nobody_s(client: Client, state: Path) -> None:
    text, _ = created(state, Scope.submit)
    client.sign_in(text)
    for wrong in ("", "A" * 43, "A" * 42, "%00" * 20, "é", client.cookies[COOKIE][:-1] + "~"):
        assert Client(client.origin, {COOKIE: wrong}).who is None


# Sessions on disk


def sessions(folder: Path, now: datetime = NOW) -> Sessions:
    return Sessions(folder, lambda: now, os.urandom, timedelta(hours=12))


def test_processes_share_them_and_each_ends_after_its_hours(tmp_path: Path) -> None:
    who = SignedIn(Account("oidc/1", "ليلى"), "", frozenset({"sub:1", "group:desk"}))
    secret = sessions(tmp_path).begin(who)
    assert sessions(tmp_path).found(secret) == who
    last = NOW + timedelta(hours=12) - timedelta(microseconds=1)
    assert sessions(tmp_path, last).found(secret) == who
    assert sessions(tmp_path, NOW + timedelta(hours=12)).found(secret) is None
    sessions(tmp_path, NOW + timedelta(hours=13)).begin(who)
    with sqlite3.connect(tmp_path / "sessions.sqlite") as connection:
        assert connection.execute("SELECT count(*) FROM session").fetchone() == (1,)
    connection.close()
    assert sessions(tmp_path).key == sessions(tmp_path).key


def test_one_account_has_so_many_and_no_more(tmp_path: Path) -> None:
    moments = [NOW + timedelta(seconds=n) for n in range(25)]
    who = SignedIn(Account("token/a", "A"), "a")
    other = sessions(tmp_path).begin(SignedIn(Account("token/b", "B"), "b"))
    secrets = [sessions(tmp_path, moment).begin(who) for moment in moments]
    held = [sessions(tmp_path, moments[-1]).found(secret) is not None for secret in secrets]
    assert held == [False] * 5 + [True] * 20
    assert sessions(tmp_path, moments[-1]).found(other) is not None


def test_a_form_token_reads_otherwise_each_time_and_is_of_one_key() -> None:
    tokens = [form_token(b"key", os.urandom) for _ in range(20)]
    assert len({*tokens}) == 20
    assert all(is_form_token(each, b"key") for each in tokens)
    assert not any(is_form_token(each, b"kez") for each in tokens)
    mixed = [one[:43] + other[43:] for one, other in pairwise(tokens)]
    assert not any(is_form_token(each, b"key") for each in mixed)


@given(st.text(max_size=100))
def test_no_form_token_is_too_strange(text: str) -> None:
    assert not is_form_token(text, b"key")
