"""What is told of a mistake: one problem, where it was written, and what may have been meant."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, Graph, Namespace
from rdflib import Literal as RdfLiteral
from tests.conftest import Run

from kgpub.pipeline.workspace import Workspace

SH = Namespace("http://www.w3.org/ns/shacl#")
FOLDER = "articles/example"
FACTS, META, PEOPLE = f"{FOLDER}/facts.yaml", f"{FOLDER}/article.yaml", f"{FOLDER}/people.csv"
Changes = Sequence[tuple[str, str, str]]


def change(root: Path, *changes: tuple[str, str, str]) -> None:
    """Replace a text, which stands there once, by another in each of some files."""
    for file, old, new in changes:
        path = root / file
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        assert text.count(old) == 1 or not old, old
        path.write_text(text.replace(old, new) if old else new, encoding="utf-8")


def told(root: Path, kgpub: Run, *files: str) -> list[dict[str, Any]]:
    done = kgpub("validate", "--format", "json", *files, cwd=root)
    read = json.loads(done.stdout)
    problems: list[dict[str, Any]] = read["problems"]
    refused = any(each["severity"] == "error" for each in problems)
    assert (done.returncode, read["accepted"]) == (int(refused), not refused)
    return problems


def brief(problems: list[dict[str, Any]]) -> list[tuple[str, str, int, str]]:
    return [
        (p["file"].rpartition("/")[2], p["severity"], p["line"], p.get("text", ""))
        for p in problems
    ]


GHOST = (META, "publisher: the-example-paper", "publisher: the-exmple-paper")
MISSPELT = (FACTS, "person: salim-omar", "person: salim-omr")
ELECTOIN = (FACTS, "kind: election", "kind: electoin")
UNKNOWN_KEY = (FACTS, "single-holder: true", "single-hodler: true")
SALIM = "en: Salim Omar}"

# Each: what is changed; file, severity, line and text of all that is told; what stands in it.
CASES: dict[str, tuple[Changes, list[tuple[str, str, int, str]], str]] = {
    "a misspelt reference, nothing else refers to what is meant": (
        [MISSPELT],
        [("facts.yaml", "error", 34, "salim-omr")],
        "Did you mean salim-omar?",
    ),
    "a part of a slug": (
        [(FACTS, "person: salim-omar", "person: omar")],
        [("facts.yaml", "error", 34, "omar")],
        "Did you mean salim-omar?",
    ),
    "an address of what lies below another base": (
        [(FACTS, "person: salim-omar", "person: https://other.example/person/salim-omar")],
        [("facts.yaml", "error", 34, "https://other.example/person/salim-omar")],
        "value https://other.example/person/salim-omar (",
    ),
    "an address that is meant to be below the base": (
        [(FACTS, "person: salim-omar", "person: https://other.example/person/salim-omar")],
        [("facts.yaml", "error", 34, "https://other.example/person/salim-omar")],
        "Did you mean salim-omar?",
    ),
    "nobody refers to an entity whose slug is near to another's": (
        [(FACTS, "  salim-omar:", "  salim-oma: {name: {ar: سالم, en: Salim}}\n  salim-omar:")],
        [("facts.yaml", "info", 9, "salim-oma")],
        "No statement, fact, event",
    ),
    "a Wikidata item without evidence": (
        [(FACTS, SALIM, f"{SALIM}, wikidata: Q5")],
        [("facts.yaml", "error", 9, "salim-omar")],
        "needs evidence",
    ),
    "evidence that is untidy, which its link has as well": (
        [(FACTS, SALIM, f"{SALIM}, wikidata: Q5, evidence: [' x', y]")],
        [("facts.yaml", "error", 9, "' x'")],
        "says why the Wikidata item",
    ),
    "a column in no known language": (
        [(PEOPLE, "", "id,name@xx\na-b,Ab\nc-d,Cd\n")],
        [("people.csv", "error", 1, "name@xx")],
        "Languages here: ar, ckb, ku",
    ),
    "a column of names without a language": (
        [(PEOPLE, "", "id,name\na-b,Ab\nc-d,Cd\n")],
        [("people.csv", "error", 1, "name")],
        "Write name@ar, name@en",
    ),
    "an article in no known language": (
        [(META, "language: ar", "language: xx")],
        [("article.yaml", "error", 2, "xx")],
        "'xx' is the tag of no language",
    ),
    "an end before the start": (
        [(FACTS, "start: 2019", "start: 2019, end: 2017")],
        [("facts.yaml", "error", 34, "2019")],
        "The start lies after the end",
    ),
    "a time by itself before a start": (
        [(FACTS, "start: 2019", "time: 2017, start: 2019")],
        [("facts.yaml", "error", 34, "2019")],
        "The start lies after the end",
    ),
    "the second occurrence of what stands there once": (
        [(FACTS, "عام 2019\n", "عام 2019\n    occurrence: 2\n")],
        [("facts.yaml", "error", 33, "2")],
        "there is no occurrence 2",
    ),
    "an event misspelt where any folder may be meant": (
        [(FACTS, "after: event/election-of-layla-hasan", "after: event/election-of-layla-hasn")],
        [("facts.yaml", "error", 31, "event/election-of-layla-hasn")],
        "Did you mean event/election-of-layla-hasan?",
    ),
    "a day of the week in small letters": (
        [(FACTS, "day: Sunday", "day: sunday")],
        [("facts.yaml", "error", 26, "sunday")],
        "Did you mean Sunday?",
    ),
    "a publisher that is misspelt": (
        [GHOST],
        [("article.yaml", "error", 3, "the-exmple-paper")],
        "Did you mean the-example-paper?",
    ),
    # Errors before SHACL, and what SHACL says beside them.
    "an unknown key beside a misspelt kind and reference": (
        [UNKNOWN_KEY, ELECTOIN, MISSPELT],
        [
            ("facts.yaml", "error", 16, "single-hodler"),
            ("facts.yaml", "error", 25, "electoin"),
            ("facts.yaml", "error", 34, "salim-omr"),
        ],
        "Did you mean 'single-holder'?",
    ),
    "an unknown key in one file, a misspelt publisher in another": (
        [UNKNOWN_KEY, GHOST],
        [
            ("article.yaml", "error", 3, "the-exmple-paper"),
            ("facts.yaml", "error", 16, "single-hodler"),
        ],
        "Did you mean the-example-paper?",
    ),
    "a section that is not read": (
        [(FACTS, "people:", "poeple:")],
        [("facts.yaml", "error", 7, "poeple")],
        "Did you mean 'people'?",
    ),
    "a slug that is none, and references to what it is meant to be": (
        [(FACTS, "  salim-omar:", "  Salim Omar:")],
        [("facts.yaml", "error", 9, "Salim Omar")],
        "salim-omar",
    ),
    "words that are not there, and what would have been asserted": (
        [(FACTS, "عام 2019\n", "عام 2091\n")],
        [("facts.yaml", "error", 32, "لسالم عمر الذي تولى المنصب عام 2091")],
        "the words are not in the article as they stand",
    ),
    "a file that cannot be read, and references to what it describes": (
        [
            (f"{FOLDER}/more.yaml", "", "people: ]"),
            (FACTS, "  salim-omar: {name: {ar: سالم عمر, en: Salim Omar}}\n", ""),
        ],
        [("more.yaml", "error", 1, "]")],
        "not readable as YAML",
    ),
    "a key that is none, and a reference to what its file cannot describe": (
        [
            (f"{FOLDER}/more.yaml", "", "[a]: b"),
            (FACTS, "  salim-omar: {name: {ar: سالم عمر, en: Salim Omar}}\n", ""),
        ],
        [
            ("facts.yaml", "error", 33, "salim-omar"),
            ("facts.yaml", "error", 36, "person/salim-omar"),
            ("more.yaml", "error", 1, "["),
        ],
        "a key must be a plain word",
    ),
    "no publisher, and an error elsewhere": (
        [UNKNOWN_KEY, (META, "publisher: the-example-paper\n", "")],
        [("facts.yaml", "error", 16, "single-hodler")],
        "unknown key",
    ),
    "kinds that cannot be read, and an error in a file": (
        [UNKNOWN_KEY, ("kinds.ttl", "", "<urn:a> b .")],
        [("facts.yaml", "error", 16, "single-hodler"), ("kinds.ttl", "error", 1, "b")],
        "unknown key",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_of_each_mistake_one_problem_is_told_where_it_was_written(
    example: Path, kgpub: Run, case: str
) -> None:
    changes, expected, words = CASES[case]
    change(example, *changes)
    problems = told(example, kgpub)
    assert brief(problems) == expected
    assert any(words in f"{each['message']}\n{each['remedy']}" for each in problems)
    if expected[0][1] == "info":
        assert "Did you mean" not in problems[0]["remedy"]


@pytest.mark.parametrize("incremental_from", [1, 1_000])
@pytest.mark.parametrize("changes", [[GHOST], [MISSPELT], [GHOST, MISSPELT], [ELECTOIN]])
def test_the_verdict_on_a_file_is_that_of_its_report(
    example: Path, changes: Changes, incremental_from: int
) -> None:
    """A submission rests on its article: what nobody is said to say, the publisher says."""
    Workspace(example).build()
    change(example, *changes)
    workspace = Workspace(example, incremental_from=incremental_from)
    validated = workspace.validate([example / FACTS])
    assert validated.notes == ()
    assert validated.report is not None
    assert not validated.report.conforms
    assert not validated.accepted
    assert len(validated.problems) == len(changes)
    whole = Workspace(example).validate()
    assert validated.problems == whole.problems


def test_the_standard_report_on_a_file_says_what_its_exit_code_says(
    built: Path, kgpub: Run
) -> None:
    change(built, GHOST)
    done = kgpub("validate", FACTS, "--format", "ttl", cwd=built)
    report = Graph().parse(data=done.stdout, format="turtle")
    (node,) = report.subjects(RDF.type, SH.ValidationReport)
    assert list(report.objects(node, SH.conforms)) == [RdfLiteral(False)]
    assert done.returncode == 1


def test_a_mistake_in_another_article_is_not_told_of_a_file(example: Path, kgpub: Run) -> None:
    other = example / "articles/other"
    other.mkdir()
    for name in ("article.txt", "article.yaml"):
        (other / name).write_bytes((example / FOLDER / name).read_bytes())
    change(example, ("articles/other/article.yaml", "the-example-paper", "the-exmple-paper"))
    assert told(example, kgpub, FACTS) == []
    assert len(told(example, kgpub, "articles/other/article.yaml")) == 1


@pytest.mark.parametrize(
    ("article", "remedy"),
    [("exmple", "Did you mean example?"), ("xyzzy", "Articles here: example.\nAdd its folder")],
)
def test_an_unknown_article_is_told_where_it_is_named(
    example: Path, kgpub: Run, article: str, remedy: str
) -> None:
    outside = example.parent / "outside.yaml"
    outside.write_bytes((example / FACTS).read_bytes())
    text = outside.read_text(encoding="utf-8")
    outside.write_text(text.replace("article: example", f"article: {article}"), encoding="utf-8")
    (problem,) = told(example, kgpub, str(outside))
    assert (problem["line"], problem["column"], problem["text"]) == (2, 10, article)
    assert problem["remedy"].startswith(remedy)


SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <https://example.net/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
[] sh:targetClass e:P ; sh:property [ sh:path e:colour ; sh:in ( "red" "green" e:Blue ) ] ,
    [ sh:path e:age ; sh:maxInclusive 150 ] , [ sh:path e:born ; sh:datatype xsd:gYear ] ,
    [ sh:path e:knows ; sh:class e:P ] .
"""
DATA = """@prefix e: <https://example.net/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
e:a a e:P ; e:colour "gren" ; e:age 151 ; e:born "2001"^^xsd:date ;
    e:knows e:b .
"""


def test_terms_of_any_data_are_told_as_people_read_them(tmp_path: Path, kgpub: Run) -> None:
    (tmp_path / "q_s.ttl").write_text(SHAPES, encoding="utf-8")
    (tmp_path / "data.ttl").write_text(DATA, encoding="utf-8")
    done = kgpub("validate", "data.ttl", "--shapes", "q_s.ttl", "--format", "json", cwd=tmp_path)
    problems = json.loads(done.stdout)["problems"]
    texts = ["\n".join((each["message"], each["remedy"])) for each in problems]
    assert len(texts) == 4
    for text in texts:
        assert "example.net/a, value" in text and "a shape without a name in q_s.ttl" in text
        assert "genid" not in text and "^^" not in text and "_:" not in text
    colour, age, born, knows = texts
    assert "one of red, green, Blue" in colour and "Did you mean green?" in colour
    assert "value 151 (" in age
    assert 'value "2001" (xsd:date)' in born and "gYear" in born
    assert "a node of the class P" in knows
