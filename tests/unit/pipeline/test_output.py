"""What a killed build leaves beside the output, and what becomes of it with the next one."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgpub.errors import OutputError
from kgpub.pipeline.output import OutputFolder

NAMES = ("context.jsonld", "dataset.nq", "report.ttl", "ontology/a.ttl")


def contents(text: str) -> dict[str, list[bytes]]:
    return {name: [text.encode()] for name in NAMES}


def build(folder: OutputFolder, text: str) -> None:
    folder.prepare(contents(text), folder.digest)
    folder.publish()


def texts(path: Path) -> set[str]:
    return {(path / name).read_text(encoding="utf-8") for name in NAMES}


@pytest.fixture
def folder(tmp_path: Path) -> OutputFolder:
    made = OutputFolder(tmp_path / "output")
    build(made, "one")
    assert made.intact()
    return made


def test_killed_while_it_was_prepared(folder: OutputFolder) -> None:
    partial = folder.path.with_name(".output.kgpub-new")
    (partial / "ontology").mkdir(parents=True)
    (partial / "dataset.nq").write_text("hal", encoding="utf-8")
    build(folder, "two")
    assert texts(folder.path) == {"two"}
    assert [path.name for path in folder.path.parent.iterdir()] == ["output"]


def test_killed_between_the_two_renames(folder: OutputFolder) -> None:
    digest = folder.digest
    folder.prepare(contents("two"), digest)
    folder.path.rename(folder.path.with_name(".output.kgpub-old"))
    # A build that fails now finds and leaves the previous output.
    with pytest.raises(OutputError):
        folder.prepare({"x" * 300: [b""], **contents("three")}, digest)
    assert texts(folder.path) == {"one"}
    assert folder.intact()
    build(folder, "three")
    assert texts(folder.path) == {"three"}
    assert [path.name for path in folder.path.parent.iterdir()] == ["output"]


def test_killed_before_the_old_one_was_removed(folder: OutputFolder) -> None:
    digest = folder.digest
    folder.path.rename(folder.path.with_name(".output.kgpub-old"))
    other = OutputFolder(folder.path.with_name("other"))
    build(other, "two")
    other.path.rename(folder.path)
    folder.prepare(contents("three"), digest)
    folder.publish()
    assert texts(folder.path) == {"three"}
    assert [path.name for path in folder.path.parent.iterdir()] == ["output"]


def test_files_of_another_version_go_where_the_list_is_known(folder: OutputFolder) -> None:
    digest = folder.digest
    fewer = {name: [b"two"] for name in NAMES if name != "ontology/a.ttl"}
    with pytest.raises(OutputError, match=r"did not write: ontology"):
        folder.prepare(fewer)
    folder.prepare(fewer, digest)
    folder.publish()
    assert not (folder.path / "ontology").exists()


def test_what_cannot_be_replaced_leaves_nothing_beside(folder: OutputFolder) -> None:
    folder.prepare(contents("two"), folder.digest)
    folder.discard()
    with pytest.raises(OutputError, match="cannot be replaced"):
        folder.publish()
    assert texts(folder.path) == {"one"}
    assert [path.name for path in folder.path.parent.iterdir()] == ["output"]
