"""What a person does wrong, one case a test: the place, the reason and the remedy are printed,

nothing ends in a traceback, the exit code tells the kind of fault, and nothing is changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import Run

FOLDER = "articles/example"
FACTS = f"{FOLDER}/facts.yaml"


def replace(old: str, new: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        path = root / FACTS
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change


def write(name: str, content: bytes) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        (root / FOLDER / name).write_bytes(content)

    return change


def huge(name: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        with (root / FOLDER / name).open("wb") as stream:
            stream.truncate(100 * 1024 * 1024)

    return change


def link_out(root: Path) -> None:
    secret = root.parent / "secret.yaml"
    secret.write_text("password: 1234", encoding="utf-8")
    (root / FOLDER / "more.yaml").symlink_to(secret)


STATEMENTS = "statements:\n"
CYCLE = """statements:
  - words: رئيسة للبلدية
    asserts:
      - {id: _:one, type: Holding, holder: person/layla-hasan, content: {ar: أ}, reason: _:two}
      - {id: _:two, type: Holding, holder: person/layla-hasan, content: {ar: ب}, reason: _:one}
"""
BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"

# Each: what is done wrong; what must be printed.
CASES: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "a submission that is not UTF-8": (
        write("more.yaml", "article: example\n# مقالة".encode("cp1256")),
        [f"{FOLDER}/more.yaml:2:3: error: not UTF-8", "Windows-1256"],
    ),
    "an article in UTF-16": (
        write("article.txt", "نص".encode("utf-16")),
        [f"{FOLDER}/article.txt:1:1: error: not UTF-8", "UTF-16"],
    ),
    "an empty submission": (write("more.yaml", b""), [f"{FOLDER}/more.yaml:1:1", "empty"]),
    "a submission of white space": (write("more.yaml", b" \n\n"), ["more.yaml:1:1", "empty"]),
    "an empty article": (write("article.txt", b""), [f"{FOLDER}/article.txt:1:1", "empty"]),
    "a submission of 100 MB": (huge("more.yaml"), ["more.yaml:1:1", "104,857,600 bytes"]),
    "an article of 100 MB": (huge("article.txt"), ["article.txt:1:1", "104,857,600 bytes"]),
    "words that are not in the article": (
        replace("words: سنبدأ بإصلاح شبكة المياه", "words: نص من مكان آخر تماما لم يذكر"),
        [f"{FACTS}:38:12: error", "not in the article"],
    ),
    "words with a letter that only looks the same": (
        replace("words: سنبدأ بإصلاح شبكة المياه", "words: سنبدأ بإصلاح شبکة المیاه"),
        [f"{FACTS}:38:12: error", "U+06A9", "U+0643", "U+06CC", "U+064A"],
    ),
    "words with an invisible character": (
        replace("words: سنبدأ بإصلاح شبكة المياه", "words: سنبدأ بإصلاح شبـكة\u200c المياه"),
        [f"{FACTS}:38:12: error", "U+0640", "U+200C"],
    ),
    "a day that no month has": (
        replace("start: 2019", "start: 2021-02-30"),
        [f"{FACTS}:34:", "2021-02-30"],
    ),
    "an office without a name": (
        replace("    name: {ar: رئيس بلدية الواحة, en: Mayor of Al-Waha}\n", ""),
        [f"{FACTS}:13:3: error", "name"],
    ),
    "a circle of references": (
        replace(STATEMENTS, CYCLE),
        [f"{FACTS}:23:9: error", "_:one", "_:two", "circle"],
    ),
    "an IRI with spaces": (
        replace("kind: election", "kind: https://example.org/by election"),
        [f"{FACTS}:25:15: error", "%20"],
    ),
    "a javascript: IRI": (
        replace("kind: election", "kind: 'javascript:alert(1)'"),
        [f"{FACTS}:25:15: error", "javascript"],
    ),
    "a slug that climbs": (
        replace("  salim-omar:", "  ../../etc/passwd:"),
        [f"{FACTS}:9:3: error", "slug"],
    ),
    "a reference that climbs": (
        replace("person: salim-omar", "person: ../place/al-waha"),
        [f"{FACTS}:34:", "slug"],
    ),
    "a file name that is no slug": (
        write("Facts 2.yaml", b"article: example\n"),
        [f"{FOLDER}/Facts 2.yaml:1:1: error", "slug"],
    ),
    "a link to a file outside": (link_out, ["more.yaml:1:1", "symbolic link"]),
    "two files of one name": (
        write("facts.json", b'{"article": "example"}'),
        [f"{FOLDER}/facts", "same name"],
    ),
    "an unknown key": (
        replace("single-holder: true", "single-holders: true"),
        [f"{FACTS}:16:5: error", "Did you mean 'single-holder'"],
    ),
    "a key of another class": (
        replace("single-holder: true", "start: 2019"),
        [f"{FACTS}:16:5: error", "Tenure"],
    ),
    "a key twice": (
        replace("    single-holder: true", "    single-holder: true\n    single-holder: true"),
        [f"{FACTS}:17:5: error", "second time", "line 16"],
    ),
    "an unknown type": (
        replace("{type: Tenure, person: salim", "{type: Tenur, person: salim"),
        [f"{FACTS}:34:", "Did you mean Tenure?"],
    ),
    "a reference to nobody": (
        replace("person: salim-omar", "person: salim-amr"),
        [f"{FACTS}:34:", "person/salim-amr"],
    ),
    "an unknown kind": (
        replace("kind: election", "kind: elction"),
        [f"{FACTS}:25:15: error"],
    ),
    "a QID of two entities": (
        replace(
            "  salim-omar: {name: {ar: سالم عمر, en: Salim Omar}}",
            "  salim-omar: {name: {ar: سالم عمر}, wikidata: Q1, evidence: a}\n"
            "  third: {name: {ar: ثالث}, wikidata: Q1, evidence: b}",
        ),
        [f"{FACTS}:9:48: error", f"{FACTS}:10:39: error"],
    ),
    "a QID without evidence": (
        replace("en: Salim Omar}}", "en: Salim Omar}, wikidata: Q1}"),
        [f"{FACTS}:9:"],
    ),
    "a bomb of aliases": (
        write("more.yaml", BOMB.encode()),
        ["more.yaml:1:4: error", "anchors and aliases"],
    ),
    "a tag that would run code": (
        write("more.yaml", b"a: !!python/object/apply:os.system [echo hi]\n"),
        ["more.yaml:1:4: error", "tag"],
    ),
    "a bracket that is never closed": (write("more.yaml", b"a: [1, 2\n"), ["more.yaml:1:4: error"]),
    "100,000 brackets": (write("more.json", b"[" * 100_000), ["more.json:1:21: error", "levels"]),
    "a context from elsewhere": (
        write("more.json", b'{"@context": "https://example.org/evil", "article": "example"}'),
        ["more.json:1:14: error", "context"],
    ),
    "an article without metadata": (
        lambda root: (root / FOLDER / "article.yaml").unlink(),
        [f"{FOLDER}/article.yaml:1:1: error", "has no article.yaml"],
    ),
    "an event after itself": (
        replace("        day: Sunday", "        after: event/election-of-layla-hasan"),
        [f"{FACTS}:23:9: error", "event/election-of-layla-hasan → event/election-of-layla-hasan"],
    ),
    "a spelling that is not in the article": (
        replace("ar: ليلى حسن, en: Layla Hasan}", "ar: ليلى حسن}, spelling: {ar: ليلا حسن}"),
        [f"{FACTS}:8:", "U+0627", "U+0649"],
    ),
    "a speaker introduced and not named": (
        replace("    said-by: person/layla-hasan\n", ""),
        [f"{FACTS}:39:20: error", "said-by"],
    ),
    "evidence of nothing": (
        replace("en: Salim Omar}}", "en: Salim Omar}, evidence: a friend}"),
        [f"{FACTS}:9:"],
    ),
    "a table with a header alone": (
        write("people.csv", b"layla,Layla\n"),
        [f"{FOLDER}/people.csv:1:1: error", "no row below its header"],
    ),
    "an IRI that reads backwards": (
        replace("kind: election", 'kind: "https://example.org/\\u202Enoitcele"'),
        [f"{FACTS}:25:15: error", "U+202E"],
    ),
    "an occurrence without end": (
        replace("words: سنبدأ", "occurrence: 99999999999999\n    words: سنبدأ"),
        [f"{FACTS}:38:17: error", "99999999999999"],
    ),
    "an end before the start": (
        replace("start: 2019", "start: 2019, end: 2018"),
        [f"{FACTS}:34:"],
    ),
    "a submission about another article": (
        replace("article: example", "article: another"),
        [f"{FACTS}:2:10: error", "article: example"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_input(example: Path, kgpub: Run, case: str) -> None:
    change, expected = CASES[case]
    assert kgpub("build", cwd=example).returncode == 0
    before = output(example)
    change(example)
    done = kgpub("build", cwd=example)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    for text in expected:
        assert text in done.stderr, f"{text!r} is not in:\n{done.stderr}"
    assert output(example) == before


def output(root: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (root / "output").rglob("*")
        if path.is_file()
    }
