"""What is wrong with the shapes of a call is told with its place; what asks for too much is not."""

from __future__ import annotations

import gzip
import shlex
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import zstandard
from tests.conftest import Run

QUALIFIED = "qualifiedValueShape [ sh:nodeKind sh:Literal ] ; sh:qualifiedMinCount"
HUGE = "9" * 23


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "d.ttl").write_text('<http://ex/a> a <http://ex/C> ; <http://ex/p> "x" .\n')
    return tmp_path


def shape(folder: Path, body: str) -> None:
    (folder / "s.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n@prefix ex: <http://ex/> .\n"
        "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:P .\n"
        f"ex:P sh:path ex:p ; {body} .\n"
    )


@pytest.mark.parametrize(
    ("count", "number"),
    [
        *(("minCount", "-1"), ("maxCount", "1.5"), ("minLength", "'1'"), ("maxLength", "-1")),
        *((QUALIFIED, "-1"), ("minCount", "9" * 5_000)),
    ],
)
def test_a_count_that_is_none_is_told_with_its_place(
    folder: Path, kgpub: Run, count: str, number: str
) -> None:
    shape(folder, f"sh:{count} {number}")
    column = len(f"ex:P sh:path ex:p ; sh:{count} ") + 1
    done = kgpub("validate", "d.ttl", "-s", "s.ttl", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(
        f"kgpub: s.ttl:4:{column}: http://ex/P: its sh:{count.split(':')[-1]} is "
    )
    assert "not a non-negative xsd:integer" in done.stderr


@pytest.mark.parametrize("engine", ["fast", "pyshacl"])
@pytest.mark.parametrize("count", ["minCount", "maxCount", "minLength", "maxLength", QUALIFIED])
def test_a_huge_count_is_what_nothing_reaches(
    folder: Path, kgpub: Run, count: str, engine: str
) -> None:
    shape(folder, f"sh:{count} {HUGE}")
    done = kgpub("validate", "d.ttl", "-s", "s.ttl", "--engine", engine, cwd=folder)
    refused = "min" in count.lower()
    assert done.returncode == refused, done.stderr
    assert (HUGE in done.stdout) == refused


@pytest.mark.parametrize("engine", ["fast", "pyshacl"])
def test_minus_nought_is_nought(folder: Path, kgpub: Run, engine: str) -> None:
    shape(folder, "sh:maxCount -0")
    done = kgpub("validate", "d.ttl", "-s", "s.ttl", "--engine", engine, cwd=folder)
    assert done.stdout.endswith("refused: 1 error, 0 warnings, 0 infos\n")


def test_a_file_without_shapes_accepts_nothing(folder: Path, kgpub: Run) -> None:
    done = kgpub("validate", "d.ttl", "-s", "d.ttl", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("kgpub: d.ttl: there is no shape in it\n")


def test_a_file_without_shapes_beside_one_with_them(folder: Path, kgpub: Run) -> None:
    shape(folder, "sh:minCount 1")
    done = kgpub("validate", "d.ttl", "-s", "d.ttl", "-s", "s.ttl", cwd=folder)
    assert done.returncode == 0


def test_a_folder_of_shapes(folder: Path, kgpub: Run) -> None:
    (folder / "shapes").mkdir()
    done = kgpub("validate", "d.ttl", "-s", "shapes", cwd=folder)
    assert done.returncode == 2
    assert done.stderr == "kgpub: shapes: is a folder\n    Name the files of shapes in it.\n"


def test_shapes_that_are_compressed_and_not_called_so(folder: Path, kgpub: Run) -> None:
    (folder / "s.ttl").write_bytes(gzip.compress(b"# nothing"))
    done = kgpub("validate", "d.ttl", "-s", "s.ttl", cwd=folder)
    assert done.returncode == 2
    assert done.stderr.startswith("kgpub: s.ttl: it is compressed with gzip\n    Decompress it")


PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n@prefix ex: <http://ex/> .\n"
TARGET = "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:P .\n"

MALFORMED = {
    "two paths": (
        f"{TARGET}ex:P sh:path ex:p , ex:q .",
        "s.ttl:4:21: http://ex/P: it has 2 sh:path",
    ),
    "no path": (
        f"{TARGET}ex:P sh:minCount 1 .",
        "s.ttl:4:1: http://ex/P: it has 0 sh:path",
    ),
    "a list that is none": (
        f"{TARGET}ex:P sh:path ex:p ; sh:in ex:no-list .",
        "s.ttl:4:27: http://ex/P: the list of its sh:in is ill-formed",
    ),
    "no Turtle": (f"{TARGET}ex:P sh:path ex:p\n", "s.ttl:5:1: not Turtle: "),
    "a lone surrogate": (
        f'{TARGET}ex:P sh:path ex:p ; sh:message "\\uD800" .',
        "s.ttl:4:33: not Turtle: ",
    ),
    "a shape that refers to itself": (
        "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:node ex:T .\n"
        "ex:T sh:property [ sh:path ex:p ; sh:node ex:S ] .",
        "s.ttl:3:53: http://ex/S: it refers to itself, which SHACL leaves undefined: http://ex/S → "
        "http://ex/T → [ sh:path <http://ex/p> ] → http://ex/S\n",
    ),
    "a shape that refers to itself as a sibling": (
        "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:Q , ex:R .\n"
        "ex:Q sh:path ex:q ; sh:qualifiedValueShape ex:A ; sh:qualifiedMinCount 1 ;\n"
        "  sh:qualifiedValueShapesDisjoint true .\n"
        "ex:R sh:path ex:r ; sh:qualifiedValueShape ex:X ; sh:qualifiedMinCount 1 .\n"
        "ex:A sh:nodeKind sh:IRI . ex:X sh:property ex:Q .",
        "s.ttl:5:35: http://ex/Q: it refers to itself, which SHACL leaves undefined: http://ex/Q → "
        "http://ex/X → http://ex/Q\n",
    ),
    "a shape without a name": (
        "ex:S a sh:NodeShape ; sh:targetClass ex:C ;\n"
        "  sh:property [\n    sh:path ex:p ;\n    sh:nodeKind ex:Odd ] .",
        "s.ttl:6:17: the sh:property with the sh:path <http://ex/p> of http://ex/S: its "
        "sh:nodeKind is <http://ex/Odd>, ",
    ),
    "a shape without a name that lacks its path": (
        "ex:S a sh:NodeShape ; sh:targetClass ex:C ;\n  sh:property [\n    sh:nodeKind sh:IRI ] .",
        "s.ttl:4:15: the sh:property of http://ex/S: it has 0 sh:path",
    ),
}


IN_OTHER_FORMATS = {
    "s.jsonld": (
        '{"@context": {"sh": "http://www.w3.org/ns/shacl#"}, "@id": "http://ex/S",\n'
        ' "@type": "sh:NodeShape",\n "sh:closed": "yes"}',
        "3:15",
    ),
    "s.nt": (
        "<http://ex/S> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        "<http://www.w3.org/ns/shacl#NodeShape> .\n"
        '<http://ex/S> <http://www.w3.org/ns/shacl#closed> "yes" .\n',
        "2:51",
    ),
    "s.rdf": (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:sh="http://www.w3.org/ns/shacl#">\n'
        '<sh:NodeShape rdf:about="http://ex/S">\n<sh:closed>yes</sh:closed>\n'
        "</sh:NodeShape>\n</rdf:RDF>",
        "3:",
    ),
}


@pytest.mark.parametrize("name", IN_OTHER_FORMATS)
def test_a_malformed_shape_has_its_place_in_any_format(folder: Path, kgpub: Run, name: str) -> None:
    text, place = IN_OTHER_FORMATS[name]
    (folder / name).write_text(text)
    done = kgpub("validate", "d.ttl", "-s", name, cwd=folder)
    assert done.returncode == 2
    assert done.stderr.startswith(f"kgpub: {name}:{place}")
    assert ': http://ex/S: its sh:closed is "yes"' in done.stderr.splitlines()[0]


@pytest.mark.parametrize("engine", ["fast", "pyshacl"])
def test_shapes_that_share_shapes_end(folder: Path, kgpub: Run, engine: str) -> None:
    """Thirty shapes in a row, each four times within the one before: 4^30 ways to the last."""
    rows = [
        f"ex:n{n} sh:and ( ex:n{n + 1} ex:n{n + 1} ) ; sh:or ( ex:n{n + 1} ex:n{n + 1} ) .\n"
        for n in range(30)
    ]
    target = "ex:S sh:targetClass ex:C ; sh:node ex:n0 . ex:n30 a sh:NodeShape .\n"
    (folder / "s.ttl").write_text(PREFIXES + target + "".join(rows))
    done = kgpub("validate", "d.ttl", "-s", "s.ttl", "--engine", engine, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    # Of nine in a row and the last there are a third of 4^10 - 1, of eight and the last less.
    assert done.stderr.startswith("kgpub: s.ttl:25:1: http://ex/n21: it leads to shapes in more ")
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.parametrize("engine", ["fast", "pyshacl"])
def test_a_file_may_be_data_and_shapes_by_relative_iris(
    folder: Path, kgpub: Run, engine: str
) -> None:
    """RDF 1.1 Turtle, section 6.3: an IRI is relative to the document that it stands in."""
    (folder / "one.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "<#S> a sh:NodeShape ; sh:targetClass <#C> ;\n"
        "  sh:property [ sh:path <#p> ; sh:maxLength 1 ] .\n"
        '<#x> a <#C> ; <#p> "long" .\n'
    )
    done = kgpub("validate", "one.ttl", "-s", "one.ttl", "--engine", engine, cwd=folder)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("one.ttl:4:20: error: ")
    # The same through what imports it.
    (folder / "by.ttl").write_text("<> <http://www.w3.org/2002/07/owl#imports> <one.ttl> .")
    by = kgpub("validate", "one.ttl", "-s", "by.ttl", "-im", "--engine", engine, cwd=folder)
    assert (by.returncode, by.stderr) == (1, "")


def test_shapes_without_a_name_are_called_the_same_wherever_they_lie(
    tmp_path: Path, kgpub: Run
) -> None:
    shapes = (
        "@prefix sh: <http://www.w3.org/ns/shacl#> . [] sh:targetNode <urn:a> ; sh:class <urn:C> ."
    )
    told = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "s.ttl").write_text(shapes)
        (tmp_path / name / "d.ttl").write_text("<urn:a> <urn:p> 1 .")
        call = ("validate", "d.ttl", "-s", "s.ttl", "-f", "ttl")
        told.append(kgpub(*call, cwd=tmp_path / name).stdout)
    assert told[0] == told[1]
    assert "genid/s.ttl/1" in told[0]


@pytest.mark.parametrize("engine", ["fast", "pyshacl"])
@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_shapes_graph_is_told_with_the_line_and_the_shape(
    folder: Path, kgpub: Run, case: str, engine: str
) -> None:
    shapes, told = MALFORMED[case]
    (folder / "s.ttl").write_text(PREFIXES + shapes)
    done = kgpub("validate", "d.ttl", "-s", "s.ttl", "--engine", engine, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"kgpub: {told}"), done.stderr
    assert "Traceback" not in done.stderr


def test_a_regular_expression_that_backtracks_for_ever_is_bounded(folder: Path, kgpub: Run) -> None:
    """The fast engine needs linear time; the other would take exponential time, and says so."""
    (folder / "d.ttl").write_text(f'<http://ex/a> a <http://ex/C> ; <http://ex/p> "{"a" * 99}!" .')
    shape(folder, 'sh:pattern "^(a+)+$"')
    began = time.monotonic()
    done = kgpub("validate", "d.ttl", "-s", "s.ttl", cwd=folder)
    assert done.returncode == 1
    assert "a text that matches ^(a+)+$" in done.stdout
    other = kgpub("validate", "d.ttl", "-s", "s.ttl", "--engine", "pyshacl", cwd=folder)
    assert (other.returncode, other.stdout) == (2, "")
    column = len("ex:P sh:path ex:p ; sh:pattern ") + 1
    assert other.stderr.startswith(f"kgpub: s.ttl:4:{column}: http://ex/P: the regular expression ")
    assert "exponential time" in other.stderr
    assert time.monotonic() - began < 100


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """A server of this machine, and the paths that it was asked for."""
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_GET

        def log_message(self, format: str, *args: object) -> None:
            pass

    made = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}/shapes.ttl", asked
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.mark.parametrize("engine", ["fast", "pyshacl"])
def test_what_shapes_import_is_not_fetched(
    folder: Path, kgpub: Run, server: tuple[str, list[str]], engine: str
) -> None:
    iri, asked = server
    shape(folder, "sh:minCount 2")
    with (folder / "s.ttl").open("a") as stream:
        stream.write(f"<http://ex/o> <http://www.w3.org/2002/07/owl#imports> <{iri}> .\n")
    done = kgpub("validate", "d.ttl", "-s", "s.ttl", "--engine", engine, cwd=folder)
    assert done.returncode == 1
    assert done.stderr.startswith("note: ")
    assert f"<{iri}> is not fetched; give it as a file" in done.stderr
    assert asked == []
    # Who wants it gives it: the file that bears the name is what is imported.
    (folder / "given.ttl").write_text(f"<{iri}> a <http://www.w3.org/2002/07/owl#Ontology> .")
    given = kgpub("validate", "d.ttl", "-s", "s.ttl", "-s", "given.ttl", cwd=folder)
    assert (given.returncode, given.stderr, asked) == (1, "", [])


def test_two_files_that_differ_in_compression_alone_are_two(tmp_path: Path, kgpub: Run) -> None:
    prefixes = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <urn:e:> .\n"
    asks = "e:{0} sh:targetNode e:a ; sh:property [ sh:path e:{0} ; sh:minCount 1 ] .\n"
    (tmp_path / "s.ttl").write_text(prefixes + asks.format("one"), encoding="utf-8")
    other = (prefixes + asks.format("two")).encode()
    (tmp_path / "s.ttl.gz").write_bytes(gzip.compress(other))
    (tmp_path / "d.ttl").write_text("<urn:e:a> <urn:e:three> 3 .", encoding="utf-8")
    call = ("validate", "d.ttl", "--shapes", "s.ttl", "--shapes", "s.ttl.gz", "--format", "ttl")
    told = kgpub(*call, cwd=tmp_path)
    assert told.returncode == 1, told.stderr
    assert told.stdout.count("a sh:ValidationResult") == 2


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_a_line_of_a_compressed_file_is_shown(folder: Path, kgpub: Run, ending: str) -> None:
    shape(folder, "sh:nodeKind sh:IRI")
    text = (folder / "d.ttl").read_bytes()
    packed = gzip.compress(text) if ending == "gz" else zstandard.compress(text)
    (folder / f"d.ttl.{ending}").write_bytes(packed)
    plain = kgpub("validate", "d.ttl", "-s", "s.ttl", cwd=folder)
    done = kgpub("validate", f"d.ttl.{ending}", "-s", "s.ttl", cwd=folder)
    assert '<http://ex/C> ; <http://ex/p> "x" .' in plain.stdout
    assert done.stdout.replace(f"d.ttl.{ending}", "d.ttl") == plain.stdout


def test_shapes_that_are_described_beside_are_told_with_the_files_to_name(
    folder: Path, kgpub: Run
) -> None:
    head = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n@prefix ex: <http://ex/> .\n"
    (folder / "s.ttl").write_text(
        f"{head}ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:P , ex:Q .\n"
    )
    call = ("validate", "d.ttl", "--shapes", "s.ttl")
    done = kgpub(*call, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "http://ex/P: it is used as a property shape, and nothing is said of it" in done.stderr
    assert "Name the file that describes it as well, by another --shapes." in done.stderr
    (folder / "a b.ttl").write_text(f"{head}ex:P sh:path ex:p ; sh:maxLength 1 .\n")
    (folder / "more.ttl").write_text(f"{head}ex:Q sh:path ex:q ; sh:maxLength 1 .\n")
    (folder / "other.ttl").write_text(f"{head}ex:Other ex:p ex:P .\n")
    (folder / "broken.ttl").write_text("ex:P ex:Q")
    told = "Name what describes it as well: --shapes 'a b.ttl' --shapes more.ttl"
    done = kgpub(*call, cwd=folder)
    assert done.stderr.splitlines()[-1].strip() == told
    done = kgpub(*call, *shlex.split(told.partition(": ")[2]), cwd=folder)
    assert done.returncode == 0, done.stderr
