"""RDF files: what is read equals what rdflib reads, at lines that were counted by hand."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import zstandard
from pyoxigraph import Literal, NamedNode, RdfFormat, serialize
from rdflib import Dataset, Graph
from rdflib.compare import isomorphic

from kgpub.errors import CallError, SubmissionErrors
from kgpub.sources.rdf import RdfFile, rdf_format, read_rdf

TURTLE = '''@prefix e: <urn:e:> .
# a comment
e:a a e:C ;
    e:p "x" ,
        "سلام" , "y" ;

    e:q """two
lines""" .
e:b e:c [ e:d e:f ] .
'''


def written(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def places(file: RdfFile) -> dict[str, tuple[int, int]]:
    return {str(quad.object): place for quad, place in zip(file.quads, file.positions, strict=True)}


def test_lines_and_columns_of_turtle(tmp_path: Path) -> None:
    found = places(read_rdf(written(tmp_path, "a.ttl", TURTLE)))
    assert found["<urn:e:C>"] == (3, 7)
    assert found['"x"'] == (4, 9)
    assert found['"سلام"'] == (5, 9)
    assert found['"y"'] == (5, 18)  # in code points, not in bytes
    assert found['"two\\nlines"'] == (7, 9)
    assert found["<urn:e:f>"] == (9, 15)


OTHERS = {
    "a.nt": ("<urn:a> <urn:b> <urn:c> .\n\n<urn:a> <urn:b> <urn:d> .\n", [1, 3]),
    "a.nq": ("<urn:a> <urn:b> <urn:c> <urn:g> .\r\n<urn:a> <urn:b> <urn:d> .", [1, 2]),
    "a.trig": ("<urn:g> {\n <urn:a> <urn:b> <urn:c> .\n\n <urn:a> <urn:b> <urn:d>\n}\n", [2, 4]),
    "a.rdf": (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:">\n'
        '<rdf:Description rdf:about="urn:a">\n<e:b rdf:resource="urn:c"/>\n\n'
        '<e:b rdf:resource="urn:d"/>\n</rdf:Description>\n</rdf:RDF>\n',
        [3, 5],
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_lines_of_other_formats(tmp_path: Path, name: str) -> None:
    text, lines = OTHERS[name]
    read = read_rdf(written(tmp_path, name, text))
    assert [line for line, _ in read.positions] == lines
    assert [quad.object for quad in read.quads] == [NamedNode("urn:c"), NamedNode("urn:d")]


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress, lambda content: content])
def test_the_dataset_as_rdflib_reads_it(tmp_path: Path, compress: object) -> None:
    source = Path(__file__).parents[3] / "output" / "dataset.ttl"
    suffix = {gzip.compress: ".gz", zstandard.compress: ".zst"}.get(compress, "")  # type: ignore[call-overload]
    content = compress(source.read_bytes())  # type: ignore[operator]
    read = read_rdf(written(tmp_path, f"dataset.ttl{suffix}", content))
    ours = Graph().parse(data=serialize((q.triple for q in read.quads), format=RdfFormat.N_TRIPLES))
    assert isomorphic(ours, Graph().parse(source))


def test_json_ld_of_a_dataset_as_rdflib_reads_it() -> None:
    source = Path(__file__).parents[3] / "output" / "dataset.jsonld"
    read = read_rdf(source)
    theirs = Dataset().parse(source, format="json-ld")
    assert len(set(read.quads)) == len(list(theirs.quads()))


def test_several_frames_and_a_byte_order_mark(tmp_path: Path) -> None:
    content = zstandard.compress(b"\xef\xbb\xbf<urn:a> <urn:b> 1 .\n") + zstandard.compress(
        b"<urn:a> <urn:b> 2 .\n"
    )
    read = read_rdf(written(tmp_path, "a.ttl.zst", content))
    assert [line for line, _ in read.positions] == [1, 2]


def test_blank_nodes_are_labelled_by_order_and_number(tmp_path: Path) -> None:
    path = written(tmp_path, "a.ttl", "[] <urn:p> [] .\n")
    assert read_rdf(path).quads == read_rdf(path).quads
    first, second = read_rdf(path, number=1).quads, read_rdf(path, number=2).quads
    assert {str(t) for q in first for t in q}.isdisjoint(
        {str(t) for q in second for t in q} - {"<urn:p>", "DEFAULT"}
    )


def test_relative_iris_are_the_files(tmp_path: Path) -> None:
    path = written(tmp_path, "ملف.ttl", "<> <b> <#c> .\n")
    (quad,) = read_rdf(path).quads
    assert quad.subject == NamedNode(path.absolute().as_uri())


BAD = {
    "unclosed.ttl": (b'<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> "x .\n', ":2:", "not Turtle"),
    "utf16.ttl": ("<urn:a> <urn:b> 1 .".encode("utf-16"), ":1:", "UTF-8"),
    "surrogate.ttl": (b'<urn:a> <urn:b> "\\uD800" .', ":1:", "\\uD800"),
    "context.jsonld": (b'{"@context": "https://schema.org/", "name": "x"}', ":1:14:", "none is"),
    "contexts.jsonld": (
        b'[{"name": "x",\n "@context": [{"a": "urn:a"}, null, "https://schema.org/"]}]',
        ":2:37:",
        "none is",
    ),
    "import.jsonld": (
        b'\xef\xbb\xbf{"@context": {"@version": 1.1, "@import": "https://schema.org/"}}',
        ":1:43:",
        "none is",
    ),
    "gzip.ttl": (gzip.compress(b"<urn:a> <urn:b> 1 ."), ":1:1:", "name ends in .gz."),
    "gzip.rdf": (gzip.compress(b"<urn:a> <urn:b> 1 ."), ":1:1:", "compressed with gzip"),
    "zstd.jsonld": (zstandard.compress(b"{}"), ":1:1:", "name ends in .zst."),
    "twice.nt.gz": (gzip.compress(gzip.compress(b"")), ":1:1:", "Decompress it"),
    "endless.nt": (b'<urn:a> <urn:b> "' + b"x" * (17 * 2**20), ":1:17:", "16 MiB"),
    "long.ttl": (
        b"@prefix e: <urn:e:> .\n# it's < \ne:a e:p 'x'@en ,\n  "
        + b"\"it's " * (1)
        + b"x" * 17 * 2**20
        + b'" .',
        ":4:3:",
        "16 MiB",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_of_the_format(tmp_path: Path, name: str) -> None:
    content, place, message = BAD[name]
    path = written(tmp_path, name, content)
    with pytest.raises(SubmissionErrors) as error:
        read_rdf(path)
    assert f"{name}{place}" in str(error.value)
    assert message in str(error.value)


UNREADABLE = {
    "cut.ttl.gz": gzip.compress(b"<urn:a> <urn:b> 1 .\n" * 99)[:40],
    "not.nt.zst": b"not zstandard",
    "not.nt.gz": b"not gzip",
    "no-format.xyz": b"<urn:a> <urn:b> 1 .",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(CallError, match=name):
        read_rdf(written(tmp_path, name, UNREADABLE[name]))


def test_a_folder_and_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder.ttl").mkdir()
    for name in ("folder.ttl", "nothing.ttl"):
        with pytest.raises(CallError):
            read_rdf(tmp_path / name)


def test_the_format_by_the_name() -> None:
    assert rdf_format(Path("a.b.TTL.gz")) == RdfFormat.TURTLE
    assert rdf_format(Path("a.jsonld.zst")) == RdfFormat.JSON_LD
    assert rdf_format(Path("a.gz")) is None
    assert rdf_format(Path("facts.yaml")) is None


def test_the_value_that_the_parser_gives_is_the_one_that_was_written(tmp_path: Path) -> None:
    (quad,) = read_rdf(written(tmp_path, "a.ttl", "<urn:a> <urn:b> 01.50 .\n")).quads
    assert isinstance(quad.object, Literal) and quad.object.value == "01.50"
