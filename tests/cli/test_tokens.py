"""`kgpub token`: what a person sees of the tokens of a workspace."""

from __future__ import annotations

import json
import re
import stat
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kgpub.cli.tokens import tokens
from kgpub.errors import KgpubError, WorkspaceError
from kgpub.service.tokens.admission import Admission
from kgpub.service.tokens.keeping import KeptTokens

RUNNER = CliRunner()
TEXT = re.compile(r"kgpub_[a-z2-7]{8}_[a-z2-7]{52}")


def called(workspace: Path, *arguments: str) -> Result:
    return RUNNER.invoke(
        tokens, [*arguments, "--workspace", str(workspace)], env={"COLUMNS": "200"}
    )


def test_a_token_is_printed_once_and_let_in(example: Path) -> None:
    made = called(example, "create", "-s", "update", "-s", "submit", "--name", "نوري")
    assert made.exit_code == 0
    text = made.stdout.strip()
    assert TEXT.fullmatch(text)  # alone on standard output, for $(…)
    kept = KeptTokens(example / ".kgpub")
    holder = Admission(kept, lambda: datetime.now(UTC), lambda: 0.0).holder(f"Bearer {text}")
    assert holder is not None
    assert {scope.value for scope in holder.scopes} == {"update", "submit"}
    assert holder.expires is None
    assert f"kgpub token revoke {holder.id}" in made.stderr
    listed = called(example, "list").stdout
    assert text not in listed
    assert [word in listed for word in (holder.id, "نوري", "submit, update", "never")] == [True] * 4
    path = example / ".kgpub/tokens.json"
    assert text.split("_")[2] not in path.read_text(encoding="utf-8")
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_one_that_ends_says_so(example: Path) -> None:
    assert called(example, "create", "-s", "review", "--expires", "3").exit_code == 0
    (token,) = KeptTokens(example / ".kgpub").tokens()
    assert token.expires is not None
    left = token.expires - datetime.now(UTC)
    assert timedelta(days=3) - timedelta(minutes=5) < left <= timedelta(days=3)
    path = example / ".kgpub/tokens.json"
    content = json.loads(path.read_text())
    content["tokens"][0]["expires"] = "2020-01-01T00:00:00+00:00"
    path.write_text(json.dumps(content))
    assert "2020-01-01 00:00 UTC (expired)" in called(example, "list").stdout


def test_a_revoked_one_is_gone(example: Path) -> None:
    text = called(example, "create", "-s", "update").stdout.strip()
    id_ = text.split("_")[1]
    assert called(example, "revoke", id_).stdout == f"Revoked: {id_}\n"
    assert "There are no tokens" in called(example, "list").stdout
    again = called(example, "revoke", id_)
    assert isinstance(again.exception, KgpubError)
    assert "kgpub token list" in again.exception.remedy


@pytest.mark.parametrize(
    "arguments",
    [
        ("create",),
        ("create", "-s", "root"),
        ("create", "-s", "update", "--expires", "0"),
        ("create", "-s", "update", "--expires", "-1"),
        ("create", "-s", "update", "--expires", "999999999999"),
        ("create", "-s", "update", "--name", "a\x1b[2J"),
        ("create", "-s", "update", "--name", "x" * 101),
        ("revoke",),
        ("revoke", "../../etc/passwd"),
        ("revoke", "\udcff"),
    ],
)
def test_a_wrong_call_makes_nothing(example: Path, arguments: tuple[str, ...]) -> None:
    done = called(example, *arguments)
    assert done.exit_code == 2 or isinstance(done.exception, KgpubError)
    assert not (example / ".kgpub/tokens.json").exists()


def test_it_needs_a_workspace(tmp_path: Path) -> None:
    done = called(tmp_path, "create", "-s", "update")
    assert isinstance(done.exception, WorkspaceError)
    assert not (tmp_path / ".kgpub").exists()
