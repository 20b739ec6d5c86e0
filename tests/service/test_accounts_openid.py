"""Signing in by OpenID Connect, at a real provider on loopback."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.service.accounts_served import Client, noted, signing_in
from tests.service.openid_served import CLIENT, SECRET, Provider, provider
from tests.service.served import fetch

from kgpub.service.accounts.openid import signed_in
from kgpub.service.errors import RequestError

BACK = "/sign-in/openid/back"
COOKIE, FLOW = "kgpub_on_loopback", "kgpub_openid_on_loopback"


@contextmanager
def by_openid(root: Path, **accounts: object) -> Iterator[tuple[Provider, Client]]:
    """A provider, and a browser of a site that signs in by it."""
    (root / "secret.txt").write_text(f"{SECRET}\n", encoding="utf-8")
    with provider() as found:
        openid = {"issuer": found.origin, "client": CLIENT, "secret_file": "secret.txt"}
        settings = {"openid": openid, "submit": ["group:desk", "email:layla@example.org"]}
        with signing_in(root, accounts={**settings, **accounts}) as origin:
            found.redirect = origin + BACK
            yield found, Client(origin)


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[Provider, Client]]:
    with by_openid(tmp_path) as found:
        yield found


def sent_back(provider: Provider, client: Client, next: str = "") -> str:
    """Go to the provider and let it send the browser back; return where to, as it says."""
    got = client.get(f"/sign-in/openid?{urlencode({'next': next})}")
    assert got.status == 303, got.body
    assert got.headers["location"].startswith(f"{provider.origin}/authorize?")
    there = fetch(got.headers["location"])
    assert there.status == 302, there.body
    location: str = there.headers["location"]
    assert location.startswith(client.origin + BACK)
    return location.removeprefix(client.origin)


def test_whoever_the_provider_knows_signs_in(tmp_path: Path, both: tuple[Provider, Client]) -> None:
    found, client = both
    found.user = {"sub": "248289761001", "name": "ليلى حسن", "groups": ["desk", "press"]}
    assert b"Sign in with your organisation" in client.get("/sign-in").body
    got = client.get(sent_back(found, client, "/review?lang=ar"))
    assert (got.status, got.headers["location"]) == (303, "/review?lang=ar")
    assert client.who == ["oidc/248289761001", ["submit"]]
    got = client.post("/change", {"csrf": client.form_token})
    assert got.json == {"account": "oidc/248289761001", "name": "ليلى حسن"}
    assert list(client.cookies) == [COOKIE]  # what was under way is over
    assert '"by":"openid"' in noted(tmp_path)
    # PKCE (RFC 7636), state and nonce were sent, and nothing that is to stay here.
    asked = found.asked
    assert asked["code_challenge_method"] == "S256"
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    assert (asked["client_id"], asked["scope"]) == (CLIENT, "openid email profile")
    assert "code_verifier" not in asked


def test_each_time_all_secrets_are_others(both: tuple[Provider, Client]) -> None:
    found, client = both
    seen: list[str] = []
    for _ in range(3):
        sent_back(found, client)
        seen += [found.asked[name] for name in ("state", "nonce", "code_challenge")]
    assert len({*seen}) == 9


def test_the_verifier_is_the_browser_s_and_fits_the_challenge(
    both: tuple[Provider, Client],
) -> None:
    found, client = both
    sent_back(found, client)
    content = client.cookies[FLOW].partition(".")[0]
    verifier = json.loads(base64.urlsafe_b64decode(content + "=="))["verifier"]
    digest = hashlib.sha256(verifier.encode()).digest()
    assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == found.asked["code_challenge"]


def test_who_is_taken_out_of_the_settings_may_no_more(tmp_path: Path) -> None:
    with by_openid(tmp_path) as (found, client):
        found.user = {"sub": "1", "email": "Layla@Example.org", "email_verified": True}
        client.get(sent_back(found, client))
        assert client.who == ["oidc/1", ["submit"]]
        cookies = dict(client.cookies)
    with signing_in(tmp_path, accounts={"submit": []}) as origin:
        assert Client(origin, cookies).who == ["oidc/1", []]


def test_an_address_of_mail_counts_only_where_it_is_verified(
    both: tuple[Provider, Client],
) -> None:
    found, client = both
    for verified in ({}, {"email_verified": False}, {"email_verified": "true"}):
        found.user = {"sub": "2", "email": "layla@example.org", **verified}
        client.get(sent_back(found, client))
        assert client.who == ["oidc/2", []]


def test_new_keys_of_the_provider_are_fetched(both: tuple[Provider, Client]) -> None:
    found, client = both
    client.get(sent_back(found, client))
    assert found.paths.count("/keys") == 1
    client.get(sent_back(found, client))
    assert found.paths.count("/keys") == 1
    assert found.paths.count("/.well-known/openid-configuration") == 1


# What must not let anybody in


def refused(client: Client, path: str, status: int = 403) -> None:
    got = client.get(path)
    assert got.status == status, got.body
    assert b"did not confirm who you are" in got.body
    assert client.who is None
    assert COOKIE not in client.cookies


def test_an_answer_that_another_browser_has_asked_for(both: tuple[Provider, Client]) -> None:
    found, client = both
    mine = sent_back(found, client)
    refused(Client(client.origin), mine)  # as a page of another site would send them here
    other = Client(client.origin)
    sent_back(found, other)
    refused(other, mine)


def test_a_state_or_cookie_that_was_changed(both: tuple[Provider, Client]) -> None:
    found, client = both
    path = sent_back(found, client)
    given = dict(parse_qsl(urlsplit(path).query))
    kept = client.cookies[FLOW]
    for state in ("", given["state"][:-1], "é"):
        client.cookies[FLOW] = kept
        refused(client, f"{BACK}?{urlencode({**given, 'state': state})}")
    content, _, seal = kept.partition(".")
    for cookie in ("", content, f"{content}.", f"{content[:-3]}.{seal}", f"{content}.{seal[:-3]}"):
        client.cookies[FLOW] = cookie
        refused(client, path)


def test_a_code_that_was_used(both: tuple[Provider, Client]) -> None:
    found, client = both
    path = sent_back(found, client)
    flow = dict(client.cookies)
    assert client.get(path).status == 303
    refused(Client(client.origin, flow), path, 502)


def test_a_provider_that_refuses(tmp_path: Path, both: tuple[Provider, Client]) -> None:
    found, client = both
    found.user = None
    refused(client, sent_back(found, client))
    assert '"event":"sign-in-failed","by":"openid"' in noted(tmp_path)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"iss": "https://evil.example"},
        {"aud": "another-client"},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"exp": 1},
        {"iat": 4_000_000_000},
        {"at_hash": "x"},
    ],
)
def test_an_id_token_that_is_not_for_this(
    both: tuple[Provider, Client], claims: dict[str, Any]
) -> None:
    found, client = both
    found.claims = claims
    refused(client, sent_back(found, client), 502)


def test_an_id_token_of_another_key(both: tuple[Provider, Client]) -> None:
    found, client = both
    published = list(found.publishes)
    found.rolled()
    found.publishes = published
    refused(client, sent_back(found, client), 502)


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": None},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
)
def test_a_description_that_cannot_be_trusted(
    both: tuple[Provider, Client], changes: dict[str, Any]
) -> None:
    found, client = both
    found.changes = changes
    refused(client, "/sign-in/openid", 502)


def test_a_provider_that_trusts_secrets_of_the_client_s(both: tuple[Provider, Client]) -> None:
    found, client = both
    found.changes = {"id_token_signing_alg_values_supported": ["HS256", "none"]}
    refused(client, sent_back(found, client), 502)


def test_a_provider_that_is_not_there(tmp_path: Path) -> None:
    openid = {"issuer": "http://127.0.0.1:9/", "client": CLIENT}
    with signing_in(tmp_path, accounts={"openid": openid}) as origin:
        refused(Client(origin), "/sign-in/openid", 502)


def test_nobody_is_sent_elsewhere_afterwards(both: tuple[Provider, Client]) -> None:
    found, client = both
    got = client.get(sent_back(found, client, "//evil.example/"))
    assert (got.status, got.headers["location"]) == (303, "/sign-in")


@pytest.mark.parametrize(
    "claims", [{}, {"sub": ""}, {"sub": 1}, {"sub": "a" * 256}, {"sub": "a\nb"}, {"sub": None}]
)
def test_who_has_no_identifier_is_nobody(claims: dict[str, Any]) -> None:
    with pytest.raises(RequestError):
        signed_in(claims, "groups")


@given(st.text(max_size=200))
def test_a_name_holds_nothing_that_is_not_seen(name: str) -> None:
    shown = signed_in({"sub": "1", "name": name}, "groups").account.name
    assert shown and len(shown) <= 100
    assert not any(each in shown for each in "\u202e\u2066\u200f\x00\n\x7f")
