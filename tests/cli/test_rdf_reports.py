"""Reports on RDF that not all can write: blank nodes, paths, RDF 1.2, values without end."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib
from rdflib import SH
from tests.conftest import Run

EX = "http://example.org/"
PREFIXES = f"@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <{EX}> .\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def write(folder: Path, data: str, constraint: str, path: str = "ex:p") -> None:
    shape = (
        f"ex:S sh:targetSubjectsOf ex:p ; sh:property ex:P . ex:P sh:path {path} ; {constraint} ."
    )
    (folder / "s.ttl").write_text(PREFIXES + shape)
    (folder / "d.ttl").write_text(f"{PREFIXES}{data}\n")


@pytest.mark.parametrize("engine", ["fast", "pyshacl"])
def test_a_blank_node_stands_in_the_standard_report(folder: Path, kgpub: Run, engine: str) -> None:
    write(folder, "[] ex:p [ ex:q 1 ] .", "sh:nodeKind sh:IRI")
    call = ("validate", "d.ttl", "-s", "s.ttl", "--engine", engine, "-f", "ttl")
    done = kgpub(*call, "-o", "report.ttl", cwd=folder)
    assert (done.returncode, done.stderr) == (1, "")
    text = (folder / "report.ttl").read_text()
    graph = rdflib.Graph().parse(data=text)
    (node,) = graph.objects(None, SH.result)
    focus, value = graph.value(node, SH.focusNode), graph.value(node, SH.value)
    assert isinstance(focus, rdflib.BNode)
    assert isinstance(value, rdflib.BNode)
    assert focus != value
    assert kgpub(*call, cwd=folder).stdout == text


def test_a_path_stands_in_the_standard_report_as_in_the_shape(folder: Path, kgpub: Run) -> None:
    path = "( ex:p [ sh:inversePath ex:q ] )"
    write(folder, "ex:a ex:p ex:b .", "sh:minCount 1", path)
    done = kgpub("validate", "d.ttl", "-s", "s.ttl", "-f", "ttl", cwd=folder)
    graph = rdflib.Graph().parse(data=done.stdout)
    (head,) = graph.objects(None, SH.resultPath)
    first, second = graph.items(head)
    assert first == rdflib.URIRef(EX + "p")
    assert graph.value(second, SH.inversePath) == rdflib.URIRef(EX + "q")
    assert {type(head), type(second)} == {rdflib.BNode}


TERM = "<<( ex:x ex:y ex:z )>>"


@pytest.mark.parametrize("constraint", ["sh:nodeKind sh:IRI", "sh:in ( ex:z )"])
def test_a_triple_term_is_told_as_it_is(folder: Path, kgpub: Run, constraint: str) -> None:
    write(folder, f"ex:a ex:p {TERM} .", constraint)
    call = ("validate", "d.ttl", "-s", "s.ttl", "--lang", "en")
    term = f"<<( <{EX}x> <{EX}y> <{EX}z> )>>"
    done = kgpub(*call, cwd=folder)
    assert (done.returncode, done.stderr) == (1, "")
    assert f"value {term} (shape http://example.org/P)" in done.stdout
    done = kgpub(*call, "-f", "ttl", cwd=folder)
    assert (done.returncode, done.stderr) == (1, "")
    assert f"sh:value {term} ." in done.stdout


@pytest.mark.parametrize("option", [("--engine", "pyshacl"), ("-i", "rdfs"), ("-i", "owlrl")])
@pytest.mark.parametrize(
    ("value", "what"), [(TERM, "triple terms"), ('"x"@ar--rtl', "base directions")]
)
def test_what_rdflib_has_not_is_refused_with_its_place(
    folder: Path, kgpub: Run, option: tuple[str, str], value: str, what: str
) -> None:
    write(folder, f"ex:a ex:p 1 .\nex:b ex:p\n  {value} .", "sh:nodeKind sh:IRI")
    done = kgpub("validate", "d.ttl", "-s", "s.ttl", *option, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("kgpub: d.ttl:4:3: rdflib, ")
    assert f"has no {what}: " in done.stderr
    assert "The engine fast takes it" in done.stderr


@pytest.mark.parametrize("engine", ["fast", "pyshacl"])
def test_annotated_facts_are_validated(folder: Path, kgpub: Run, engine: str) -> None:
    write(folder, 'ex:a ex:p "n" {| ex:source ex:b |} .', "sh:nodeKind sh:Literal")
    done = kgpub("validate", "d.ttl", "-s", "s.ttl", "--engine", engine, cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("language", ["en", "ar", "ckb"])
def test_of_a_giant_literal_the_beginning_is_told(folder: Path, kgpub: Run, language: str) -> None:
    write(folder, f'ex:a ex:p "{"x" * 2_000_000}" .', "sh:maxLength 1")
    done = kgpub("validate", "d.ttl", "-s", "s.ttl", "--lang", language, cwd=folder)
    assert done.returncode == 1
    assert len(done.stdout) < 3_000
    assert EX + "P" in done.stdout
