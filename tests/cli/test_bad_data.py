"""RDF files and submissions that no memory would hold, or that no Unicode has."""

from __future__ import annotations

from pathlib import Path

import pytest
import zstandard
from tests.cli.processes import measured
from tests.conftest import Run

GIGABYTE = 10**9
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
<urn:S> a sh:NodeShape ; sh:targetSubjectsOf <urn:p> ; sh:property <urn:P> .
<urn:P> sh:path <urn:p> ; sh:maxLength 9 .
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "s.ttl").write_text(SHAPES)
    return tmp_path


@pytest.mark.parametrize("ending", ["nt", "ttl"])
def test_a_literal_of_a_gigabyte_is_not_held(folder: Path, ending: str) -> None:
    name = f"d.{ending}.zst"
    with zstandard.open(folder / name, "wb") as stream:
        stream.write(b'<urn:a> <urn:p> "')
        for _ in range(GIGABYTE // 10**6):
            stream.write(b"x" * 10**6)
        stream.write(b'" .\n')
    assert (folder / name).stat().st_size < 10**6
    done, size = measured("validate", name, "-s", "s.ttl", cwd=folder)
    assert done.returncode == 1
    assert f"{name}:1:17: error: a value that began here has not ended after 16 MiB" in done.stdout
    assert "Traceback" not in done.stderr
    assert size < GIGABYTE // 2


def test_a_submission_with_words_of_a_gigabyte_is_not_read(example: Path) -> None:
    path = example / "articles" / "example" / "more.yaml"
    with path.open("wb") as stream:
        stream.write(b"article: example\nstatements:\n  - words: x")
        stream.truncate(GIGABYTE)
    done, size = measured("validate", cwd=example)
    assert done.returncode == 1
    assert "more.yaml:1:1: error: has 1,000,000,000 bytes; at most" in done.stdout
    assert size < GIGABYTE // 2


def test_a_lone_surrogate_in_rdf_is_told_at_its_place(folder: Path, kgpub: Run) -> None:
    (folder / "d.ttl").write_text('<urn:a> <urn:p> "x" .\n<urn:a> <urn:p> "\\uD800" .\n')
    done = kgpub("validate", "d.ttl", "-s", "s.ttl", cwd=folder)
    assert done.returncode == 1
    assert done.stdout.startswith("d.ttl:2:18: error: not Turtle: ")
    assert "\\uD800" in done.stdout and "Traceback" not in done.stderr


def test_a_lone_surrogate_in_a_submission_is_told_at_its_place(example: Path, kgpub: Run) -> None:
    path = example / "articles" / "example" / "more.json"
    path.write_text('{"article": "example",\n "statements": [{"words": "\\ud800"}]}')
    done = kgpub("validate", cwd=example)
    assert done.returncode == 1
    assert "more.json:2:27: error: an unpaired surrogate" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_submission_whose_article_is_not_there(example: Path, kgpub: Run, tmp_path: Path) -> None:
    sent = tmp_path / "sent.yaml"
    sent.write_text("article: no-such-article\nstatements: []\n")
    done = kgpub("validate", str(sent), cwd=example)
    assert done.returncode == 1
    assert "error: there is no article 'no-such-article' here" in done.stdout
    assert "Add its folder first." in done.stdout
    assert done.stdout.endswith("refused: 1 error, 0 warnings, 0 infos\n")
