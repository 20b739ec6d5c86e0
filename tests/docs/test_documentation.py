"""What the documentation says is what there is."""

from __future__ import annotations

import re
import shlex
import tomllib
from itertools import chain

import pytest
import typer
from tests.conftest import REPOSITORY
from typer.testing import CliRunner

from kgpub.cli.app import app
from kgpub.vocabulary.schema import schema

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
SUBMISSIONS = (REPOSITORY / "docs/submissions.md").read_text(encoding="utf-8")
DEPENDENCIES = (REPOSITORY / "docs/dependencies.md").read_text(encoding="utf-8")
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def shell_lines() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def test_every_command_is_in_the_readme() -> None:
    missing = [name for name in COMMANDS if f"kgpub {name}" not in README]
    assert missing == []


@pytest.mark.parametrize("line", [line for line in shell_lines() if "kgpub " in line])
def test_the_readme_s_commands_have_the_options_it_gives_them(line: str) -> None:
    for part in re.split(r"&&|<", line):
        words = shlex.split(part, comments=True)
        if words[:1] != ["kgpub"]:
            continue
        reached = [COMMANDS[words[1]]]
        for word in words[2:]:  # a command of several
            if (inner := getattr(reached[-1], "commands", {}).get(word)) is not None:
                reached.append(inner)
        command = reached[-1]
        known = {option for each in command.params for option in each.opts}
        assert {word for word in words[2:] if word.startswith("-") and word != "-"} <= known


def test_make_s_targets_are_those_of_the_readme() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"make (\w+)", README):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_key_of_a_submission_is_documented() -> None:
    described = schema("https://example.org/")
    documented = set(re.findall(r"`([a-z@-]+)`", SUBMISSIONS))
    documented |= set(re.findall(r"`([a-z-]+)`: ", SUBMISSIONS))
    writable = set().union(*described.allowed.values()) - {"article", "statements"}
    computed = {key for key in described.terms if key not in writable}
    assert sorted(writable - documented) == []
    assert (
        sorted(key for key in computed - {"article", "statements"} if f"| `{key}`" in SUBMISSIONS)
        == []
    )


def test_links_lead_to_files() -> None:
    for file in (REPOSITORY / "README.md", *(REPOSITORY / "docs").rglob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)\)", file.read_text(encoding="utf-8")):
            assert (file.parent / target).exists(), f"{file.name}: {target}"


def test_every_dependency_has_its_line() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *chain.from_iterable(project["optional-dependencies"].values()),
    ]
    names = {re.split(r"[\[<>=;! ]", name)[0] for name in wanted if not name.startswith("types-")}
    missing = [name for name in names if not re.search(rf"\b{re.escape(name)}\b", DEPENDENCIES)]
    assert sorted(missing) == []


def test_every_decision_is_at_most_a_page() -> None:
    for path in (REPOSITORY / "docs/decisions").glob("*.md"):
        assert len(path.read_text(encoding="utf-8").split()) < 900, path.name


def test_help_of_every_command_names_its_options() -> None:
    runner = CliRunner()
    for name, command in COMMANDS.items():
        text = runner.invoke(app, [name, "--help"], env={"COLUMNS": "200"}).output
        for parameter in command.params:
            if isinstance(parameter, typer.core.TyperOption):
                assert parameter.help, (name, parameter.name)
                assert parameter.opts[0] in text
