"""`kgpub validate`: the same findings in all forms, RDF files against any shapes, watching."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyshacl import validate as pyshacl_validate
from rdflib import Graph
from rdflib.compare import isomorphic
from tests.conftest import Run

from kgpub.messages import LANGUAGES

FACTS = "articles/example/facts.yaml"


def change(root: Path, old: str, new: str) -> None:
    path = root / FACTS
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def misspelt(example: Path) -> Path:
    change(example, "kind: election", "kind: electoin")
    change(example, "office: mayor-of-al-waha, start", "office: mayor-of-al-wahaa, start")
    return example


def test_a_misspelt_slug_and_kind_are_shown_with_the_nearest(misspelt: Path, kgpub: Run) -> None:
    done = kgpub("validate", cwd=misspelt)
    assert done.returncode == 1
    assert "        kind: electoin".strip() in done.stdout
    assert "^^^^^^^^\n    Did you mean election?" in done.stdout
    assert "^^^^^^^^^^^^^^^^^\n    Did you mean mayor-of-al-waha?" in done.stdout
    assert done.stdout.endswith("refused: 2 errors, 0 warnings, 0 infos\n")


def test_nothing_is_suggested_for_what_is_near_to_nothing(example: Path, kgpub: Run) -> None:
    change(example, "kind: election", "kind: xyzzy")
    done = kgpub("validate", cwd=example)
    assert done.returncode == 1
    assert "Did you mean" not in done.stdout


@pytest.mark.parametrize(
    ("old", "new", "place", "meant"),
    [
        ("kind: election", "kind: انتخاب", "25:15", "election"),
        ("role: elected", "role: منتخب", "29:45", "elected"),
        ("kind: election", "kind: election\u200e", "25:15", "election"),
        ("type: Event", "type: حدث", "24:15", "Event"),
        ("person: salim-omar", "person: سالم عمر", "34:32", "salim-omar"),
    ],
)
def test_what_is_written_as_it_is_called_is_shown_as_it_is_written(
    example: Path, kgpub: Run, old: str, new: str, place: str, meant: str
) -> None:
    change(example, old, new)
    told = {language: kgpub("validate", "--lang", language, cwd=example) for language in LANGUAGES}
    assert {done.returncode for done in told.values()} == {1}
    assert told["en"].stdout.startswith(f"{FACTS}:{place}: error: ")
    assert f"\n    Did you mean {meant}?\n" in told["en"].stdout
    assert all(f"\u2068{meant}\u2069" in told[language].stdout for language in ("ar", "ckb"))
    assert ("U+200E" in told["en"].stdout.split("\n")[0]) == ("\u200e" in new)


def test_all_forms_tell_of_the_same(misspelt: Path, kgpub: Run) -> None:
    told = {
        form: kgpub("validate", "--format", form, cwd=misspelt)
        for form in ("json", "sarif", "junit", "github", "html", "ttl")
    }
    assert {done.returncode for done in told.values()} == {1}
    found = [
        (p["line"], p["column"], p["text"]) for p in json.loads(told["json"].stdout)["problems"]
    ]
    assert found == [(25, 15, "electoin"), (34, 52, "mayor-of-al-wahaa")]
    (run,) = json.loads(told["sarif"].stdout)["runs"]
    regions = [r["locations"][0]["physicalLocation"]["region"] for r in run["results"]]
    assert [(r["startLine"], r["startColumn"], r["snippet"]["text"]) for r in regions] == found
    assert told["github"].stdout.count("::error file=articles/example/facts.yaml,line=") == 2
    assert "<mark>electoin</mark>" in told["html"].stdout
    assert 'failures="1"' in told["junit"].stdout
    report = Graph().parse(data=told["ttl"].stdout, format="turtle")
    assert len(list(report.subjects(None, None))) > 0
    assert told["ttl"].stdout.count("a sh:ValidationResult") == 2


def test_a_report_is_written_to_a_file(misspelt: Path, kgpub: Run) -> None:
    done = kgpub("validate", "-f", "html", "-o", "report.html", "--lang", "ar", cwd=misspelt)
    assert (done.returncode, done.stdout) == (1, "")
    page = (misspelt / "report.html").read_text(encoding="utf-8")
    assert '<html lang="ar" dir="rtl">' in page
    assert "مفردات «أنواع الأحداث»" in page
    assert "هل تقصد «\u2068election\u2069»؟" in page
    failed = kgpub("validate", "-f", "json", "-o", "no/such/folder.json", cwd=misspelt)
    assert failed.returncode == 2
    assert "folder.json: cannot be written" in failed.stderr


def test_no_standard_report_of_files_that_cannot_be_read(example: Path, kgpub: Run) -> None:
    (example / FACTS).write_text("people: [", encoding="utf-8")
    for call in (("-f", "ttl"), ("-f", "ttl", "-o", "report.ttl")):
        done = kgpub("validate", *call, cwd=example)
        assert (done.returncode, done.stdout) == (1, "")
        assert f"{FACTS}:1:9: error: " in done.stderr
        assert "there is no validation report" in done.stderr
    assert not (example / "report.ttl").exists()
    assert json.loads(kgpub("validate", "-f", "json", cwd=example).stdout)["problems"]


def test_files_are_those_that_were_asked_for(misspelt: Path, kgpub: Run) -> None:
    fine = "articles/example/fine.yaml"
    (misspelt / fine).write_text(
        "article: example\npeople: {zahra: {name: {en: Zahra}}}\n", encoding="utf-8"
    )
    told = {form: kgpub("validate", fine, "-f", form, cwd=misspelt) for form in ("json", "junit")}
    assert json.loads(told["json"].stdout)["files"] == [fine]
    assert told["junit"].stdout.count("<testcase") == 1
    whole = json.loads(kgpub("validate", "-f", "json", cwd=misspelt).stdout)["files"]
    assert set(whole) > {fine, FACTS}
    # A file elsewhere that keeps this one from being validated is told, and listed as failing.
    (misspelt / FACTS).write_text("people: [", encoding="utf-8")
    done = kgpub("validate", fine, "-f", "junit", cwd=misspelt)
    assert done.stdout.count("<testcase") == 2
    assert done.stdout.count("<failure") == 1


def test_paths_for_github_are_below_its_checkout(misspelt: Path, kgpub: Run) -> None:
    checkout = str(misspelt.parent)
    told = kgpub("validate", "-f", "github", cwd=misspelt, GITHUB_WORKSPACE=checkout)
    assert told.stdout.count("::error file=workspace/articles/example/facts.yaml,line=") == 2
    log = kgpub("validate", "-f", "sarif", cwd=misspelt, GITHUB_WORKSPACE=checkout).stdout
    assert log.count('"uri": "workspace/articles/example/facts.yaml"') >= 2


SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <urn:e:> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
e:S a sh:NodeShape ; sh:targetClass e:P ; sh:property e:age , e:friend , e:name .
e:age sh:path e:age ; sh:datatype xsd:integer ; sh:maxCount 1 .
e:friend sh:path e:friend ; sh:class e:P .
e:name sh:path e:name ; sh:minCount 1 ; sh:severity sh:Warning ; sh:message "give a name" .
"""
DATA = """@prefix e: <urn:e:> .
e:a a e:P ; e:name "A" ;
    e:age "x" ;
    e:friend e:b ,
        e:c .
e:b a e:P ; e:age 3 , 4 .
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    (tmp_path / "data.ttl").write_text(DATA, encoding="utf-8")
    return tmp_path


def test_rdf_files_against_any_shapes(files: Path, kgpub: Run) -> None:
    done = kgpub("validate", "data.ttl", "--shapes", "shapes.ttl", "-f", "json", cwd=files)
    assert done.returncode == 1
    found = json.loads(done.stdout)["problems"]
    assert [(p["line"], p["column"], p["severity"]) for p in found] == [
        (3, 11, "error"),
        (5, 9, "error"),
        (6, 1, "warning"),  # the node that lacks a value
        (6, 19, "error"),
    ]


@pytest.mark.parametrize("engine", ["fast", "pyshacl"])
def test_the_standard_report_is_that_of_pyshacl(files: Path, kgpub: Run, engine: str) -> None:
    done = kgpub(
        *("validate", "data.ttl", "-s", "shapes.ttl", "-f", "ttl", "--engine", engine), cwd=files
    )
    _, theirs, _ = pyshacl_validate(
        str(files / "data.ttl"), shacl_graph=str(files / "shapes.ttl"), data_graph_format="turtle"
    )
    ours = Graph().parse(data=done.stdout, format="turtle")
    query = """
        PREFIX sh: <http://www.w3.org/ns/shacl#>
        CONSTRUCT { ?f ?s [ sh:resultPath ?p ; sh:sourceConstraintComponent ?c ; sh:value ?v ;
                            sh:resultSeverity ?g ] }
        WHERE { ?r sh:focusNode ?f ; sh:resultPath ?p ; sh:sourceConstraintComponent ?c ;
                   sh:sourceShape ?s ; sh:resultSeverity ?g . OPTIONAL { ?r sh:value ?v } }"""
    assert isinstance(theirs, Graph)
    first, second = (graph.query(query).graph for graph in (ours, theirs))
    assert first is not None and second is not None and len(first) > 0
    assert isomorphic(first, second)


def test_warnings_conform_where_they_are_allowed(files: Path, kgpub: Run) -> None:
    (files / "data.ttl").write_text("<urn:e:a> a <urn:e:P> .", encoding="utf-8")
    call = ("validate", "data.ttl", "-s", "shapes.ttl")
    assert kgpub(*call, cwd=files).returncode == 1
    assert kgpub(*call, "--allow-infos", cwd=files).returncode == 1
    assert kgpub(*call, "--allow-warnings", cwd=files).returncode == 0


@pytest.mark.parametrize(("inference", "code"), [("none", 1), ("rdfs", 0), ("owlrl", 0)])
def test_inference(files: Path, kgpub: Run, inference: str, code: int) -> None:
    (files / "data.ttl").write_text(
        '<urn:e:a> a <urn:e:P> ; <urn:e:name> "A" ; <urn:e:friend> [ a <urn:e:Q> ; '
        '<urn:e:name> "Q" ] .',
        encoding="utf-8",
    )
    (files / "ontology.ttl").write_text(
        "<urn:e:Q> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <urn:e:R> . "
        "<urn:e:friend> <http://www.w3.org/2000/01/rdf-schema#range> <urn:e:P> .",
        encoding="utf-8",
    )
    done = kgpub(
        *("validate", "data.ttl", "-s", "shapes.ttl", "-e", "ontology.ttl", "-i", inference),
        cwd=files,
    )
    assert done.returncode == code, done.stdout


BAD_CALLS = {
    "data.ttl": "--shapes",
    "data.ttl -s no-such.ttl": "no-such.ttl: there is no such file",
    "no-such.ttl -s shapes.ttl": "no-such.ttl: there is no such file",
    "-s shapes.ttl": "Name them",
    "data.ttl -s shapes.ttl --watch": "leave --watch out",
    "-i rdfs": "Give their shapes",
    "data.ttl -s text.txt": "text.txt: the ending tells no RDF format",
    "text.txt -s shapes.ttl": "text.txt: the ending tells no RDF format",
}


@pytest.mark.parametrize("call", BAD_CALLS)
def test_calls_that_make_no_sense(files: Path, kgpub: Run, call: str) -> None:
    (files / "text.txt").write_text("x", encoding="utf-8")
    done = kgpub("validate", *call.split(), cwd=files)
    assert done.returncode == 2
    assert BAD_CALLS[call] in done.stderr
    assert "Traceback" not in done.stderr


def test_bad_rdf_is_told_at_its_line(files: Path, kgpub: Run) -> None:
    (files / "bad.ttl").write_text("<urn:a> <urn:b> <urn:c> .\n<urn:a> b .\n", encoding="utf-8")
    data = kgpub("validate", "bad.ttl", "-s", "shapes.ttl", cwd=files)
    assert data.returncode == 1
    assert "bad.ttl:2:" in data.stdout
    shapes = kgpub("validate", "data.ttl", "-s", "bad.ttl", cwd=files)
    assert shapes.returncode == 2
    assert "bad.ttl:2:" in shapes.stderr


def read_until(process: subprocess.Popen[str], ending: str) -> str:
    assert process.stdout is not None
    told = ""
    while not told.endswith(ending):
        line = process.stdout.readline()
        assert line, told
        told += line
    return told


@pytest.fixture
def watching(example: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "kgpub", "validate", "--watch"],
        cwd=example,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1"},
    )
    try:
        read_until(process, ACCEPTED)
        time.sleep(0.5)  # until the watcher has looked at the folder first
        yield process
    finally:
        process.kill()
        process.communicate()


ACCEPTED = "accepted: 0 errors, 0 warnings, 0 infos\n"
REFUSED = "refused: 1 error, 0 warnings, 0 infos\n"


def test_watching_validates_again_after_each_change(
    example: Path, watching: subprocess.Popen[str]
) -> None:
    change(example, "kind: election", "kind: electoin")
    assert "Did you mean election?" in read_until(watching, REFUSED)
    change(example, "kind: electoin", "kind: election")
    read_until(watching, ACCEPTED)
    watching.send_signal(signal.SIGINT)
    _, told = watching.communicate(timeout=20)
    assert told == ""
    assert watching.returncode == 130


KINDS = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://example.org/other/kind/by-election> a skos:Concept ; skos:prefLabel "by-election"@en ;
    skos:inScheme <https://w3id.org/kgpub/kind#EventKind> .
"""


