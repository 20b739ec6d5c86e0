"""RDF data that comes from a pipe, as a shell's `<(…)` gives it."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.cli.processes import finished

KGPUB = f'"{sys.executable}" -m kgpub'
SHAPES = (
    "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:S> a sh:NodeShape ; sh:targetNode <urn:a> ;"
    " sh:property [ sh:path <urn:p> ; sh:minLength 3 ] .\n"
)


def test_data_from_a_pipe_are_validated_and_shown(tmp_path: Path) -> None:
    (tmp_path / "s.ttl").write_text(SHAPES, encoding="utf-8")
    (tmp_path / "d.ttl").write_text('<urn:a>\n  <urn:p> "ab" .\n', encoding="utf-8")
    line = f"{KGPUB} validate <(cat d.ttl) -s s.ttl -df turtle"
    done = finished("bash", "-c", line, cwd=tmp_path)
    assert done.returncode == 1
    first, shown, underlined, *_ = done.stdout.splitlines()
    assert first.startswith("/dev/fd/") and ":2:11: error: " in first
    assert '<urn:p> "ab" .' in shown and "^^^^" in underlined


def test_of_a_pipe_the_format_is_to_be_named(tmp_path: Path) -> None:
    (tmp_path / "s.ttl").write_text(SHAPES, encoding="utf-8")
    done = finished("bash", "-c", f"{KGPUB} validate <(echo) -s s.ttl", cwd=tmp_path)
    assert done.returncode == 2
    assert "the ending tells no RDF format" in done.stderr


def test_what_is_neither_a_file_nor_a_pipe_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "s.ttl").write_text(SHAPES, encoding="utf-8")
    done = finished("bash", "-c", f"{KGPUB} validate /dev/zero -s s.ttl -df nt", cwd=tmp_path)
    assert done.returncode == 2
    assert "is neither a file nor a pipe" in done.stderr
