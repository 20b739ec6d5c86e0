"""Who is let in and who is told, as `kgpub.toml` says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgpub.errors import WorkspaceError
from kgpub.service.accounts.granted import Granted
from kgpub.service.tokens.token import Scope
from kgpub.settings import Settings, read_settings, secret_in, serving
from kgpub.submissions.webhooks import secret_of

REQUIRED = """base = "https://example.org/data/"
title = "T"
publisher = "P"
licence = "https://example.org/l"
"""


def settings(folder: Path, text: str) -> Settings:
    (folder / "kgpub.toml").write_text(REQUIRED + text, encoding="utf-8")
    return read_settings(folder)


def test_by_default_nobody_is_let_in_but_by_tokens(tmp_path: Path) -> None:
    found = settings(tmp_path, "")
    accounts = found.serve.accounts
    assert (accounts.trusted_header, accounts.openid.issuer) == ("", "")
    assert accounts.submit == accounts.review == accounts.trusted_proxies == ()
    assert found.notify.webhooks == ()


def test_all_of_it_is_read(tmp_path: Path) -> None:
    found = settings(
        tmp_path,
        """
[serve.accounts]
session_hours = 8
trusted_header = "Remote-User"
trusted_proxies = ["127.0.0.1/32", "::1"]
submit = ["group:desk", "user:layla"]
review = ["email:Layla@Example.org", "sub:248289761001"]

[serve.accounts.openid]
issuer = "https://id.example.org/realms/paper"
client = "kgpub"
secret_file = "openid.secret"

[[notify.webhooks]]
url = "https://hooks.example.org/kgpub?x=1"
secret_file = "hook.secret"
events = ["received"]
""",
    )
    accounts = found.serve.accounts
    assert accounts.session_hours == 8
    granted = Granted.of(accounts)
    assert granted.scopes(["group:desk"]) == {Scope.submit}
    assert granted.scopes(["email:layla@example.org", "user:layla"]) == {
        Scope.submit,
        Scope.review,
    }
    # A name of one kind is none of another.
    assert granted.scopes(["sub:layla", "user:desk", "group:layla", ""]) == set()
    [webhook] = found.notify.webhooks
    assert webhook.events == ("received",)


def test_the_environment_says_it_too(tmp_path: Path) -> None:
    named = {
        "KGPUB_SERVE_ACCOUNTS_REVIEW": "group:editors user:salim",
        "KGPUB_SERVE_ACCOUNTS_OPENID_ISSUER": "https://id.example.org",
        "KGPUB_SERVE_ACCOUNTS_OPENID_CLIENT": "kgpub",
    }
    accounts = serving(settings(tmp_path, ""), named).accounts
    assert accounts.review == ("group:editors", "user:salim")
    assert accounts.openid.client == "kgpub"


HOOK = "[[notify.webhooks]]\nsecret_file = 'x'\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[serve.accounts]\ntrusted_header = 'X-User'\n", 5, "but no trusted_proxies"),
        ("[serve.accounts]\ntrusted_header = 'Authorization'\n", 6, "no name of a header field"),
        ("[serve.accounts]\ntrusted_header = 'X User'\n", 6, "no name of a header field"),
        ("[serve.accounts]\ntrusted_proxies = ['proxy']\n", 6, "neither an IP address"),
        ("[serve.accounts]\nsubmit = ['layla']\n", 6, "none of user:NAME"),
        ("[serve.accounts]\nsubmit = ['user:']\n", 6, "none of user:NAME"),
        ("[serve.accounts]\nsession_hours = 0\n", 6, "less than 1"),
        ("[serve.accounts.openid]\nissuer = 'http://id.example.org'\n", 6, "begin with https"),
        ("[serve.accounts.openid]\nissuer = 'https://id.example.org'\n", 5, "but no client"),
        (f"{HOOK}", 5, "url: is missing"),
        (f"{HOOK}url = 'ftp://example.org/'\n", 7, "does not begin with https"),
        (f"{HOOK}url = 'https://a:b@example.org/'\n", 7, "without a user"),
        (f"{HOOK}url = 'https://example.org:99999/'\n", 7, "without a user"),
        (f"{HOOK}url = 'https://example.org/é'\n", 7, "characters"),
        (f"{HOOK}url = 'https://example.org/'\nevents = []\n", 8, "events: it is empty"),
        (f"{HOOK}url = 'https://example.org/'\nevents = ['all']\n", 8, "none of 'received'"),
        (f"{HOOK}url = 'https://example.org/'\nevent = ['x']\n", 8, "unknown key"),
        ("[notify]\nhosts = []\n", 6, "unknown key"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    with pytest.raises(WorkspaceError) as told:
        settings(tmp_path, text)
    assert words in str(told.value)
    assert f"kgpub.toml:{line}:1" in told.value.message
    assert told.value.remedy


def test_secrets_stand_in_files_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("  a-secret\n", encoding="utf-8")
    assert secret_in(path) == "a-secret"
    for content in (b"", b" \n", b"two secrets", b"\xff", b"a" * 5_000):
        path.write_bytes(content)
        with pytest.raises(WorkspaceError) as told:
            secret_in(path)
        assert told.value.remedy
    for wrong in (tmp_path, tmp_path / "none"):
        with pytest.raises(WorkspaceError, match="cannot be read"):
            secret_in(wrong)


@pytest.mark.parametrize(
    "text", ["", "whsec_", "whsec_YQ==", "whsec_!", "MfKQ9r8GKYqrTwjUPD8ILPZI"]
)
def test_a_secret_of_a_webhook_is_long_enough(text: str) -> None:
    with pytest.raises(WorkspaceError, match="no secret of webhooks") as told:
        secret_of(text, "hook.secret")
    assert "openssl rand" in told.value.remedy
