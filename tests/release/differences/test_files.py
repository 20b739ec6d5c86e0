"""Any dump becomes the same sorted lines; what is wrong in one is told with its place."""

from __future__ import annotations

import gzip
import hashlib
import os
import random
import re
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest
import zstandard
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    parse,
    serialize,
)
from tests.conftest import REPOSITORY

from kgpub.errors import CallError, SubmissionErrors
from kgpub.release.differences import files
from kgpub.release.differences.canonical import is_canonical
from kgpub.release.differences.comparing import compare
from kgpub.release.differences.files import sorted_file

SEED = REPOSITORY / "output/dataset.nq"
LINE = b'<http://a/s> <http://a/p> "o" <http://a/g> .\n'


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def seed_quads() -> list[Quad]:
    return list(parse(SEED.read_bytes(), RdfFormat.N_QUADS))


def shuffled(content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    random.Random(7).shuffle(lines)
    return b"".join(lines)


def rdf(form: RdfFormat) -> bytes:
    content = serialize(seed_quads(), format=form)
    assert content is not None
    return content


DUMPS: dict[str, Callable[[], bytes]] = {
    "sorted.nq": SEED.read_bytes,
    "unsorted.nq": lambda: shuffled(SEED.read_bytes()),
    "twice.nq": lambda: SEED.read_bytes() * 2,
    "unended.nq": lambda: SEED.read_bytes().rstrip(b"\n"),
    "windows.nq": lambda: SEED.read_bytes().replace(b"\n", b"\r\n"),
    "spaced.nq": lambda: b"# a dump\n\n" + SEED.read_bytes().replace(b"> <", b">\t  <"),
    "escaped.nq": lambda: re.sub(
        "[\u0600-\u06ff]", lambda found: f"\\u{ord(found[0]):04x}", SEED.read_text("utf-8")
    ).encode(),
    "typed.nq": lambda: re.sub(
        rb'(> "(?:[^"\\]|\\.)*")( <[^>]*> \.\n)',
        rb"\1^^<http://www.w3.org/2001/XMLSchema#string>\2",
        SEED.read_bytes(),
    ),
    "tags.nq": lambda: SEED.read_bytes().replace(b'"@ar', b'"@AR'),
    "dump.nq.gz": lambda: gzip.compress(SEED.read_bytes(), mtime=0),
    "dump.nq.zst": lambda: zstandard.compress(shuffled(SEED.read_bytes())),
    "dump.trig": lambda: rdf(RdfFormat.TRIG),
    "dump.trig.gz": lambda: gzip.compress(rdf(RdfFormat.TRIG), mtime=0),
    "dump.jsonld": lambda: (
        (REPOSITORY / "output/dataset.jsonld").read_bytes() and rdf(RdfFormat.JSON_LD)
    ),
}


@pytest.mark.parametrize("name", DUMPS)
def test_each_form_of_a_dataset_is_the_same(tmp_path: Path, work: Path, name: str) -> None:
    dump = tmp_path / name
    dump.write_bytes(DUMPS[name]())
    there = compare(SEED, dump, work)
    assert not there
    other = tmp_path / "other"
    other.mkdir()
    back = compare(dump, SEED, other)
    assert not back
    assert b"".join(there.after.blocks()) == b"".join(back.before.blocks()) == SEED.read_bytes()


@pytest.mark.parametrize("form", [RdfFormat.TURTLE, RdfFormat.RDF_XML, RdfFormat.N_TRIPLES])
def test_dumps_without_graphs_are_compared_with_each_other(
    tmp_path: Path, work: Path, form: RdfFormat
) -> None:
    triples = [Quad(*quad.triple) for quad in seed_quads()]
    ending = {RdfFormat.TURTLE: "ttl", RdfFormat.RDF_XML: "rdf", RdfFormat.N_TRIPLES: "nt"}[form]
    one, other = tmp_path / f"one.{ending}", tmp_path / "other.nt"
    one.write_bytes(serialize(triples, format=form) or b"")
    other.write_bytes(serialize(reversed(triples), format=RdfFormat.N_TRIPLES) or b"")
    assert not compare(one, other, work)


def test_the_digest_is_that_of_rdfc_1_0(work: Path) -> None:
    dataset = Dataset(seed_quads())
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    lines = sorted(f"{quad} .\n" for quad in dataset)
    expected = hashlib.sha256("".join(lines).encode()).hexdigest()
    assert sorted_file(SEED, work).digest == expected


def test_a_quad_in_two_spellings_is_one(tmp_path: Path, work: Path) -> None:
    """What one file has twice, and the other once, is in both: nothing may be removed."""
    typed = LINE.replace(b'"o"', b'"o"^^<http://www.w3.org/2001/XMLSchema#string>')
    one, other = tmp_path / "one.nq", tmp_path / "other.nq"
    one.write_bytes(LINE + typed)
    other.write_bytes(typed)
    assert not compare(one, other, work)


@pytest.mark.parametrize(
    "line",
    [
        LINE.replace(b" .", b"  ."),
        LINE.replace(b'"o"', b'"\\u006F"'),
        LINE.replace(b'"o"', b'"\xef\xbf\xbe"'),
        LINE.replace(b'"o"', b'"\x07"'),
        LINE.replace(b'"o"', b'"\\u0008"'),
        LINE.replace(b'"o"', b'"o"@AR'),
        LINE.replace(b'"o"', b'"o"^^<http://www.w3.org/2001/XMLSchema#string>'),
        LINE.replace(b'"o"', b'"\xff"'),
        LINE.replace(b'"o"', b"_:b"),
        LINE.replace(b"http://a/p", b"p"),
        b"# " + LINE,
        b"\n",
    ],
)
def test_lines_in_another_form_are_seen(line: bytes) -> None:
    assert is_canonical(LINE)
    assert not is_canonical(line)
    assert not is_canonical(LINE + line + LINE)


def test_every_line_that_oxigraph_writes_is_in_the_form() -> None:
    a = NamedNode("http://a/é#x")
    codes = chain(range(0xD800), range(0xE000, 0x10800), range(0xFFFE0, 0x100000))
    for code in codes:
        for value in (Literal(chr(code)), Literal(chr(code), language="ar-iq")):
            assert is_canonical(f"{Quad(a, a, value, a)} .\n".encode()), hex(code)


@pytest.mark.parametrize(
    ("name", "content", "line", "column", "words"),
    [
        ("x.nq", LINE + b"<http://a/s> <http://a/p> .\n", 2, 27, "not N-Quads"),
        ("x.nq", LINE * 3 + b'<http://a/s> <http://a/p> "o\n', 4, None, "not N-Quads"),
        ("x.nq", LINE + b'<http://a/s> <http://a/p> "\xff" .\n', 2, None, "not N-Quads"),
        ("x.nt", LINE, 1, None, "not N-Triples"),
        ("x.nq", LINE + b"<http://a/s> <http://a/p> _:b .\n", 2, 1, "blank node"),
        ("x.ttl", b"<http://a/s> <http://a/p>\n  [] .\n", 2, 3, "blank node"),
        ("x.nq", LINE + b'<http://a/s> <http://a/p> "o"@ar--rtl .\n', 2, 1, "base direction"),
        ("x.ttl", b"<http://a/s> <http://a/p>\n", 2, None, "not Turtle"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    tmp_path: Path,
    work: Path,
    name: str,
    content: bytes,
    line: int,
    column: int | None,
    words: str,
) -> None:
    dump = tmp_path / name
    dump.write_bytes(content)
    for before, after in ((dump, SEED), (SEED, dump)):
        with pytest.raises(SubmissionErrors) as refused:
            compare(before, after, work)
        (problem,) = refused.value.problems
        assert (problem.place.file, problem.place.line) == (str(dump), line)
        assert column in (None, problem.place.column)
        assert words in problem.message
        assert problem.remedy or name == "x.ttl"


def test_a_line_without_end_is_refused_before_it_fills_the_memory(
    tmp_path: Path, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_LINE", 1_000_000)
    dump = tmp_path / "x.nq"
    dump.write_bytes(LINE * 2000 + b'<http://a/s> <http://a/p> "' + b"o" * 2_000_000)
    with pytest.raises(SubmissionErrors, match="has not ended"):
        compare(dump, SEED, work)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.nq.gz", gzip.compress(LINE * 100, mtime=0)[:40], "cannot be read"),
        ("x.nq.gz", LINE, "cannot be read"),
        ("x.nq.zst", LINE, "cannot be read"),
        ("x.csv", LINE, "tells no RDF format"),
        ("missing.nq", None, "there is no such file"),
    ],
)
def test_what_cannot_be_read_is_told(
    tmp_path: Path, work: Path, name: str, content: bytes | None, words: str
) -> None:
    dump = tmp_path / name
    if content is not None:
        dump.write_bytes(content)
    with pytest.raises(CallError, match=words):
        compare(dump, SEED, work)


def test_a_pipe_is_refused_at_once(tmp_path: Path, work: Path) -> None:
    os.mkfifo(tmp_path / "x.nq")
    with pytest.raises(CallError, match="is neither a file nor a folder"):
        compare(tmp_path / "x.nq", SEED, work)


def test_a_subject_s_lines_are_bounded_in_bytes(
    tmp_path: Path, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 1000)
    dump = tmp_path / "x.nq"
    lines = [f'<http://x/s> <http://x/p> "{number:0300}" .\n' for number in range(9)]
    dump.write_text("".join(lines), encoding="utf-8")
    found = sorted_file(dump, work).lines_of(b"<http://x/s>", 100)
    # Each has 331 bytes: the fourth goes beyond.
    assert found == [line.encode() for line in lines[:4]]


def test_a_dump_that_is_replaced_meanwhile_is_not_mixed_in(tmp_path: Path, work: Path) -> None:
    dump, other = tmp_path / "x.nq", tmp_path / "other.nq"
    dump.write_bytes(SEED.read_bytes())
    found = sorted_file(dump, work)
    other.write_bytes(LINE)
    other.replace(dump)
    assert b"".join(found.blocks()) == SEED.read_bytes()
    line = SEED.read_bytes().splitlines(keepends=True)[-1]
    assert line in found.lines_of(line.split(b" ")[0], 10_000)


def test_a_dump_that_is_cut_off_meanwhile_is_told(tmp_path: Path, work: Path) -> None:
    dump = tmp_path / "x.nq"
    dump.write_bytes(SEED.read_bytes())
    found = sorted_file(dump, work)
    dump.write_bytes(LINE)
    with pytest.raises(CallError, match="has changed while it was read"):
        list(found.blocks())


def _open_files() -> set[str]:
    return {each.name for each in Path("/proc/self/fd").iterdir()}


def test_no_file_stays_open(tmp_path: Path, work: Path) -> None:
    before = _open_files()
    found = sorted_file(SEED, work)
    assert len(_open_files()) == len(before) + 1
    del found
    assert _open_files() == before


def test_a_folder_is_a_release_or_a_workspace(tmp_path: Path, work: Path) -> None:
    assert not compare(REPOSITORY, REPOSITORY / "output", work)
    with pytest.raises(CallError, match=r"holds no dataset.nq\n +Name a release"):
        compare(tmp_path, SEED, work)


def test_a_release_with_compressed_dumps_alone_is_read(tmp_path: Path, work: Path) -> None:
    (tmp_path / "dataset.nq.gz").write_bytes(gzip.compress(SEED.read_bytes(), mtime=0))
    assert not compare(tmp_path, SEED, work)


def test_subjects_are_found_wherever_they_stand(tmp_path: Path, work: Path) -> None:
    """By blocks whose first lines are long, begin alike, or are of one subject."""
    draw = random.Random(3)
    stems = ["a", "b" * 300, "b" * 300 + "/c", "z"]
    lines = {
        f'<http://x/{draw.choice(stems)}{draw.randrange(300)}> <http://x/p> "{draw.random()}" .\n'
        for _ in range(20_000)
    }
    lines |= {
        f'<http://x/many> <http://x/p> "{"o" * draw.randrange(300)}{n}" .\n' for n in range(3000)
    }
    dump = tmp_path / "x.nq"
    dump.write_text("".join(sorted(lines)), encoding="utf-8")
    found = sorted_file(dump, work)
    assert found.path == dump
    assert len(found.firsts) > 20
    by_subject: dict[str, list[str]] = {}
    for line in sorted(lines):
        by_subject.setdefault(line.split(" ")[0], []).append(line)
    for subject, its in by_subject.items():
        assert found.lines_of(subject.encode(), 10_000) == [line.encode() for line in its]
    assert len(found.lines_of(b"<http://x/many>", 10)) == 10
    for missing in (b"<http://x/>", b"<http://x/zz>", b"<http://a>", b"<http://zzz>"):
        assert found.lines_of(missing, 10) == []


def test_subjects_that_begin_alike_are_found_without_reading_all(
    tmp_path: Path, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of first lines of blocks less is kept than what these IRIs have in common."""
    stem = "<http://a/" + "x" * 400
    subjects = [f"{stem}{number:06}>" for number in range(4_000)]
    lines = [f'{each} <http://a/p> "{n}" .\n' for each in subjects for n in range(2)]
    dump = tmp_path / "alike.nq"
    dump.write_text("".join(lines))
    found = sorted_file(dump, work)
    blocks = len(found.offsets)
    assert blocks > 50
    read: list[int] = []

    def counted(descriptor: int, size: int, offset: int) -> bytes:
        read.append(size)
        return original(descriptor, size, offset)

    original = os.pread
    monkeypatch.setattr(os, "pread", counted)
    for number in (0, 1, 77, 2_000, 3_998, 3_999):
        read.clear()
        expected = [line.encode() for line in lines[2 * number : 2 * number + 2]]
        assert found.lines_of(subjects[number].encode(), 10) == expected
        # Some halvings, which read a name each, and two or three blocks.
        assert sum(size > 1_000 for size in read) <= 3
        assert len(read) <= 3 + blocks.bit_length()
    read.clear()
    assert found.lines_of(f"{stem}002000x>".encode(), 10) == []
    assert len(read) <= 3 + blocks.bit_length()
