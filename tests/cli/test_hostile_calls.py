"""Files and calls that would take all memory or time, or spoil what was built; each is refused, and
what looks like them is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyshacl
import pytest
from rdflib import Graph
from tests.cli.processes import measured
from tests.conftest import Run

PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <urn:e:> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
NAMED = f"{PREFIXES}e:S a sh:NodeShape ; sh:targetClass e:P ; sh:property e:name .\n"
SHAPES = f"{NAMED}e:name a sh:PropertyShape ; sh:path e:name ; sh:minCount 1 .\n"

Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


# Entities


def laughs() -> str:
    names = (f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">\n' for n in range(1, 10))
    return f"""<!DOCTYPE r [<!ENTITY a0 "aaaaaaaaaa">
{"".join(names)}]><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e:">
<e:P rdf:about="urn:e:a"><e:name>&a9;</e:name></e:P></rdf:RDF>
"""


@pytest.mark.parametrize("role", ["data", "shapes", "ontology"])
def test_entities_that_grow_without_end(tmp_path: Path, write: Write, role: str) -> None:
    write("shapes", SHAPES)
    write("data", f"{PREFIXES}e:a a e:P ; e:name 'x' .")
    write("ontology", PREFIXES)
    write(role, laughs())
    forms = {"data": "-df", "shapes": "-sf", "ontology": "-ef"}
    options = [each for key, o in forms.items() for each in (o, "xml" if key == role else "turtle")]
    done, size = measured(
        *("validate", "data", "-s", "shapes", "-e", "ontology", "--lang", "en", *options),
        cwd=tmp_path,
    )
    assert done.returncode == (2 if role == "shapes" else 1)
    # The seventh declaration after the first makes 10^8 bytes.
    assert f"{role}:8:1: " in done.stdout + done.stderr
    assert "what `<!ENTITY>` declares would make too much text" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert size < 200 * 2**20


# Regular expressions


@pytest.mark.parametrize(
    ("pattern", "unit", "engine"),
    [
        ("^(?=a)(a|a)*$", "a", "fast"),
        ("^(?!x)(?:,(?:\\d+|\\d\\d))+$", ",11", "fast"),
        ("^(?!0)(-a?a?)*$", "-a", "fast"),
        ("^(?:,(?:\\d+|\\d\\d))+$", ",11", "pyshacl"),
        ("^(-a?a?)*$", "-a", "pyshacl"),
    ],
)
def test_a_pattern_that_takes_exponential_time_is_refused(
    tmp_path: Path, write: Write, kgpub: Run, pattern: str, unit: str, engine: str
) -> None:
    write("d.ttl", f"{PREFIXES}e:a a e:P ; e:name '{unit * 40}!' .")
    write("s.ttl", f"{SHAPES} e:name sh:pattern {json.dumps(pattern)} .")
    done = kgpub("validate", "d.ttl", "-s", "s.ttl", "--engine", engine, cwd=tmp_path)
    assert done.returncode == 2
    assert f"{pattern!r} may take exponential time" in done.stderr


# Ontologies


@pytest.mark.parametrize(
    "ontology",
    [
        "e:Q rdfs:subClassOf e:P . e:i a e:P .",
        "e:Q rdfs:subClassOf e:P . e:i a e:P , owl:NamedIndividual .",
        "e:i a owl:NamedIndividual ; e:knows e:j . e:j a e:P .",
        "e:P rdfs:subClassOf [ a owl:Restriction , e:P ] .",
        "e:Q a rdfs:Class .",
    ],
)
@pytest.mark.parametrize("name", ["; e:name 'n'", ""])
def test_instances_in_an_ontology_are_validated_where_pyshacl_does(
    tmp_path: Path, write: Write, kgpub: Run, ontology: str, name: str
) -> None:
    data, shapes = f"{PREFIXES}e:q a e:Q {name} .", SHAPES
    theirs = pyshacl.validate(
        Graph().parse(data=data),
        shacl_graph=Graph().parse(data=shapes),
        ont_graph=Graph().parse(data=PREFIXES + ontology),
    )
    write("d.ttl", data)
    write("s.ttl", shapes)
    write("o.ttl", PREFIXES + ontology)
    done = kgpub("validate", "d.ttl", "-s", "s.ttl", "-e", "o.ttl", "--lang", "en", cwd=tmp_path)
    assert done.returncode == (0 if theirs[0] else 1)
    assert done.stdout.count(": error: ") == theirs[2].count("Constraint Violation")


# Literals that are no values


@pytest.mark.parametrize("options", [("-i", "rdfs"), ("-i", "owlrl"), ("--engine", "pyshacl")])
def test_ill_typed_literals_are_told_of_by_shapes_only(
    tmp_path: Path, write: Write, kgpub: Run, options: tuple[str, str]
) -> None:
    write("d.ttl", f'{PREFIXES}e:a a e:P ; e:name "abc"^^xsd:decimal , "1.0"^^xsd:integer .')
    write("s.ttl", SHAPES)
    done = kgpub("validate", "d.ttl", "-s", "s.ttl", *options, "--lang", "en", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    write("s.ttl", f"{SHAPES} e:name sh:datatype xsd:decimal .")
    done = kgpub("validate", "d.ttl", "-s", "s.ttl", *options, "--lang", "en", cwd=tmp_path)
    assert done.returncode == 1
    assert "d.ttl:5:20: error: " in done.stdout
    assert done.stderr == ""


# What was built


def test_what_was_built_is_written_over_by_building_only(built: Path, kgpub: Run) -> None:
    assert kgpub("build", "--output", "../published", cwd=built).returncode == 0
    before = {path: path.read_bytes() for path in built.glob("output/**/*") if path.is_file()}
    for target in (
        *("output/SHA256SUMS", "output/dataset.ttl", "output/ontology/kinds.ttl", "output/new.txt"),
        *("../published/SHA256SUMS", "../published/new/report.txt"),
    ):
        done = kgpub("validate", "-o", target, "--lang", "en", cwd=built)
        assert done.returncode == 2
        assert f"{target}: only kgpub build writes to " in done.stderr
    after = {path: path.read_bytes() for path in built.glob("output/**/*") if path.is_file()}
    assert after == before
    assert kgpub("build", cwd=built).returncode == 0
    # A folder with checksums of somebody else's is one to write to.
    other = built.parent / "other"
    other.mkdir()
    (other / "SHA256SUMS").write_text(f"{'0' * 64}  thesis.doc\n", encoding="utf-8")
    assert kgpub("validate", "-o", "../other/report.txt", cwd=built).returncode == 0


# Files that are not read


@pytest.mark.parametrize("name", ["more.txt", "facts.doc", ".x.yaml", "README.md"])
def test_a_file_that_is_named_and_not_read_is_not_accepted(
    example: Path, kgpub: Run, name: str
) -> None:
    [folder] = (example / "articles").iterdir()
    (folder / name).write_text("x", encoding="utf-8")
    path = (folder / name).relative_to(example).as_posix()
    done = kgpub("validate", path, cwd=example)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{path}: is no submission of this workspace" in done.stderr
    assert kgpub("validate", cwd=example).returncode == 0


# One mistake, one problem; every mistake, its problem


def test_a_missing_path_is_one_error(tmp_path: Path, write: Write, kgpub: Run) -> None:
    write("d.ttl", PREFIXES)
    lacking = "sh:property [ sh:minCount 1 ; sh:uniqueLang true ]"
    write("s.ttl", f"{PREFIXES}e:S a sh:NodeShape ; sh:targetClass e:P ; {lacking} .")
    done = kgpub("validate", "d.ttl", "-s", "s.ttl", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.count("sh:path") == 1
    assert "no effect" not in done.stderr
    write("s.ttl", f"{PREFIXES}e:S a sh:NodeShape ; sh:targetClass e:P ; sh:minCount 1 .")
    done = kgpub("validate", "d.ttl", "-s", "s.ttl", cwd=tmp_path)
    assert "it has a sh:minCount, which has no effect on a node shape" in done.stderr


def test_all_files_that_are_not_rdf_are_told(tmp_path: Path, write: Write, kgpub: Run) -> None:
    write("s.ttl", SHAPES)
    write("one.ttl", "<a:a> <a:b> ;; .")
    write("two.ttl", f"{PREFIXES}e:a a e:P .")
    write("three.nt", '<a:a> <a:b> "x')
    write("o.ttl", "<")
    done = kgpub(
        *("validate", "one.ttl", "two.ttl", "three.nt", "-s", "s.ttl", "-e", "o.ttl", "--lang=en"),
        cwd=tmp_path,
    )
    assert done.returncode == 1
    errors = [line.split(":")[0] for line in done.stdout.splitlines() if ": error: " in line]
    assert sorted(errors) == ["o.ttl", "one.ttl", "three.nt"]
