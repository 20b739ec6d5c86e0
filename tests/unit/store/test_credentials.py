"""Where credentials come from, and which are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgpub.errors import CallError
from kgpub.store.credentials import Credentials, Scheme, credentials


def file(folder: Path, content: str, mode: int = 0o600) -> Path:
    path = folder / "store.toml"
    path.write_text(content, encoding="utf-8")
    path.chmod(mode)
    return path


def test_none() -> None:
    assert credentials({}) is None
    assert credentials({"KGPUB_STORE_TOKEN": "", "KGPUB_SERVE_PORT": "1"}) is None


def test_the_environment() -> None:
    basic = credentials({"KGPUB_STORE_USER": "me", "KGPUB_STORE_PASSWORD": "x y"})
    assert basic == Credentials(Scheme.basic, "x y", "me")
    digest = credentials(
        {"KGPUB_STORE_USER": "me", "KGPUB_STORE_PASSWORD": "x", "KGPUB_STORE_SCHEME": "digest"}
    )
    assert digest == Credentials(Scheme.digest, "x", "me")
    assert credentials({"KGPUB_STORE_TOKEN": "t"}) == Credentials(Scheme.bearer, "t")


def test_a_variable_that_is_misspelt() -> None:
    with pytest.raises(CallError, match="unknown variable 'KGPUB_STORE_PASWORD'") as told:
        credentials({"KGPUB_STORE_USER": "me", "KGPUB_STORE_PASWORD": "s3cret"})
    assert "KGPUB_STORE_PASSWORD" in told.value.remedy
    assert "s3cret" not in str(told.value)


def test_a_file_holds_against_the_environment(tmp_path: Path) -> None:
    path = file(tmp_path, "user = 'كاظم'\npassword = \"كلمة\"\n")
    found = credentials({"KGPUB_STORE_TOKEN": "t"}, path)
    assert found == Credentials(Scheme.basic, "كلمة", "كاظم")


def test_a_file_that_is_missing_is_told_with_what_it_holds(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="cannot be read: No such file") as told:
        credentials({}, tmp_path / "none.toml")
    assert told.value.remedy.startswith("Name a TOML file that you may read. It has user and")


def test_a_secret_does_not_show() -> None:
    shown = repr(Credentials(Scheme.basic, "s3cret", "me"))
    assert "s3cret" not in shown
    assert "me" in shown


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("user = 's3cret", "is not TOML"),
        ("user = 's3cret'", "basic has user and password, and nothing else"),
        ("user = 'a'\npassword = 's3cret'\ntoken = 's3cret'", "bearer has a token, and nothing"),
        ("user = 'a:b'\npassword = 's3cret'", "no user of basic has a colon"),
        ("token = 's3 cret'", "characters that no header has"),
        ('token = "s3cret\\nX-Other: 1"', "characters that are not printable"),
        ("scheme = 'ntlm'\nuser = 'a'\npassword = 's3cret'", "none of basic, digest, bearer"),
        ("scheme = 'bearer'", "bearer has a token"),
        ("pasword = 's3cret'", "'pasword' is no key of credentials"),
        ("password = 3", "'password' is no key of credentials, or no text"),
        ("#" * 70_000, "more than 65,536 bytes"),
    ],
)
def test_what_does_not_go_together(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(CallError, match=message) as told:
        credentials({}, file(tmp_path, content))
    assert "s3cret" not in str(told.value)
    assert told.value.remedy


@pytest.mark.parametrize("mode", [0o604, 0o644, 0o602, 0o640, 0o660, 0o620])
def test_a_file_that_others_may_read_or_write(tmp_path: Path, mode: int) -> None:
    path = file(tmp_path, "token = 't'", mode)
    with pytest.raises(CallError, match="other users of this machine may read or write it") as told:
        credentials({}, path)
    assert "chmod 600" in told.value.remedy


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="cannot be read: No such file"):
        credentials({}, tmp_path / "none.toml")
    with pytest.raises(CallError, match="cannot be read: Is a directory"):
        credentials({}, tmp_path)
