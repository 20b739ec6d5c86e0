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
    folder.prepare(contents(text), folder.listing)
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
    listing = folder.listing
    folder.prepare(contents("two"), listing)
    folder.path.rename(folder.path.with_name(".output.kgpub-old"))
    # A build that fails now finds and leaves the previous output.
    with pytest.raises(OutputError):
        folder.prepare({"x" * 300: [b""], **contents("three")}, listing)
    assert texts(folder.path) == {"one"}
    assert folder.intact()
    build(folder, "three")
    assert texts(folder.path) == {"three"}
    assert [path.name for path in folder.path.parent.iterdir()] == ["output"]


def test_killed_before_the_old_one_was_removed(folder: OutputFolder) -> None:
    listing = folder.listing
    folder.path.rename(folder.path.with_name(".output.kgpub-old"))
    other = OutputFolder(folder.path.with_name("other"))
    build(other, "two")
    other.path.rename(folder.path)
    folder.prepare(contents("three"), listing)
    folder.publish()
    assert texts(folder.path) == {"three"}
    assert [path.name for path in folder.path.parent.iterdir()] == ["output"]


def test_files_of_another_version_go_where_the_list_is_known(folder: OutputFolder) -> None:
    listing = folder.listing
    fewer = {name: [b"two"] for name in NAMES if name != "ontology/a.ttl"}
    with pytest.raises(OutputError, match=r"did not write: ontology"):
        folder.prepare(fewer)
    folder.prepare(fewer, listing)
    folder.publish()
    assert not (folder.path / "ontology").exists()


def test_what_cannot_be_replaced_leaves_nothing_beside(folder: OutputFolder) -> None:
    folder.prepare(contents("two"), folder.listing)
    folder.discard()
    with pytest.raises(OutputError, match="cannot be replaced"):
        folder.publish()
    assert texts(folder.path) == {"one"}
    assert [path.name for path in folder.path.parent.iterdir()] == ["output"]


def test_without_its_list_what_is_as_it_was_written_is_known(folder: OutputFolder) -> None:
    listing = folder.listing
    (folder.path / "SHA256SUMS").unlink()
    (folder.path / "dataset.nq").unlink()
    with pytest.raises(OutputError, match=r"did not write: context\.jsonld"):
        folder.prepare(contents("two"))
    folder.prepare(contents("two"), listing)
    folder.publish()
    assert texts(folder.path) == {"two"}


@pytest.mark.parametrize("written", ["one ", "", "ones"])
def test_without_its_list_what_was_changed_is_not(folder: OutputFolder, written: str) -> None:
    listing = folder.listing
    (folder.path / "SHA256SUMS").unlink()
    (folder.path / "ontology/a.ttl").write_text(written, encoding="utf-8")
    with pytest.raises(OutputError, match="did not write: ontology\n"):
        folder.prepare(contents("two"), listing)
    assert (folder.path / "ontology/a.ttl").read_text(encoding="utf-8") == written


@pytest.mark.parametrize("written", ["0" * 64, "a  b  c\nd", "\n"])
def test_a_list_that_is_none_makes_nothing_kgpubs(folder: OutputFolder, written: str) -> None:
    (folder.path / "SHA256SUMS").unlink()
    with pytest.raises(OutputError, match="no SHA256SUMS says so"):
        folder.prepare(contents("two"), written)
