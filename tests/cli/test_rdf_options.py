"""The options that `kgpub validate --shapes` has in common with pySHACL: the same calls, held to
what pySHACL's own command line says of them."""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse, serialize
from tests.conftest import Run
from tests.web import serving

PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <urn:e:> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
SHAPES = f"""{PREFIXES}
e:S a sh:NodeShape ; sh:targetClass e:P ; sh:property e:name , e:note .
e:name a sh:PropertyShape ; sh:path e:name ; sh:minCount 1 ; sh:severity sh:Warning .
e:note a sh:PropertyShape ; sh:path e:note ; sh:minCount 1 ; sh:severity sh:Info .
"""


@pytest.fixture
def pyshacl(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Call pySHACL's command line, its exit code being returned: `pyshacl("d.ttl", cwd=folder)`."""

    def run(*arguments: str, cwd: Path) -> int:
        monkeypatch.setattr("sys.argv", ["pyshacl", *arguments])
        monkeypatch.chdir(cwd)
        with warnings.catch_warnings(), pytest.raises(SystemExit) as ended:
            warnings.simplefilter("ignore")
            from pyshacl.cli import main, parser

            parser.set_defaults(output=StringIO())  # it closes what it prints to
            main()
        assert isinstance(ended.value.code, int)
        return ended.value.code

    return run


@pytest.mark.parametrize("data", ["e:note 1", "e:name 1", "e:name 1 ; e:note 1", "a e:Q"])
@pytest.mark.parametrize(
    "options",
    ["", "--allow-infos", "--allow-warnings", "--allow-infos --allow-warnings", "--allow-warning"],
)
def test_what_is_allowed_is_what_pyshacl_allows(
    tmp_path: Path, kgpub: Run, pyshacl: Callable[..., int], data: str, options: str
) -> None:
    (tmp_path / "s.ttl").write_text(SHAPES, encoding="utf-8")
    (tmp_path / "d.ttl").write_text(f"{PREFIXES} e:a a e:P ; {data} .", encoding="utf-8")
    call = ("d.ttl", "-s", "s.ttl", *options.split())
    assert kgpub("validate", *call, cwd=tmp_path).returncode == pyshacl(*call, cwd=tmp_path)


ENTAILED = {
    "a subclass": "e:a a e:Q . e:Q rdfs:subClassOf e:P .",
    "an inverse": "e:b e:p e:a . e:p owl:inverseOf e:q . e:q rdfs:domain e:P . e:a e:r 1 .",
    "datatypes": "e:a e:p 1 . e:p rdfs:domain e:P .",
    "nothing": "e:a a e:Q .",
}


@pytest.mark.parametrize("name", ENTAILED)
@pytest.mark.parametrize("inference", ["none", "rdfs", "owlrl", "both"])
def test_inference_is_that_of_pyshacl(
    tmp_path: Path, kgpub: Run, pyshacl: Callable[..., int], name: str, inference: str
) -> None:
    (tmp_path / "s.ttl").write_text(SHAPES, encoding="utf-8")
    (tmp_path / "d.ttl").write_text(f"{PREFIXES} {ENTAILED[name]}", encoding="utf-8")
    call = ("d.ttl", "-s", "s.ttl", "-i", inference)
    assert kgpub("validate", *call, cwd=tmp_path).returncode == pyshacl(*call, cwd=tmp_path)


FORMS = {
    "turtle": RdfFormat.TURTLE,
    "xml": RdfFormat.RDF_XML,
    "json-ld": RdfFormat.JSON_LD,
    "nt": RdfFormat.N_TRIPLES,
}


@pytest.mark.parametrize("form", FORMS)
def test_a_format_may_be_named(
    tmp_path: Path, kgpub: Run, pyshacl: Callable[..., int], form: str
) -> None:
    data = f"{PREFIXES} e:a a e:P ; e:name 1 ."
    for name, text in (("shapes", SHAPES), ("data", data), ("ontology", data)):
        quads = parse(text, format=RdfFormat.TURTLE)
        content = serialize((quad.triple for quad in quads), format=FORMS[form])
        assert content is not None
        (tmp_path / f"{name}.txt").write_bytes(content)
    call = ("data.txt", "-s", "shapes.txt", "-e", "ontology.txt")
    forms = ("-df", form, "-sf", form, "-ef", form)
    done = kgpub("validate", *call, *forms, "-f", "json", cwd=tmp_path)
    assert [each["code"] for each in json.loads(done.stdout)["problems"]] == ["urn:e:note"]
    assert pyshacl(*call, *forms, cwd=tmp_path) == done.returncode == 1
    told = kgpub("validate", *call, cwd=tmp_path)
    assert told.returncode == 2
    assert "--shacl-file-format" in told.stderr


@pytest.mark.parametrize(
    ("ending", "form"), [(".json", "json-ld"), (".xml", "xml"), (".owl", "xml")]
)
def test_endings_tell_formats(tmp_path: Path, kgpub: Run, ending: str, form: str) -> None:
    for name, text in (("s", SHAPES), ("d", f"{PREFIXES} e:a a e:P .")):
        quads = parse(text, format=RdfFormat.TURTLE)
        content = serialize((quad.triple for quad in quads), format=FORMS[form])
        assert content is not None
        (tmp_path / f"{name}{ending}").write_bytes(content)
    done = kgpub("validate", f"d{ending}", "-s", f"s{ending}", "-f", "json", cwd=tmp_path)
    assert len(json.loads(done.stdout)["problems"]) == 2, done.stderr


def test_standard_input_is_data(tmp_path: Path, kgpub: Run) -> None:
    (tmp_path / "s.ttl").write_text(SHAPES, encoding="utf-8")
    call = ("validate", "-", "-s", "s.ttl")
    done = kgpub(*call, "-df", "turtle", cwd=tmp_path, stdin="\n<urn:e:a> a <urn:e:P> .\n")
    assert done.returncode == 1
    assert "<stdin>:2:1: warning" in done.stdout
    assert "<urn:e:a> a <urn:e:P> .\n" in done.stdout  # the line, with what is meant below
    refused = kgpub(*call, "-df", "turtle", cwd=tmp_path, stdin="<urn:e:a> a\n")
    assert refused.returncode == 1
    assert "<stdin>:" in refused.stdout
    assert "--data-file-format" in kgpub(*call, cwd=tmp_path, stdin="").stderr
    assert "-: there is no such file" in kgpub("validate", "-", cwd=tmp_path).stderr


def test_a_folder_is_called_one(tmp_path: Path, kgpub: Run) -> None:
    (tmp_path / "dir.ttl").mkdir()
    (tmp_path / "s.ttl").write_text(SHAPES, encoding="utf-8")
    for call in ("dir.ttl -s s.ttl", "s.ttl -s dir.ttl", "s.ttl -s s.ttl -e dir.ttl", "dir.ttl"):
        done = kgpub("validate", *call.split(), cwd=tmp_path)
        assert done.returncode == 2
        assert "dir.ttl: is a folder" in done.stderr


CLASSES = f"{PREFIXES} <> a owl:Ontology . e:Q rdfs:subClassOf e:P ."


class Web(BaseHTTPRequestHandler):
    """Serves documents as an ontology's publisher does, and some as an enemy would."""

    asked: list[str]

    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        if self.path == "/moved":
            self._answer(303, "", b"", Location="/classes.ttl")
        elif self.path == "/classes.ttl":
            self._answer(200, "text/turtle", CLASSES.encode())
        elif self.path == "/chain":
            text = f"{PREFIXES} <> owl:imports </classes.ttl> , <> ."
            self._answer(200, "text/turtle; charset=utf-8", text.encode())
        elif self.path == "/plain.nt":
            text = "<urn:e:Q> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <urn:e:P> ."
            self._answer(200, "text/plain", text.encode())
        elif self.path == "/local":
            text = f"{PREFIXES} <> owl:imports <file:///etc/hostname> ."
            self._answer(200, "text/turtle", text.encode())
        elif self.path == "/to-file":
            self._answer(302, "", b"", Location="file:///etc/hostname")
        elif self.path == "/page":
            self._answer(200, "text/html", b"<p>")
        elif self.path == "/broken":
            self._answer(200, "text/turtle", b"<urn:a> b")
        else:
            self._answer(404, "text/plain", b"no")

    def _answer(self, status: int, media: str, content: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": media, **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def web() -> Iterator[ThreadingHTTPServer]:
    with serving(Web) as server:
        yield server


@pytest.fixture
def importing(tmp_path: Path) -> Path:
    """A folder with data that only break a shape where their class is known for a subclass."""
    (tmp_path / "s.ttl").write_text(SHAPES, encoding="utf-8")
    (tmp_path / "d.ttl").write_text(f"{PREFIXES} e:a a e:Q .", encoding="utf-8")
    (tmp_path / "classes.ttl").write_text(CLASSES, encoding="utf-8")
    return tmp_path


def imports(folder: Path, iri: str, name: str = "o.ttl") -> None:
    (folder / name).write_text(f"{PREFIXES} <> owl:imports <{iri}> .", encoding="utf-8")


CALL = ("d.ttl", "-s", "s.ttl", "-e", "o.ttl")


@pytest.mark.parametrize("absolute", [True, False])
def test_a_file_is_imported_where_that_is_asked_for(
    importing: Path, kgpub: Run, pyshacl: Callable[..., int], absolute: bool
) -> None:
    target = (importing / "classes.ttl").as_uri() if absolute else "classes.ttl"
    imports(importing, target)
    assert kgpub("validate", *CALL, cwd=importing).returncode == 0
    assert kgpub("validate", *CALL, "--imports", cwd=importing).returncode == 1
    if absolute:
        assert pyshacl(*CALL, "--imports", cwd=importing) == 1


@pytest.mark.parametrize("path", ["/classes.ttl", "/moved", "/chain", "/plain.nt"])
def test_a_document_is_fetched_where_that_is_asked_for(
    importing: Path, kgpub: Run, web: ThreadingHTTPServer, path: str
) -> None:
    imports(importing, f"http://127.0.0.1:{web.server_port}{path}")
    assert kgpub("validate", *CALL, cwd=importing).returncode == 0
    assert web.asked == []  # type: ignore[attr-defined]
    done = kgpub("validate", *CALL, "-im", cwd=importing)
    assert done.returncode == 1, done.stderr
    assert len(set(web.asked)) == len(web.asked)  # type: ignore[attr-defined]


def test_shapes_import_shapes(importing: Path, kgpub: Run, web: ThreadingHTTPServer) -> None:
    imports(importing, "s.ttl", "more.ttl")
    (importing / "d.ttl").write_text(f"{PREFIXES} e:a a e:P .", encoding="utf-8")
    call = ("validate", "d.ttl", "-s", "more.ttl")
    without = kgpub(*call, cwd=importing)
    assert without.returncode == 2
    assert "there is no shape in it" in without.stderr
    done = kgpub(*call, "--imports", cwd=importing)
    assert done.returncode == 1
    assert "is not fetched" not in done.stderr


@pytest.mark.parametrize(
    ("path", "code", "told"),
    [
        ("/none", 2, "cannot be fetched"),
        ("/local", 2, "a document of the web names a file of this machine"),
        ("/to-file", 2, "cannot be fetched"),
        ("/page", 2, "comes as no format of RDF"),
        ("/broken", 1, "/broken:1:"),
    ],
)
def test_what_cannot_be_imported_is_told(
    importing: Path, kgpub: Run, web: ThreadingHTTPServer, path: str, code: int, told: str
) -> None:
    imports(importing, f"http://127.0.0.1:{web.server_port}{path}")
    done = kgpub("validate", *CALL, "--imports", cwd=importing)
    assert done.returncode == code
    assert told in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_other_schemes_and_missing_files_are_told(importing: Path, kgpub: Run) -> None:
    for iri, told in (("no.ttl", "no such file"), ("ftp://x.invalid/o", "only file:")):
        imports(importing, iri)
        done = kgpub("validate", *CALL, "--imports", cwd=importing)
        assert done.returncode == 2
        assert told in done.stderr
        assert "o.ttl imports" in done.stderr


class Slow(Web):
    """Sends a byte now and then, and would go on for hours."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/turtle")
        self.end_headers()
        for _ in range(200):
            try:
                self.wfile.write(b" ")
            except OSError:
                return
            time.sleep(0.1)


def test_a_document_that_never_ends_is_given_up(importing: Path) -> None:
    from kgpub.errors import CallError
    from kgpub.sources.rdf import read_rdf
    from kgpub.sources.rdf_imports import read_imports

    with serving(Slow) as server:
        imports(importing, f"http://127.0.0.1:{server.server_port}/")
        began = time.monotonic()
        with pytest.raises(CallError, match="takes too long to come"):
            read_imports([read_rdf(importing / "o.ttl")], seconds=1)
        assert time.monotonic() - began < 5
