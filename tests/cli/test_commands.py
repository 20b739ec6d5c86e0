"""The command line as a person meets it: what it prints, and its exit codes."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from tests.conftest import Run

from kgpub.cli.rendering import safe

FACTS = "articles/example/facts.yaml"


@pytest.fixture
def built(example: Path, kgpub: Run) -> Path:
    done = kgpub("build", cwd=example)
    assert done.returncode == 0, done.stderr
    return example


def test_init_then_build_then_query(tmp_path: Path, kgpub: Run) -> None:
    assert kgpub("init", "news", cwd=tmp_path).returncode == 0
    root = tmp_path / "news"
    assert kgpub("build", cwd=root).returncode == 0
    answer = kgpub("query", "SELECT ?p { ?p a kg:Person } ORDER BY ?p", "-f", "csv", cwd=root)
    assert answer.stdout.split() == [
        "p",
        "https://example.org/data/person/layla-hasan",
        "https://example.org/data/person/salim-omar",
    ]


@pytest.mark.parametrize("language", ["en", "ar", "ckb"])
def test_a_build_counts_the_quads_that_it_has_written(
    example: Path, kgpub: Run, language: str
) -> None:
    done = kgpub("build", "--lang", language, cwd=example)
    lines = (example / "output/dataset.nq").read_bytes().count(b"\n")
    noun = {"en": "quads", "ar": "رباعية", "ckb": "چوارینە"}[language]
    assert 110 < lines < 200 and f"{lines} {noun}" in done.stdout
    done = kgpub("build", "--lang", language, cwd=example)
    nothing = {"en": "Nothing has changed", "ar": "لم يتغيّر شيء", "ckb": "هیچ نەگۆڕاوە"}[language]
    assert done.stdout.startswith(nothing)


def test_init_overwrites_nothing(example: Path, kgpub: Run) -> None:
    done = kgpub("init", str(example), cwd=example)
    assert done.returncode == 2
    assert "is there already" in done.stderr


@pytest.mark.parametrize(
    "base", ["https://example.org/data", "javascript:alert(1)/", "data/", "https://e.org/a b/"]
)
def test_init_refuses_a_base_that_cannot_be_one(tmp_path: Path, kgpub: Run, base: str) -> None:
    done = kgpub("init", "news", "--base", base, cwd=tmp_path)
    assert done.returncode == 2
    assert "base" in done.stderr
    assert not (tmp_path / "news").exists()


def test_titles_with_quotes_and_arabic_are_kept(tmp_path: Path, kgpub: Run) -> None:
    title = 'ما "قيل" \\ هنا'
    kgpub("init", "news", "--title", title, cwd=tmp_path)
    assert kgpub("build", cwd=tmp_path / "news").returncode == 0


def test_no_command_outside_a_workspace(tmp_path: Path, kgpub: Run) -> None:
    for command in (["build"], ["validate"], ["query", "ASK {}"], ["export"]):
        done = kgpub(*command, cwd=tmp_path)
        assert done.returncode == 2
        assert "kgpub init" in done.stderr
        assert "Traceback" not in done.stderr


def test_wrong_words_are_refused_with_their_place_and_what_differs(
    example: Path, kgpub: Run
) -> None:
    path = example / FACTS
    path.write_text(path.read_text(encoding="utf-8").replace("سنبدأ", "سنبدا"), encoding="utf-8")
    for command in ("validate", "build"):
        done = kgpub(command, cwd=example)
        assert done.returncode == 1
        text = done.stdout + done.stderr
        line = path.read_text(encoding="utf-8").split("سنبدا")[0].count("\n") + 1
        assert f"{FACTS}:{line}:12: error" in text
        assert "U+0627" in text
        assert "U+0623" in text
        assert "Traceback" not in text


def test_validate_one_file(built: Path, kgpub: Run) -> None:
    done = kgpub("validate", FACTS, cwd=built)
    assert done.returncode == 0
    assert "accepted" in done.stdout


def test_validate_a_file_from_elsewhere(built: Path, kgpub: Run, tmp_path: Path) -> None:
    extra = tmp_path / "more.yaml"
    extra.write_text(
        "article: example\nplaces:\n  al-bahr: {name: {ar: البحر}}\n", encoding="utf-8"
    )
    assert kgpub("validate", str(extra), cwd=built).returncode == 0
    extra.write_text("article: another\n", encoding="utf-8")
    done = kgpub("validate", str(extra), cwd=built)
    assert done.returncode == 1
    assert "there is no article 'another'" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("language", "word"), [("ar", "المنصب"), ("ckb", "پۆست"), ("en", "office")]
)
def test_messages_come_in_the_reader_s_language(
    example: Path, kgpub: Run, language: str, word: str
) -> None:
    path = example / FACTS
    text = path.read_text(encoding="utf-8")
    text = text.replace("    jurisdiction: al-waha\n", "")
    path.write_text(text, encoding="utf-8")
    done = kgpub("validate", "--lang", language, cwd=example)
    assert done.returncode == 1
    assert word in done.stdout
    by_locale = kgpub("validate", cwd=example, LC_ALL=f"{language}_IQ.UTF-8")
    assert by_locale.stdout == done.stdout


def test_both_engines_say_the_same(example: Path, kgpub: Run) -> None:
    path = example / FACTS
    text = path.read_text(encoding="utf-8").replace("    jurisdiction: al-waha\n", "")
    path.write_text(text.replace("kind: election", "kind: tweet"), encoding="utf-8")
    fast = kgpub("validate", "--engine", "fast", cwd=example)
    reference = kgpub("validate", "--engine", "pyshacl", cwd=example)
    assert fast.stdout == reference.stdout
    assert fast.returncode == reference.returncode == 1


def test_the_formats_of_solutions(built: Path, kgpub: Run) -> None:
    query = "SELECT ?name { person:layla-hasan kg:name ?name } ORDER BY ?name"
    rows = list(csv.DictReader(io.StringIO(kgpub("query", query, "-f", "csv", cwd=built).stdout)))
    assert {row["name"] for row in rows} == {"ليلى حسن", "Layla Hasan"}
    document = json.loads(kgpub("query", query, "-f", "json", cwd=built).stdout)
    assert document["head"]["vars"] == ["name"]
    assert "<sparql" in kgpub("query", query, "-f", "xml", cwd=built).stdout
    assert '"ليلى حسن"@ar' in kgpub("query", query, "-f", "tsv", cwd=built).stdout


def test_cells_of_a_table_are_isolated_from_each_other(built: Path, kgpub: Run) -> None:
    done = kgpub("query", "SELECT ?p ?name { ?p a kg:Person ; kg:name ?name }", cwd=built)
    assert "\u2068ليلى حسن\u2069" in done.stdout
    assert "person:layla-hasan" in done.stdout


def test_a_terminal_is_not_driven_by_what_is_queried() -> None:
    assert safe("a\x1b[2Jb\u202ec\nd") == "a‹U+001B›[2Jb‹U+202E›c d"


@pytest.mark.parametrize(
    ("form", "rdf"),
    [("ttl", RdfFormat.TURTLE), ("nt", RdfFormat.N_TRIPLES), ("jsonld", RdfFormat.JSON_LD)],
)
def test_graphs_print_alike_in_every_format(
    built: Path, kgpub: Run, form: str, rdf: RdfFormat
) -> None:
    query = "DESCRIBE person:layla-hasan"
    printed = kgpub("query", query, "-f", form, cwd=built).stdout
    reference = kgpub("query", query, "-f", "nt", cwd=built).stdout
    triples = {quad.triple for quad in parse(printed.encode(), format=rdf)}
    assert triples == {q.triple for q in parse(reference.encode(), format=RdfFormat.N_TRIPLES)}
    assert len(triples) >= 3


def test_a_graph_with_blank_nodes_prints(built: Path, kgpub: Run) -> None:
    query = "CONSTRUCT { [] kg:name ?name } { ?p a kg:Person ; kg:name ?name }"
    for form, rdf in (
        ("ttl", RdfFormat.TURTLE),
        ("nt", RdfFormat.N_TRIPLES),
        ("jsonld", RdfFormat.JSON_LD),
    ):
        done = kgpub("query", query, "-f", form, cwd=built)
        assert done.returncode == 0, done.stderr
        assert len(list(parse(done.stdout.encode(), format=rdf))) == 4


def test_ask(built: Path, kgpub: Run) -> None:
    assert kgpub("query", "ASK { ?p a kg:Person }", cwd=built).stdout.strip() == "true"
    assert kgpub("query", "ASK { ?p a kg:Topic, kg:Person }", cwd=built).stdout.strip() == "false"


def test_a_query_from_a_file_and_from_standard_input(built: Path, kgpub: Run) -> None:
    (built / "my.rq").write_text("ASK {}", encoding="utf-8")
    assert kgpub("query", "my.rq", cwd=built).stdout.strip() == "true"
    assert kgpub("query", "-", cwd=built, stdin="ASK {}").stdout.strip() == "true"
    missing = kgpub("query", "other.rq", cwd=built)
    assert missing.returncode == 2
    assert "other.rq" in missing.stderr


def test_a_syntax_error_shows_the_place(built: Path, kgpub: Run) -> None:
    done = kgpub("query", "SELECT ?p {\n  ?p a kg:Person ; }}", cwd=built)
    assert done.returncode == 2
    assert re.search(r"query:2:\d+:", done.stderr)
    assert "^" in done.stderr
    unknown = kgpub("query", "SELECT ?p { ?p a foo:Person }", cwd=built)
    assert "prefix" in unknown.stderr
    assert "person" in unknown.stderr


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "ASK { FILTER NOT EXISTS { { SELECT * { SeRvIcE ?x { ?s ?p ?o } } } } }",
        "ASK { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    ],
)
def test_no_query_calls_out(built: Path, kgpub: Run, query: str) -> None:
    done = kgpub("query", query, cwd=built)
    assert done.returncode == 2
    assert "SERVICE" in done.stderr


def test_the_word_service_in_a_text_is_no_service(built: Path, kgpub: Run) -> None:
    done = kgpub(
        "query", "ASK { FILTER(CONTAINS('public service', 'service')) } # SERVICE", cwd=built
    )
    assert done.stdout.strip() == "true"


def test_updates_are_no_queries(built: Path, kgpub: Run) -> None:
    done = kgpub("query", "DELETE WHERE { ?s ?p ?o }", cwd=built)
    assert done.returncode == 2
    assert kgpub("query", "ASK { ?s ?p ?o }", cwd=built).stdout.strip() == "true"


def test_named_queries_ask_for_their_parameters(built: Path, kgpub: Run) -> None:
    listed = kgpub("query", "--list", cwd=built).stdout
    assert "holders-of-office" in listed
    needs = kgpub("query", "holders-of-office", cwd=built)
    assert needs.returncode == 2
    assert "--param office=IRI" in needs.stderr
    wrong = kgpub("query", "holders-of-offices", cwd=built)
    assert "Did you mean holders-of-office" in wrong.stderr
    for spelling in (
        "office:mayor-of-al-waha",
        "office/mayor-of-al-waha",
        "https://example.org/data/office/mayor-of-al-waha",
    ):
        answer = kgpub(
            "query", "holders-of-office", "-p", f"office={spelling}", "-f", "csv", cwd=built
        )
        assert "person/salim-omar,2019" in answer.stdout
    bad = kgpub("query", "added-since", "-p", "day=yesterday", cwd=built)
    assert bad.returncode == 2


def test_the_example_tells_who_followed_whom(built: Path, kgpub: Run) -> None:
    # "خلفا لسالم عمر"
    data = "https://example.org/data"
    for one, order, other in (
        ("layla-hasan", "before", "salim-omar"),
        ("salim-omar", "after", "layla-hasan"),
    ):
        asked = ("predecessor-and-successor", "-p", f"person={one}", "-f", "csv")
        answer = kgpub("query", *asked, cwd=built)
        row = f"{data}/office/mayor-of-al-waha,{order},{data}/person/{other}"
        assert answer.stdout.splitlines()[1:] == [row]


def test_export_prints_what_was_submitted(built: Path, kgpub: Run) -> None:
    exported = kgpub("export", "--format", "nq", cwd=built).stdout
    assert exported == (built / "output/dataset.nq").read_text(encoding="utf-8")
    links = kgpub(
        "export", "-f", "nt", "--graph", "https://example.org/data/article/example", cwd=built
    )
    assert links.returncode == 0
    assert 0 < len(links.stdout.splitlines()) < len(exported.splitlines())
    none = kgpub("export", "--graph", "https://example.org/nowhere", cwd=built)
    assert none.returncode == 2


def test_a_reader_that_leaves_is_no_error(built: Path, kgpub: Run) -> None:
    done = subprocess.run(
        f"{sys.executable} -m kgpub export -f nq | head -n 1",
        shell=True,
        cwd=built,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""


def test_wrong_calls_exit_with_two(built: Path, kgpub: Run) -> None:
    for call in (
        ["build", "--engine", "none"],
        ["query", "ASK {}", "-f", "pdf"],
        ["nonsense"],
        ["query"],
    ):
        done = kgpub(*call, cwd=built)
        assert done.returncode == 2, call
        assert "Traceback" not in done.stderr


def test_help_gives_examples(tmp_path: Path, kgpub: Run) -> None:
    for command in ("init", "build", "validate", "query", "export"):
        done = kgpub(command, "--help", cwd=tmp_path)
        assert done.returncode == 0
        assert f"kgpub {command}" in done.stdout


def test_no_colour_where_no_terminal_is(built: Path, kgpub: Run) -> None:
    done = kgpub("query", "SELECT * { ?s a kg:Person }", cwd=built)
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "settings",
    [
        "",
        "base = 5",
        'base = "https://e.org/%zz/"\ntitle = "t"\npublisher = "p"\nlicence = "https://e.org/l"',
        'base = "https://e.org/"\ntitle = "t"\npublisher = "p"\nlicence = "https://[::1"',
        'base = "https://e.org/"\ntitle = "a\\u001bb"\npublisher = "p"\nlicence = "https://e.org/l"',
        'base = "https://e.org/"\ntitle = "t"\npublisher = "p"\nlicence = "none"',
        'base = "https://e.org/"\ntitel = "t"\npublisher = "p"\nlicence = "https://e.org/l"',
        "= broken",
    ],
)
def test_wrong_settings_name_file_and_line(built: Path, kgpub: Run, settings: str) -> None:
    (built / "kgpub.toml").write_text(settings, encoding="utf-8")
    done = kgpub("build", cwd=built)
    assert done.returncode == 2
    assert "kgpub.toml" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_contradicts_another_is_refused_by_itself_too(built: Path, kgpub: Run) -> None:
    other = built / "articles/example/zz-other.yaml"
    text = "article: example\npeople:\n  layla-hasan: {name: {en: Leyla Hasan}}\n"
    other.write_text(text, encoding="utf-8")
    done = kgpub("validate", "articles/example/zz-other.yaml", cwd=built)
    assert done.returncode == 1
    assert "zz-other.yaml:3:" in done.stdout


def test_a_fault_elsewhere_does_not_make_a_file_accepted(built: Path, kgpub: Run) -> None:
    (built / "articles/example/broken.yaml").write_text("a: [", encoding="utf-8")
    lonely = built / "articles/example/lonely.yaml"
    lonely.write_text("article: example\noffices:\n  x: {name: {ar: س}}\n", encoding="utf-8")
    done = kgpub("validate", "articles/example/lonely.yaml", cwd=built)
    assert done.returncode == 1
    assert "broken.yaml" in done.stdout


@pytest.mark.parametrize("name", ["My facts.yaml", "facts.yaml", "ملف.yaml"])
def test_a_file_from_elsewhere_whose_name_cannot_be_one(
    built: Path, kgpub: Run, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_text("article: example\n", encoding="utf-8")
    done = kgpub("validate", str(path), cwd=built)
    assert done.returncode == 1
    assert "name" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_path_does_not_drive_the_terminal(built: Path, kgpub: Run) -> None:
    folder = built / "articles/ex\x1b]0;ample\u202e"
    folder.mkdir()
    done = kgpub("build", cwd=built)
    assert done.returncode == 1
    assert "‹U+001B›" in done.stderr
    assert "\x1b" not in done.stderr + done.stdout
    assert "\u202e" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    "endpoint", ["notaurl", "http://[::1", "file:///etc/hostname", "http://a b/"]
)
def test_an_endpoint_that_cannot_be_one(built: Path, kgpub: Run, endpoint: str) -> None:
    done = kgpub("query", "ASK {}", "--endpoint", endpoint, cwd=built)
    assert done.returncode == 2
    assert endpoint in done.stderr
    assert "Traceback" not in done.stderr


def test_a_terminal_that_knows_no_arabic(built: Path, kgpub: Run) -> None:
    done = kgpub("query", "quotations", cwd=built, PYTHONIOENCODING="latin-1")
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


def test_a_table_s_reader_that_leaves_is_no_error(built: Path) -> None:
    done = subprocess.run(
        [
            "bash",
            "-c",
            f"{sys.executable} -m kgpub query quotations | true; exit ${{PIPESTATUS[0]}}",
        ],
        cwd=built,
        check=False,
        capture_output=True,
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("parameter", ["office=foo:bar", "office=", "nothing=1", "office"])
def test_a_parameter_that_cannot_be_one(built: Path, kgpub: Run, parameter: str) -> None:
    done = kgpub("query", "holders-of-office", "-p", parameter, cwd=built)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there(built: Path, kgpub: Run) -> None:
    done = kgpub("validate", "nothere.yaml", cwd=built)
    assert done.returncode == 2
    assert "no such file" in done.stderr