def test_watching_sees_kinds_that_are_made_later(
    example: Path, watching: subprocess.Popen[str]
) -> None:
    change(example, "kind: election", "kind: https://example.org/other/kind/by-election")
    read_until(watching, REFUSED)
    kinds = example / "kinds.ttl"
    kinds.write_text(KINDS, encoding="utf-8")
    read_until(watching, ACCEPTED)
    kinds.write_text(KINDS.replace("prefLabel", "altLabel"), encoding="utf-8")
    assert "kinds.ttl:2:" in read_until(watching, "infos\n")
    kinds.unlink()
    read_until(watching, REFUSED)


def test_watching_goes_by_the_settings_as_they_are(
    example: Path, watching: subprocess.Popen[str]
) -> None:
    (example / "kinds.ttl").write_text(KINDS, encoding="utf-8")
    read_until(watching, ACCEPTED)
    settings = example / "kgpub.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("example.org/data/", "example.org/other/"), encoding="utf-8")
    assert "by-election is defined elsewhere" in read_until(watching, REFUSED)
    settings.write_text("base = 1\n", encoding="utf-8")
    assert watching.stderr is not None
    assert "kgpub.toml" in watching.stderr.readline()
    settings.write_text(text, encoding="utf-8")
    read_until(watching, ACCEPTED)


def test_watching_passes_over_what_editors_and_builds_write(
    example: Path, kgpub: Run, watching: subprocess.Popen[str]
) -> None:
    for name in (".facts.yaml.swp", "facts.yaml~", "#facts.yaml#"):
        (example / "articles/example" / name).write_text("x", encoding="utf-8")
    assert kgpub("build", cwd=example).returncode == 0
    time.sleep(1)
    # A folder that is new is watched as well, and what comes into it afterwards.
    new = example / "articles/later"
    new.mkdir()
    assert "articles/later/article.yaml: error" in read_until(watching, "infos\n").replace(
        ":1:1", ""
    )
    (new / "article.txt").write_text("نص.\n", encoding="utf-8")
    assert "articles/later" in read_until(watching, "infos\n")
