"""What is wrong with submissions, settings and kinds is told once, in few words, with a remedy."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
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


EVENT = "event/election-of-layla-hasan"


def renamed(id_: str, reference: str = EVENT) -> Callable[[Path], None]:
    """Give the event another id, and let what comes after it refer to it by `reference`."""

    def change(root: Path) -> None:
        replace(f"- id: {EVENT}\n", f"- id: {id_}\n")(root)
        replace(f"after: {EVENT}", f"after: {reference}")(root)

    return change


def labelled(id_: str, reference: str) -> Callable[[Path], None]:
    both = f"{{id: {id_}, {TENURE[1:]}}}\n      - {TENURE}, reason: {reference}"
    return replace(TENURE, both.removesuffix("}"))


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
        [f"{FACTS}:39:20: error: 'introduced-by' takes one text"],
    ),
    "empty introducing words": (
        replace("introduced-by: وقالت حسن", "introduced-by: ''"),
        [f"{FACTS}:39:20: error: the words are blank"],
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
    "an event's id with a capital letter": (
        renamed("event/Election-of-layla-hasan"),
        [f"{FACTS}:23:13: error: 'event/Election-of-layla-hasan' cannot", f"Write {EVENT}."],
    ),
    "an event's id with a capital letter that is referred to": (
        renamed("event/Election-of-layla-hasan", "event/Election-of-layla-hasan"),
        [f"{FACTS}:23:13: error", f"Write {EVENT}."],
    ),
    "an event's id without a folder": (
        renamed("election-of-layla-hasan"),
        [f"{FACTS}:23:13: error", f"Write {EVENT}."],
    ),
    "an event's id without a folder that is referred to": (
        renamed("election-of-layla-hasan", "election-of-layla-hasan"),
        [f"{FACTS}:23:13: error", f"Write {EVENT}."],
    ),
    "an event's id in Arabic": (
        renamed("event/انتخاب-ليلى"),
        [f"{FACTS}:23:13: error", "A slug is made of a-z, 0-9 and single hyphens"],
    ),
    "an event's id in Arabic that is referred to": (
        renamed("event/انتخاب-ليلى", "event/انتخاب-ليلى"),
        [f"{FACTS}:23:13: error", "A slug is made of a-z, 0-9 and single hyphens"],
    ),
    "a label of two words": (
        labelled("_:a b", "_:ab"),
        [f"{FACTS}:34:14: error: '_:a b' cannot be an id", "Write _:a-b."],
    ),
    "a label of two words that is referred to": (
        labelled("_:a b", "_:a b"),
        [f"{FACTS}:34:14: error: '_:a b' cannot be an id", "Write _:a-b."],
    ),
    "a label of two words that is referred to as one with a hyphen": (
        labelled("_:a b", "_:a-b"),
        [f"{FACTS}:34:14: error: '_:a b' cannot be an id"],
    ),
    "a label without its sign": (
        labelled("stay", "_:stay"),
        [f"{FACTS}:34:14: error: 'stay' cannot be an id", "Write _:stay."],
    ),
    "a label in Arabic": (
        labelled("_:عمل", "_:عمل"),
        [f"{FACTS}:34:14: error", "Write a label such as _:stay"],
    ),
    "a no-break space behind a key": (
        replace("start: 2019", "start:\u00a02019"),
        [
            f"{FACTS}:34:70: error: unknown key 'start:\\xa02019'",
            "It holds NO-BREAK SPACE (U+00A0): write start: 2019",
        ],
    ),
    "a direction mark before a key": (
        replace("start: 2019", "\u200fstart: 2019"),
        [f"{FACTS}:34:70: error", "It holds RIGHT-TO-LEFT MARK (U+200F): write start\n"],
    ),
    "no space behind a key": (
        replace("start: 2019", "start:2019"),
        [f"{FACTS}:34:70: error: unknown key", "Write a space after the colon: start: 2019"],
    ),
    "words over two lines": (
        replace(WORDS, f"{WORDS}.\n      وقالت حسن"),
        [f"{FACTS}:32:12: error: the words are not", "YAML makes a space of a line break"],
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


def test_a_wrong_reference_is_told_beside_a_wrong_id(example: Path, kgpub: Run) -> None:
    """What is not the id in any form is a mistake of its own."""
    renamed("event/Election-of-layla-hasan", "event/elections")(example)
    done = kgpub("build", cwd=example)
    assert len(errors(done.stderr)) == 2, done.stderr
    labelled("_:a b", "_:ac")(example)
    done = kgpub("build", cwd=example)
    assert len(errors(done.stderr)) == 4, done.stderr


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("|\n      لسالم عمر\n", "لسالم عمر"),
        (">\n      لسالم\n      عمر\n", "لسالم عمر"),
        ("|\n      عام 2019.\n      وقالت\n", "عام 2019.\nوقالت"),
        ("|+\n      عام 2019.\n", "عام 2019.\n"),
    ],
)
def test_words_in_lines_of_their_own_are_those_of_the_article(
    example: Path, kgpub: Run, written: str, words: str
) -> None:
    """The same statement as by the same words in quotes: its IRI is a hash of where they stand."""
    quads = []
    for form in (written.rstrip("\n"), json.dumps(words, ensure_ascii=False)):
        (example / FACTS).write_text(
            (example / FACTS).read_text(encoding="utf-8").replace(WORDS, f"words: {form}"),
            encoding="utf-8",
        )
        assert kgpub("build", cwd=example).returncode == 0
        lines = (example / "output" / "dataset.nq").read_text(encoding="utf-8").splitlines()
        quads.append({line for line in lines if "checksum" not in line})
        (example / FACTS).write_text(
            (example / FACTS).read_text(encoding="utf-8").replace(f"words: {form}", WORDS),
            encoding="utf-8",
        )
    assert quads[0] == quads[1]
    assert any(f"#exact> {json.dumps(words, ensure_ascii=False)}" in line for line in quads[0])


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (replace(f"  - {WORDS}", f"\t- {WORDS}"), "\t"),
        (replace("        day: Sunday", "\u00a0       day: Sunday"), "\u00a0"),
        (replace("سالم عمر, en", "سالم عمر، en"), "،"),
        (replace("said-by: person", "said-by:person"), "said-by:person/layla-hasan"),
        (replace("Salim Omar}}", "Salim Omar}"), "{"),
        (replace("start: 2019", "start:\u00a02019"), "start:\u00a02019"),
    ],
)
def test_what_is_meant_is_underlined_and_nothing_else(
    example: Path, kgpub: Run, change: Callable[[Path], None], text: str
) -> None:
    change(example)
    (told,) = json.loads(kgpub("validate", "--format", "json", cwd=example).stdout)["problems"]
    assert told["text"] == text
    assert told["endColumn"] - told["column"] == len(text)


@pytest.mark.parametrize(
    ("form", "parted"),
    [("json", "\\n"), ("sarif", "\\n"), ("github", "%0A"), ("junit", "\n"), ("text", "\n    ")],
)
def test_the_lines_of_a_remedy_are_indented_alike(
    example: Path, kgpub: Run, form: str, parted: str
) -> None:
    replace(WORDS, "words: لسالم عمرو")(example)
    shown = kgpub("validate", "--lang", "en", "--format", form, cwd=example).stdout
    for line in ("article: ", "words:   ", "character 10", "Copy the words"):
        assert f"{parted}{line}" in shown or f': "{line}' in shown


def test_what_is_underlined_in_rdf_xml_is_the_same_when_it_is_compressed(
    tmp_path: Path, kgpub: Run
) -> None:
    xml = (
        '<rdf:RDF xmlns:ex="http://e.org/" '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        '<ex:P rdf:about="http://e.org/a"><ex:name xml:lang="ar">اسم</ex:name></ex:P>\n</rdf:RDF>'
    ).encode()
    (tmp_path / "data.rdf").write_bytes(xml)
    (tmp_path / "data.rdf.gz").write_bytes(gzip.compress(xml))
    (tmp_path / "data.rdf.zst").write_bytes(zstandard.compress(xml))
    (tmp_path / "shapes.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://e.org/> .\n"
        "ex:S a sh:NodeShape ; sh:targetClass ex:P ; sh:property [ sh:path ex:name ;\n"
        "  sh:datatype <http://www.w3.org/2001/XMLSchema#string> ] ."
    )
    for name in ("data.rdf", "data.rdf.gz", "data.rdf.zst"):
        shown = kgpub("validate", name, "--shapes", "shapes.ttl", "-f", "json", cwd=tmp_path)
        (told,) = json.loads(shown.stdout)["problems"]
        assert (told["line"], told["text"]) == (2, "اسم")


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
