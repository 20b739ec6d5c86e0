"""What is wrong with submissions, settings and kinds is told once, in few words, with a remedy."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import Run

FOLDER = "articles/example"
FACTS = f"{FOLDER}/facts.yaml"
META = f"{FOLDER}/article.yaml"
PERSON = "  salim-omar: {name: {ar: سالم عمر, en: Salim Omar}}"
TENURE = "{type: Tenure, person: salim-omar, office: mayor-of-al-waha, start: 2019"
WORDS = "words: لسالم عمر الذي تولى المنصب عام 2019"


def replace(old: str, new: str, name: str = FACTS) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        path = root / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change


def write(name: str, content: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        (root / name).write_text(content, encoding="utf-8")

    return change


def errors(text: str) -> list[str]:
    return [line for line in text.splitlines() if ": error: " in line]


# Each: what is done wrong; the one error that is told, and what stands in it or its remedy.
ONE_ERROR: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "a publisher that nobody describes": (
        replace("publisher: the-example-paper", "publisher: somebody", META),
        [f"{META}:", "publisher"],
    ),
    "no publisher": (replace("publisher: the-example-paper\n", "", META), [META, "publisher"]),
    "two languages": (
        replace("language: ar", "language: [ar, en]", META),
        [f"{META}:", "an article has one language"],
    ),
    "empty words": (replace(WORDS, "words: ''"), [f"{FACTS}:32:12: error: the words are blank"]),
    "null for words": (replace(WORDS, "words: ~"), [f"{FACTS}:32:12: error: the words are blank"]),
    "a list of words": (replace(WORDS, "words: [x]"), [f"{FACTS}:32:12: error: 'words' takes one"]),
    "a list for introducing words": (
        replace("introduced-by: وقالت حسن", "introduced-by: [x]"),
        [f"{FACTS}:36:20: error: 'introduced-by' takes one text"],
    ),
    "empty introducing words": (
        replace("introduced-by: وقالت حسن", "introduced-by: ''"),
        [f"{FACTS}:36:20: error: the words are blank"],
    ),
    "no number of an occurrence": (
        replace(WORDS, f"{WORDS}\n    occurrence: ''"),
        [f"{FACTS}:33:17: error: '' is not the number"],
    ),
    "a list of occurrences": (
        replace(WORDS, f"{WORDS}\n    occurrence: []"),
        [f"{FACTS}:33:17: error: '' is not the number"],
    ),
    "the address of a Wikidata page": (
        replace(
            PERSON, f"{PERSON[:-1]}, evidence: x, wikidata: 'https://www.wikidata.org/wiki/Q5'}}"
        ),
        [f"{FACTS}:9:", "is not a Wikidata item", "Write Q5."],
    ),
    "a name that is null": (
        replace("en: Salim Omar}", "en: null}"),
        [f"{FACTS}:9:41: error: 'name' has no value", "Give one, or remove the key."],
    ),
    "a null for all names": (
        replace("{name: {ar: سالم عمر, en: Salim Omar}}", "{name: ~}"),
        [f"{FACTS}:9:22: error: 'name' has no value"],
    ),
    "an empty list": (
        replace(TENURE, f"{TENURE}, reason: []"),
        [f"{FACTS}:34:", "'reason' has no value"],
    ),
    "an empty list of texts": (
        replace(TENURE, f"{TENURE}, manner: {{en: []}}"),
        [f"{FACTS}:34:", "'manner' has no value"],
    ),
    "an empty mapping of texts": (
        replace(TENURE, f"{TENURE}, manner: {{}}"),
        [f"{FACTS}:34:", "'manner' has no value"],
    ),
    "a table without ids": (
        write(f"{FOLDER}/people.csv", "name@ar,name@en\n" + "أ,A\n" * 50),
        [f"{FOLDER}/people.csv:1:1: error: the table has no column id"],
    ),
    "a quotation mark that is not closed": (
        write(f"{FOLDER}/people.csv", 'id;name@ar\na;"أ\nb;ب\n'),
        [f"{FOLDER}/people.csv:2:3: error: the quotation mark that opens this cell is not closed"],
    ),
    "a comma before a bracket": (
        write(f"{FOLDER}/more.json", '{"article": "example",}'),
        ["more.json:1:23: error", "No comma stands before }"],
    ),
    "a key that is a list": (
        write(f"{FOLDER}/more.yaml", "[a]: b\n"),
        ["more.yaml:1:1: error: a key must be a plain word", "Write `key: value`"],
    ),
    "triple terms without end": (
        write("kinds.ttl", "<a:a> <a:b> " + "<<( <a:a> <a:b> " * 20_000 + "1" + " )>>" * 20_000),
        ["kinds.ttl:1:13: error: there is a triple inside a triple"],
    ),
}


@pytest.mark.parametrize("case", ONE_ERROR)
def test_one_mistake_is_one_error(example: Path, kgpub: Run, case: str) -> None:
    change, expected = ONE_ERROR[case]
    change(example)
    done = kgpub("build", cwd=example)
    assert done.returncode == 1, done.stderr
    assert len(errors(done.stderr)) == 1, done.stderr
    for text in expected:
        assert text in done.stderr, f"{text!r} is not in:\n{done.stderr}"


SETTINGS = 'base = "https://e.org/"\ntitle = "T"\npublisher = "P"\nlicence = "https://e.org/l"\n'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (f"{SETTINGS}a = {'[' * 5_000}", "too deep inside each other"),
        (f"{SETTINGS}a = {'1' * 5_000}", "too many digits"),
        (f"{SETTINGS}# {'x' * 70_000}", "has more than 65,536 bytes"),
        (f"{SETTINGS}{'a.' * 5_000}b = 1", "kgpub.toml"),
    ],
)
def test_settings_beyond_any_measure(example: Path, kgpub: Run, content: str, message: str) -> None:
    (example / "kgpub.toml").write_text(content, encoding="utf-8")
    done = kgpub("validate", cwd=example)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert message in done.stderr and "Keys: base" in done.stderr


def test_files_that_begin_with_a_byte_order_mark(example: Path, kgpub: Run) -> None:
    kinds = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://example.org/kinds#x> a skos:Concept ; skos:prefLabel "x"@en ;
    skos:inScheme <https://w3id.org/kgpub/kind#EventKind> .
"""
    (example / "kinds.ttl").write_text(kinds, encoding="utf-8")
    for name in ("kgpub.toml", "kinds.ttl", FACTS, META):
        path = example / name
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    done = kgpub("validate", cwd=example)
    assert done.returncode == 0, done.stderr


