"""Who the reverse proxy names, and who only says that they are one."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from tests.service.accounts_served import Client, created, signing_in
from tests.service.served import fetch, sent

from kgpub.service.tokens.token import Scope

TRUSTING = {
    "trusted_header": "X-Forwarded-User",
    "trusted_proxies": ["127.0.0.0/8"],
    "submit": ["user:layla", "user:ليلى"],
    "review": ["user:layla"],
}


def test_a_trusted_proxy_tells_who_asks(tmp_path: Path) -> None:
    with signing_in(tmp_path, accounts=TRUSTING) as origin:
        client = Client(origin)
        layla = {"X-Forwarded-User": "layla"}
        assert client.get("/who", **layla).json["who"] == ["user/layla", ["review", "submit"]]
        assert client.get("/who", **{"X-Forwarded-User": "salim"}).json["who"] == ["user/salim", []]
        assert client.get("/who").json["who"] is None
        got = client.get("/sign-in", **layla)
        assert b"Signed in as" in got.body and b"sign-out" not in got.body
        # Proxies write names as UTF-8; what urllib sends as Latin-1 are its bytes.
        named = "ليلى".encode().decode("latin-1")
        assert client.get("/who", **{"X-Forwarded-User": named}).json["who"] == [
            "user/ليلى",
            ["submit"],
        ]


def test_a_browser_behind_it_needs_the_form_s_token_too(tmp_path: Path) -> None:
    with signing_in(tmp_path, accounts=TRUSTING) as origin:
        client = Client(origin)
        layla, salim = ({"X-Forwarded-User": name} for name in ("layla", "salim"))
        csrf = client.get("/who", **layla).json["csrf"]
        assert client.post("/change", {"csrf": csrf}, **layla).json["account"] == "user/layla"
        assert client.post("/change", {}, **layla).status == 403
        others = client.get("/who", **salim).json["csrf"]
        assert client.post("/change", {"csrf": others}, **layla).status == 403
        evil = {**layla, "Origin": "https://evil.example"}
        assert client.post("/change", {"csrf": csrf}, **evil).status == 403


def test_a_script_of_another_site_reads_nothing_as_somebody(tmp_path: Path) -> None:
    with signing_in(tmp_path, accounts=TRUSTING) as origin:
        # As a page would, in a browser on a machine whose address is trusted: CORS lets it ask.
        forged = {"X-Forwarded-User": "layla", "Origin": "https://evil.example"}
        got = fetch(f"{origin}/who", **forged)
        assert got.status == 403
        assert b"layla" not in got.body
        followed = {"X-Forwarded-User": "layla", "Sec-Fetch-Site": "cross-site"}
        assert fetch(f"{origin}/who", **followed).json["who"] == [
            "user/layla",
            ["review", "submit"],
        ]


def test_a_token_is_meant_and_a_password_of_the_proxy_s_is_not(tmp_path: Path) -> None:
    text, token = created(tmp_path / ".kgpub", Scope.submit)
    with signing_in(tmp_path, accounts=TRUSTING) as origin:
        client = Client(origin)
        layla = {"X-Forwarded-User": "layla"}
        got = client.post("/change", {}, Authorization=f"Bearer {text}", **layla)
        assert got.json["account"] == f"token/{token.id}"
        csrf = client.get("/who", **layla).json["csrf"]
        got = client.post("/change", {"csrf": csrf}, Authorization="Basic bGF5bGE6eA==", **layla)
        assert got.json["account"] == "user/layla"


def test_from_anybody_else_the_header_is_ignored_and_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    settings = {**TRUSTING, "trusted_proxies": ["192.0.2.1", "10.0.0.0/8"]}
    with signing_in(tmp_path, accounts=settings) as origin:
        for _ in range(3):
            got = fetch(f"{origin}/who", **{"X-Forwarded-User": "layla"})
            assert got.json["who"] is None
        # Nor does it help to say that it came from there.
        forged = {"X-Forwarded-User": "layla", "X-Forwarded-For": "10.0.0.1"}
        assert fetch(f"{origin}/who", **forged).json["who"] is None
    told = [record.getMessage() for record in caplog.records]
    assert told == [
        "X-Forwarded-User comes from 127.0.0.1, which is no trusted proxy, and is ignored"
    ]


def test_the_proxy_is_known_by_its_own_address_not_by_its_client_s(tmp_path: Path) -> None:
    with signing_in(tmp_path, accounts=TRUSTING) as origin:
        passed_on = {"X-Forwarded-User": "layla", "X-Forwarded-For": "192.0.2.7"}
        assert fetch(f"{origin}/who", **passed_on).json["who"] == [
            "user/layla",
            ["review", "submit"],
        ]


def test_off_by_default(tmp_path: Path) -> None:
    with signing_in(tmp_path) as origin:
        for name in ("X-Forwarded-User", "Remote-User", "X-Remote-User"):
            assert fetch(f"{origin}/who", **{name: "layla"}).json["who"] is None


@pytest.mark.parametrize(
    "value",
    [b"", b" ", b"\xff\xfe", b"a\xe2\x80\xaeb", b"a" * 300, b"layla\r\nX-Forwarded-User: x"],
)
def test_what_is_no_name_lets_nobody_in(tmp_path: Path, value: bytes) -> None:
    with signing_in(tmp_path, accounts=TRUSTING) as origin:
        got = sent(
            origin,
            b"GET /who HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            b"X-Forwarded-User: " + value + b"\r\n\r\n",
        )
        assert got.split()[1] in (b"401", b"400"), got
