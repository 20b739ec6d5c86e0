"""Queries that are wrong, hostile or about odd values: what is told, and with which exit code."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pyoxigraph import BaseDirection, Literal, NamedNode, RdfFormat, Triple, parse
from rich.cells import cell_len
from tests.conftest import BASE, Run

from kgpub.pipeline.initial import create_workspace
from kgpub.pipeline.workspace import Workspace
from kgpub.reporting.text import printable


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("built")
    create_workspace(root, BASE, "Example", "Me", "https://creativecommons.org/licenses/by/4.0/")
    Workspace(root).build()
    return root


@pytest.fixture
def built(original: Path, tmp_path: Path) -> Path:
    """A built workspace of the test's own."""
    return shutil.copytree(original, tmp_path / "workspace")


def run_bytes(
    *arguments: str | bytes, cwd: Path, stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run kgpub with arguments and input of any bytes."""
    return subprocess.run(
        [sys.executable, "-m", "kgpub", *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        timeout=120,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        check=False,
    )


# Oxigraph overflows the stack on each of them, which ends the process without a word.
TOO_LARGE: dict[str, Callable[[int], str]] = {
    "groups": lambda n: f"SELECT * {'{' * n}{'}' * n}",
    "brackets": lambda n: f"ASK {{ FILTER({'(' * n}1{')' * n}) }}",
    "brackets that could be an IRI": lambda n: f"ASK {{ FILTER(1<{'(' * n}1{')' * n}&&3>1) }}",
    "EXISTS": lambda n: f"ASK {{ {'FILTER EXISTS {' * n}{'}' * n} }}",
    "alternatives": lambda n: f"ASK {{ FILTER(1{'||1' * n}) }}",
    "sums in a list": lambda n: f"ASK {{ FILTER(1 IN (1{'+1' * n})) }}",
    "negations": lambda n: f"ASK {{ FILTER({'!' * n}1) }}",
    "unions": lambda n: f"ASK {{ {'{} UNION ' * n}{{}} }}",
    "a path": lambda n: f"ASK {{ ?x kg:a{'/kg:a' * n} ?y }}",
    "MINUS": lambda n: f"ASK {{ {'MINUS {?a ?b ?c} ' * n} }}",
    "a list": lambda n: f"ASK {{ ?x ?y ({' 1' * n}) }}",
    "described IRIs": lambda n: f"DESCRIBE {'<http://e/> ' * n}",
}


@pytest.mark.parametrize("name", TOO_LARGE)
def test_a_query_too_large_to_evaluate_is_refused(built: Path, kgpub: Run, name: str) -> None:
    (built / "large.rq").write_text(TOO_LARGE[name](20_000), encoding="utf-8")
    done = kgpub("query", "large.rq", cwd=built)
    assert done.returncode == 2
    assert "query:1:" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_query_of_gigabytes_is_not_read(built: Path, kgpub: Run) -> None:
    with (built / "huge.rq").open("wb") as stream:
        stream.truncate(4 * 1024**3)
    done = kgpub("query", "huge.rq", cwd=built)
    assert done.returncode == 2
    assert "huge.rq: is longer than 10,000,000 bytes" in done.stderr


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {} }} }}",
        "SELECT (COUNT(*) AS ?n) {{ VALUES (?x ?y) {{ {} }} }}",
        "SELECT (SUM(?found) AS ?n) {{ VALUES ?x {{ {} }} BIND(IF(?x IN ({}), 1, 0) AS ?found) }}",
    ],
)
def test_ten_thousand_values_are_no_large_query(built: Path, kgpub: Run, query: str) -> None:
    iris = [f"<https://www.wikidata.org/entity/Q{number}_(x)>" for number in range(10_000)]
    if "IN" in query:
        text = query.format(" ".join(iris[:10]), ", ".join(iris))
        expected = 10
    else:
        row = "({} <urn:x:a+b+c>)" if "?y" in query else "{}"
        text = query.format(" ".join(row.format(iri) for iri in iris))
        expected = 10_000
    done = kgpub("query", "-", "-f", "csv", cwd=built, stdin=text)
    assert done.stdout.split() == ["n", str(expected)], done.stderr


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"# question: x\nASK {} # \xff", "2:10: not UTF-8: the byte FF"),
        (b"\xef\xbb\xbf# \xd8\xa7\xfe", "1:4: not UTF-8: the byte FE"),
        (b"# question: x\n# parameter: y\nASK {}", "2:1: the header"),
    ],
)
def test_a_bad_query_does_not_keep_others_from_being_asked(
    built: Path, kgpub: Run, content: bytes, place: str
) -> None:
    folder = built / "queries"
    folder.mkdir()
    (folder / "bad.rq").write_bytes(content)
    (folder / "folder.rq").mkdir()
    os.mkfifo(folder / "pipe.rq")
    (folder / "good.rq").write_bytes(b"\xef\xbb\xbf# question: Is it good?\nASK {}")
    listed = kgpub("query", "--list", cwd=built)
    assert listed.returncode == 0
    for expected in (f"queries/bad.rq:{place}", "folder.rq: is no file", "pipe.rq: is no file"):
        assert expected in listed.stderr
    assert "Is it good?" in listed.stdout
    assert "holders-of-office" in listed.stdout
    assert kgpub("query", "good", cwd=built).stdout == "true\n"
    assert "Did you mean good?" in kgpub("query", "goood", cwd=built).stderr
    bad = kgpub("query", "bad", cwd=built)
    assert (bad.returncode, f"queries/bad.rq:{place}" in bad.stderr) == (2, True)
    for name in ("folder", "pipe"):
        done = kgpub("query", name, cwd=built)
        assert (done.returncode, "is no file" in done.stderr) == (2, True)


def test_standard_input_that_is_not_utf_8(built: Path) -> None:
    done = run_bytes("query", "-", cwd=built, stdin="ASK {\r\n # نص ".encode() + b"\xff }")
    assert done.returncode == 2
    assert "standard input:2:7: not UTF-8: the byte FF" in done.stderr.decode()
    marked = run_bytes("query", "-", cwd=built, stdin=b"\xef\xbb\xbfASK {}")
    assert marked.stdout == b"true\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "called", "-p", b"text=\xff"],
        ["query", b"ASK { \xff }"],
        ["query", b"na\xffme"],
        ["query", b"na\xffme.rq"],
        ["query", "ASK {}", "--endpoint", b"http://127.0.0.1:9/\xff"],
        ["export", "--graph", b"https://e.org/\xff"],
        ["init", "there", "--title", b"\xff"],
        ["validate", b"\xff.yaml"],
        ["query", "ASK {}", "-w", b"/nowhere/\xff"],
    ],
)
def test_arguments_that_are_not_utf_8(built: Path, arguments: list[str | bytes]) -> None:
    done = run_bytes(*arguments, cwd=built)
    assert done.returncode == 2
    assert "‹U+DCFF›" in done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert not (built / "there").exists()


E, F = NamedNode("http://e/"), NamedNode("http://f/")
BEYOND = {
    '"x"@en--ltr': Literal("x", language="en", direction=BaseDirection.LTR),
    "<<( <http://e/> <http://f/> <http://e/> )>>": Triple(E, F, E),
}


@pytest.mark.parametrize("text", BEYOND)
@pytest.mark.parametrize(
    ("form", "rdf"),
    [("ttl", RdfFormat.TURTLE), ("nt", RdfFormat.N_TRIPLES), ("jsonld", RdfFormat.JSON_LD)],
)
def test_graphs_beyond_rdf_1_1(
    built: Path, kgpub: Run, text: str, form: str, rdf: RdfFormat
) -> None:
    query = f"CONSTRUCT {{ <http://e/> <http://f/> {text} , <http://f/> }} {{}}"
    done = kgpub("query", query, "-f", form, cwd=built)
    if form == "jsonld" and isinstance(BEYOND[text], Triple):
        assert done.returncode == 2
        assert "triple terms" in done.stderr
        assert "ttl" in done.stderr
        return
    found = {quad.triple for quad in parse(done.stdout.encode(), format=rdf)}
    assert found == {Triple(E, F, BEYOND[text]), Triple(E, F, F)}


@pytest.mark.parametrize("code", [0x01, 0x08, 0x0B, 0x1B, 0xFFFE, 0xFFFF])
def test_xml_is_refused_where_it_has_no_such_character(built: Path, kgpub: Run, code: int) -> None:
    query = f'SELECT ?x {{ BIND("\\u{code:04X}" AS ?x) }}'
    done = kgpub("query", query, "-f", "xml", cwd=built)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"U+{code:04X}" in done.stderr
    assert "json" in done.stderr


def test_xml_of_every_other_control_character(built: Path, kgpub: Run) -> None:
    query = 'SELECT ?x { BIND("\\t\\n\\r\\u007F\\u0085\\uFFFDا\\U0001F600" AS ?x) }'
    done = kgpub("query", query, "-f", "xml", cwd=built)
    (value,) = ElementTree.fromstring(done.stdout).iter(
        "{http://www.w3.org/2005/sparql-results#}literal"
    )
    assert value.text == "\t\n\r\x7f\x85\ufffdا😀"


@pytest.mark.parametrize("columns", [0, 1, 7, 10, 11, 12, 30])
def test_no_column_is_too_narrow_for_wide_characters(built: Path, kgpub: Run, columns: int) -> None:
    text = "漢字仮名交文一二三四"
    query = f'SELECT ?x ?y {{ BIND("{text}" AS ?x) BIND("a{text}" AS ?y) }}'
    done = kgpub("query", query, cwd=built, COLUMNS=str(columns))
    rows = [line.split("│")[1:3] for line in done.stdout.splitlines() if line.startswith("│")]
    cells = [
        "".join(part).translate({0x2068: None, 0x2069: None, 0x20: None})
        for part in zip(*rows, strict=True)
    ]
    assert cells == [text, f"a{text}"]
    lines = [line.translate({0x2068: None, 0x2069: None}) for line in done.stdout.splitlines()[:-1]]
    assert {cell_len(line) for line in lines} == {cell_len(lines[0])}


UNDECLARED = {
    "SELECT * { ?a xx:b ?c }": ("1:15", "xx", ""),
    "SELECT * { VALUES ?x { persn:b } }": ("1:24", "persn", "Did you mean person:?"),
    "PREFIX yy: <http://e/>\nASK { ?a yy:b 'zz:b' . # zz:c\n ?a xx:b <zz:d> }": ("3:5", "xx", ""),
    "ASK { FILTER(xx:f(1)) }": ("1:14", "xx", ""),
}


@pytest.mark.parametrize("query", UNDECLARED)
def test_an_undeclared_prefix_is_named(built: Path, kgpub: Run, query: str) -> None:
    place, prefix, hint = UNDECLARED[query]
    done = kgpub("query", query, cwd=built)
    assert done.returncode == 2
    assert f"query:{place}: the prefix {prefix}: is not declared" in done.stderr
    assert hint in done.stderr
    assert "wd, xsd." in done.stderr


@pytest.mark.parametrize(
    ("query", "place", "line", "column"),
    [
        ('ASK { ?a ?b "\u2028" .\n ?x xx:y 1 }', "2:5", " ?x xx:y 1 }", 5),
        ("ASK {\r ?a ?b ?c .\r\n ?x xx:y 1 }", "3:5", " ?x xx:y 1 }", 5),
        ("ASK { # \x0b \x85\n ?x xx:y 1 }", "2:5", " ?x xx:y 1 }", 5),
        (f"ASK {{ ?x{' ' * 200}xx:y{' ' * 200}1 }}", "1:209", f"{' ' * 80}xx:y{' ' * 76}", 81),
    ],
)
def test_the_caret_stands_below_the_fault(
    built: Path, kgpub: Run, query: str, place: str, line: str, column: int
) -> None:
    told = kgpub("query", query, cwd=built).stderr.splitlines()
    assert told[0].startswith(f"kgpub: query:{place}: ")
    assert told[1:3] == [f"    {line}", f"    {' ' * (column - 1)}^"]


@pytest.mark.parametrize("end", ["\r", "\r\n"])
def test_a_fault_has_the_same_place_whatever_ends_lines(built: Path, end: str) -> None:
    query = "ASK {\n  ?a ?b ?c .\n  ?a ?b ]\n  ?c\n}"
    expected = run_bytes("query", query, cwd=built)
    found = run_bytes("query", query.replace("\n", end), cwd=built)
    assert expected.stderr.startswith(b"kgpub: query:")
    assert b"query:1:" not in expected.stderr
    assert found.stderr == expected.stderr


def test_an_update_is_told_as_one(built: Path, kgpub: Run) -> None:
    done = kgpub("query", "# SELECT\nPREFIX a: <http://e/> DROP ALL", cwd=built)
    assert done.returncode == 2
    assert "query:2:23: a query asks, and this would change something" in done.stderr


def test_nothing_printed_drives_the_terminal(tmp_path: Path, kgpub: Run) -> None:
    name = "a\x1b]0;b\nkgpub: all is well:smile:[bold]"
    made = kgpub("init", name, cwd=tmp_path)
    assert made.returncode == 0
    assert ":smile:[bold]/kgpub.toml" in made.stdout
    folder = tmp_path / name
    (folder / "queries").mkdir()
    (folder / "queries/a.rq").write_text("# question: \x1b[31mred\nASK {}", encoding="utf-8")
    (folder / "articles/x\nkgpub: y").mkdir()
    done = [
        made,
        kgpub("query", "--list", "-w", name, cwd=tmp_path),
        kgpub("build", "-w", name, cwd=tmp_path),
    ]
    (folder / "articles/x\nkgpub: y").rmdir()
    done += [kgpub("build", "-w", name, cwd=tmp_path), kgpub("build", "-w", name, cwd=tmp_path)]
    done += [kgpub("query", f"{name}.rq", cwd=tmp_path)]
    assert [each.returncode for each in done] == [0, 0, 1, 0, 0, 2]
    for each in done:
        printed = each.stdout + each.stderr
        assert "\x1b" not in printed
        assert "\nkgpub: all" not in printed
        assert "\nkgpub: y" not in printed


def test_printable_is_one_line() -> None:
    assert printable("a\nb\r\x1b\u202e\u2068c\u2069\udcff") == (
        "a b ‹U+001B›‹U+202E›\u2068c\u2069‹U+DCFF›"
    )


def test_a_working_folder_that_is_gone(built: Path) -> None:
    command = f'mkdir gone && cd gone && rmdir ../gone && "{sys.executable}" -m kgpub build'
    done = subprocess.run(
        ["bash", "-c", command], cwd=built, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "kgpub: the working folder: " in done.stderr
