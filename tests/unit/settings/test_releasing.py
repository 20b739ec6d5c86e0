"""What releases say of where they are found: options, over the environment, over [release]."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kgpub.errors import CallError, WorkspaceError
from kgpub.release.asked import Asked
from kgpub.settings import Releasing, Settings, read_settings

REQUIRED = """base = "https://example.org/data/"
title = "T"
publisher = "P"
licence = "https://example.org/l"
"""
TABLE = """[release]
at = "https://example.org/dumps/"
endpoint = "https://example.org/sparql"
contact = "me@example.org"
key = "keys/id"
"""


def settings(folder: Path, text: str) -> Settings:
    (folder / "kgpub.toml").write_text(REQUIRED + text, encoding="utf-8")
    return read_settings(folder)


def test_without_a_table_nothing_is_said(tmp_path: Path) -> None:
    assert settings(tmp_path, "").release == Releasing()
    assert Asked().completed(Releasing(), tmp_path) == Asked()


def test_what_is_not_asked_is_as_the_table_says(tmp_path: Path) -> None:
    completed = Asked(version="3").completed(settings(tmp_path, TABLE).release, tmp_path)
    assert completed == Asked(
        version="3",
        place="https://example.org/dumps/",
        endpoint="https://example.org/sparql",
        contact="me@example.org",
        key=tmp_path / "keys/id",
    )


def test_what_is_asked_holds_against_the_table(tmp_path: Path) -> None:
    asked = Asked(
        place="https://other.example/",
        endpoint="https://other.example/sparql",
        contact="https://other.example/me",
        key=Path("other"),
    )
    assert asked.completed(settings(tmp_path, TABLE).release, tmp_path) == asked


def test_a_key_may_lie_in_one_s_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    found = settings(tmp_path, '[release]\nkey = "~/.ssh/id"\n').release
    assert Asked().completed(found, tmp_path).key == tmp_path / "home/.ssh/id"
    nobody = settings(tmp_path, '[release]\nkey = "~no-such-user-here/id"\n').release
    with pytest.raises(CallError, match="home of nobody"):
        Asked().completed(nobody, tmp_path)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('at = "dumps"', "release.at: it does not begin with https:// or http://"),
        ('at = "https://example.org/?x"', "release.at: it holds ? or #"),
        ("at = 3", "release.at: it is no text"),
        ('endpoint = "file:///etc/passwd"', "release.endpoint: it does not begin with https://"),
        ('contact = "me@"', "release.contact: it is no address of mail or web"),
        ('key = ""', "release.key: it is empty"),
        ('kee = "x"', "unknown key 'release.kee'"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(WorkspaceError, match=r"kgpub\.toml:6:1: " + re.escape(told)) as raised:
        settings(tmp_path, f"[release]\n{line}\n")
    assert raised.value.remedy
