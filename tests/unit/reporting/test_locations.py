"""Paths in SARIF and in GitHub's annotations, of workspaces in folders of a repository."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kgpub.errors import Place, Problem
from kgpub.messages import Message
from kgpub.reporting import FORMS, Verdict, base_of


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A git repository with a workspace in `data/ws`, and a file beside the repository."""
    root = tmp_path / "checkout"
    (root / "data/ws/articles").mkdir(parents=True)
    (root / ".git").mkdir()
    for file in (root / "data/ws/articles/a b.yaml", root / "data/new.yaml", tmp_path / "out.yaml"):
        file.write_text("x", encoding="utf-8")
    return root


def verdict(root: Path, base: Path | None, *files: str) -> Verdict:
    problems = tuple(Problem(Place(file, 1, 1), Message("file-empty")) for file in files)
    return Verdict(False, problems, files, root=root, base=base)


def told(form: str, of: Verdict) -> str:
    return "".join(FORMS[form](of))


def test_the_repository_is_found_above_the_workspace(repository: Path, tmp_path: Path) -> None:
    workspace = repository / "data/ws"
    assert base_of(workspace, {}, tmp_path) == repository.resolve()
    # A worktree or submodule has a file there.
    (repository / "data/.git").write_text("gitdir: elsewhere", encoding="utf-8")
    assert base_of(workspace, {}, tmp_path) == (repository / "data").resolve()


def test_what_github_says_comes_first(repository: Path, tmp_path: Path) -> None:
    workspace = repository / "data/ws"
    (tmp_path / "link").symlink_to(repository)
    for named in (repository, tmp_path / "link"):
        assert (
            base_of(workspace, {"GITHUB_WORKSPACE": str(named)}, Path("/")) == repository.resolve()
        )
    elsewhere = {"GITHUB_WORKSPACE": str(tmp_path / "other")}
    assert base_of(workspace, elsewhere, Path("/")) == repository.resolve()


def test_without_a_repository_it_is_the_current_folder(tmp_path: Path) -> None:
    (tmp_path / "ws").mkdir()
    assert base_of(tmp_path / "ws", {}, tmp_path) == tmp_path.resolve()
    assert base_of(tmp_path, {}, tmp_path / "ws") is None


def test_both_forms_have_paths_below_the_repository(repository: Path, tmp_path: Path) -> None:
    workspace = repository / "data/ws"
    outside = (tmp_path / "out.yaml").resolve()
    files = ("articles/a b.yaml", str((repository / "data/new.yaml").resolve()), str(outside))
    of = verdict(workspace.resolve(), repository.resolve(), *files, "kgpub")
    lines = told("github", of).splitlines()
    assert {line.partition("file=")[2].partition(",")[0] for line in lines} == {
        "data/ws/articles/a b.yaml",
        "data/new.yaml",
        str(outside),
        "kgpub",  # the place of what no file describes
    }
    (run,) = json.loads(told("sarif", of))["runs"]
    found = [
        result["locations"][0]["physicalLocation"]["artifactLocation"] for result in run["results"]
    ]
    assert sorted(found, key=lambda each: each["uri"]) == sorted(
        [
            {"uri": "data/ws/articles/a%20b.yaml", "uriBaseId": "%SRCROOT%"},
            {"uri": "data/new.yaml", "uriBaseId": "%SRCROOT%"},
            {"uri": outside.as_uri()},
            {"uri": "kgpub", "uriBaseId": "%SRCROOT%"},
        ],
        key=lambda each: each["uri"],
    )
    assert "uri" not in run["originalUriBaseIds"]["%SRCROOT%"]  # the same on every machine
