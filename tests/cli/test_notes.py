"""Why more was validated than had changed is told on standard error, and only there."""

from __future__ import annotations

import json
import sqlite3
from functools import partial
from pathlib import Path

import pytest
from tests.cli.test_against_published import FIRST, LATER, write
from typer.testing import CliRunner

from kgpub.cli import app as commands
from kgpub.cli import validating
from kgpub.pipeline.workspace import Workspace

SECOND = "articles/second/facts.yaml"
NOTE = "note: everything is validated: "


@pytest.fixture
def run(example: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """A workspace that is built, of which changes alone are validated however small it is."""
    incremental = partial(Workspace, incremental_from=1)
    for module in (commands, validating):
        monkeypatch.setattr(module, "Workspace", incremental)
    monkeypatch.chdir(example)
    write(example, "first", FIRST, "2020-05-01")
    write(example, "second", LATER[1:], "2021-06-02")
    incremental(example).build()
    return CliRunner()


def change() -> None:
    path = Path(SECOND)
    path.write_text(path.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")


def damage() -> None:
    """Make what was published of a file unreadable, so that nobody can tell what has changed."""
    with sqlite3.connect(".kgpub/cache.sqlite") as connection:
        connection.execute("UPDATE published SET quads = x'00' WHERE file = ?", [SECOND])
    connection.close()


def test_where_there_is_nothing_to_tell_there_is_no_note(run: CliRunner) -> None:
    change()
    for call in (["validate", SECOND], ["build"]):
        done = run.invoke(commands.app, call)
        assert (done.exit_code, done.stderr) == (0, "")


def test_validate_tells_why_everything_was_validated(run: CliRunner) -> None:
    change()
    damage()
    done = run.invoke(commands.app, ["validate", SECOND, "-f", "json"])
    assert done.exit_code == 0
    assert done.stderr.startswith(NOTE) and done.stderr.count("\n") == 1
    assert json.loads(done.stdout)["accepted"] is True


def test_build_tells_why_everything_was_validated(run: CliRunner) -> None:
    change()
    damage()
    done = run.invoke(commands.app, ["build"])
    assert done.exit_code == 0
    assert done.stderr.startswith(NOTE) and done.stderr.count("\n") == 1
    assert "note" not in done.stdout