def test_a_table_as_spreadsheets_save_it_where_the_comma_is_for_decimals(
    example: Path, kgpub: Run
) -> None:
    table = "\ufeffid;name@ar;name@en\r\nsami-nur;سامي نور;Sami Nur\r\n"
    (example / FOLDER / "people.csv").write_bytes(table.encode())
    assert kgpub("build", cwd=example).returncode == 0
    assert "person/sami-nur" in (example / "output/dataset.nq").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("people.csv", "id,name@ar\n" + ",x\n" * 20_000),
        (
            "more.json",
            json.dumps({"article": "example", "statements": [{"about": "a"}] * 20_000}),
        ),
        ("more.json", json.dumps({"statements": [{"words": "x", "about": "a"}] * 20_000})),
        (
            "more.json",
            json.dumps(
                {
                    "statements": {
                        "words": "x",
                        "asserts": [{"type": "Event", "reason": "_:a"}] * 9999,
                    }
                }
            ),
        ),
    ],
)
def test_of_a_file_of_mistakes_a_thousand_are_told(
    example: Path, kgpub: Run, name: str, content: str
) -> None:
    (example / FOLDER / name).write_text(content, encoding="utf-8")
    done = kgpub("validate", "--format", "json", cwd=example)
    assert done.returncode == 1
    found = [problem["code"] for problem in json.loads(done.stdout)["problems"]]
    assert 1_000 <= len(found) <= 1_001
    assert found.count("more-problems") == 1
