"""`kgpub validate` tells how the facts of a submission stand to what is published."""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from filelock import FileLock
from tests.conftest import BASE, Run, create_example

from kgpub.vocabulary import KIND

SECOND = "articles/second/facts.yaml"
ENTITIES = """
organisations:
  the-paper: {name: {en: The Paper, ar: الجريدة}, kind: media-outlet}
people:
  layla: {name: {en: Layla Hasan, ar: ليلى حسن}}
  salim: {name: {en: Salim Omar, ar: سليم عمر}}
places:
  waha: {name: {en: al-Waha, ar: الواحة}}
offices:
  mayor: {name: {en: Mayor, ar: رئيس البلدية}, jurisdiction: waha, single-holder: true}
"""

Statement = tuple[str, str]
"""Exact words of an article, and the fact that they assert."""


def birth(when: str) -> str:
    who = "{who: person/layla, role: subject-of-event}"
    return f"{{type: Event, kind: birth, participants: [{who}], time: {when}}}"


FIRST: Sequence[Statement] = (
    (
        "تولى سليم عمر رئاسة البلدية من 2010 إلى 2015.",
        "{type: Tenure, person: salim, office: mayor, start: 2010, end: 2015}",
    ),
    ("ولدت ليلى حسن عام 1985.", birth("1985")),
    ("تقيم ليلى في الواحة.", "{type: Residence, resident: person/layla, place: waha}"),
)
LATER: Sequence[Statement] = (
    (
        "كانت ليلى حسن رئيسة البلدية من 2012 إلى 2018.",
        "{type: Tenure, person: layla, office: mayor, start: 2012, end: 2018}",
    ),
    ("وهي من مواليد 1 نيسان 1985.", birth("1985-04-01")),
    ("وتسكن في الواحة.", "{type: Residence, resident: person/layla, place: waha}"),
    ("ويسكن سليم فيها أيضًا.", "{type: Residence, resident: person/salim, place: waha}"),
)


def write(root: Path, slug: str, told: Sequence[Statement], published: str) -> None:
    folder = root / "articles" / slug
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{words}\n" for words, _ in told)
    (folder / "article.txt").write_text(text, encoding="utf-8")
    title = f"title: {{ar: خبر {slug}}}"
    (folder / "article.yaml").write_text(
        f"{title}\nlanguage: ar\npublisher: the-paper\npublished: {published}\n", encoding="utf-8"
    )
    statements = "".join(
        f"  - words: {words}\n    asserts:\n      - {fact}\n" for words, fact in told
    )
    (folder / "facts.yaml").write_text(
        f"article: {slug}\n{ENTITIES}statements:\n{statements}", encoding="utf-8"
    )


@pytest.fixture(scope="module")
def one_article(tmp_path_factory: pytest.TempPathFactory, kgpub: Run) -> Path:
    root = create_example(tmp_path_factory.mktemp("built") / "workspace")
    write(root, "first", FIRST, "2020-05-01")
    assert kgpub("build", cwd=root).returncode == 0
    return root


@pytest.fixture
def published(one_article: Path, tmp_path: Path) -> Path:
    """A workspace with one article built, and another submission not yet."""
    root = Path(shutil.copytree(one_article, tmp_path / "workspace"))
    write(root, "second", LATER, "2021-06-02")
    return root


def summary_of(done: CompletedProcess[str]) -> str:
    return done.stdout.splitlines()[-2]


def test_each_outcome_is_told_with_both_statements(published: Path, kgpub: Run) -> None:
    done = kgpub("validate", SECOND, cwd=published)
    assert summary_of(done) == (
        "against what is published: 1 new, 1 already known, 1 refines, 1 contradicts"
    )
    assert done.stdout.splitlines()[-1].startswith("accepted: 0 errors")
    for outcome in (": contradicts: two persons", ": refines: ", ": already known: "):
        assert done.stdout.count(outcome) == 1
    for words, _ in (*FIRST, *LATER[:3]):
        assert f"“\u2068{words}\u2069”" in done.stdout
    assert f"“\u2068{LATER[3][0]}\u2069”" not in done.stdout  # what is new is only counted
    submitted = done.stdout.index(f"submitted │ “\u2068{LATER[0][0]}")
    assert submitted < done.stdout.index(f"published │ “\u2068{FIRST[0][0]}")
    assert "\u2068خبر first\u2069, \u2068The Paper\u2069, 2020-05-01" in done.stdout
    assert done.returncode == 3


def test_the_report_of_programs_has_both_statements_whole(published: Path, kgpub: Run) -> None:
    done = kgpub("validate", SECOND, "-f", "json", cwd=published)
    read = json.loads(done.stdout)
    assert read["accepted"] is True
    assert read["outcomes"] == {"new": 1, "known": 1, "refines": 1, "contradicts": 1}
    told = [(each["outcome"], each["reason"]) for each in read["compared"]]
    assert told == [
        ("contradicts", "two-holders"),
        ("refines", "more-exact"),
        ("known", "same-fact"),
        ("new", "nothing-like-it"),
    ]
    lines = (published / SECOND).read_text(encoding="utf-8").splitlines()
    text = "".join(f"{words}\n" for words, _ in FIRST)
    for (words, fact), theirs, each in zip(LATER, FIRST, read["compared"], strict=False):
        assert each["file"] == SECOND
        assert lines[each["line"] - 1][each["column"] - 1 :] == fact
        assert (each["submitted"]["words"], each["published"]["words"]) == (words, theirs[0])
        assert each["published"]["article"] == f"{BASE}article/first"
        start = text.index(theirs[0])
        place = f"article.txt#char={start},{start + len(theirs[0])}"
        assert each["published"]["passage"] == f"{BASE}article/first/{place}"
    contradicting, refining, _, new = read["compared"]
    assert contradicting["published"]["times"] == {"start": "2010", "end": "2015"}
    assert refining["submitted"]["times"] == {"time": "1985-04-01"}
    assert new["published"] is None


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ("contradicts", 3),
        ("refines", 4),
        ("known", 5),
        ("new", 6),
        ("new,known,refines", 4),
        ("known, contradicts", 3),
        ("never", 0),
    ],
)
def test_the_exit_code_says_which_it_was(
    published: Path, kgpub: Run, outcomes: str, code: int
) -> None:
    assert kgpub("validate", SECOND, "--fail-on", outcomes, cwd=published).returncode == code


def test_what_contradicts_nothing_ends_with_0(published: Path, kgpub: Run) -> None:
    write(published, "second", LATER[1:], "2021-06-02")
    done = kgpub("validate", SECOND, cwd=published)
    assert summary_of(done).endswith("1 new, 1 already known, 1 refines, 0 contradicts")
    assert done.returncode == 0
    assert kgpub("validate", SECOND, "--fail-on", "contradicts", cwd=published).returncode == 0


def test_what_is_refused_ends_with_1_whatever_it_contradicts(published: Path, kgpub: Run) -> None:
    wrong = ("في 2019 عُزلت.", "{type: Tenure, person: layla, office: no-such-office}")
    write(published, "second", [*LATER, wrong], "2021-06-02")
    done = kgpub("validate", SECOND, cwd=published)
    assert ": contradicts: two persons" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("refused: 1 error")
    assert done.returncode == 1


def test_what_cannot_be_read_is_not_compared(published: Path, kgpub: Run) -> None:
    (published / SECOND).write_text("people: [", encoding="utf-8")
    for option in ((), ("--against-published",)):
        done = kgpub("validate", SECOND, "-f", "json", *option, cwd=published)
        assert done.returncode == 1
        assert json.loads(done.stdout)["compared"] is None


def test_a_contradiction_stays_and_a_query_asks_for_it(published: Path, kgpub: Run) -> None:
    assert kgpub("build", cwd=published).returncode == 0
    done = kgpub("query", "contradictions", "--format", "json", cwd=published)
    (row,) = json.loads(done.stdout)["results"]["bindings"]
    values = {name: term["value"] for name, term in row.items()}
    assert values["rule"] == KIND + "two-holders"
    assert {values["words"], values["otherWords"]} == {FIRST[0][0], LATER[0][0]}
    report = (published / "output" / "report.txt").read_text(encoding="utf-8")
    assert "TenureOverlap" in report


def test_a_published_submission_is_not_known_against_itself(published: Path, kgpub: Run) -> None:
    alone = kgpub("validate", "articles/first/facts.yaml", cwd=published)
    assert summary_of(alone).endswith("3 new, 0 already known, 0 refines, 0 contradicts")
    kgpub("build", cwd=published)
    both = kgpub("validate", SECOND, cwd=published)
    assert summary_of(both).endswith("1 new, 1 already known, 1 refines, 1 contradicts")


@pytest.mark.parametrize("option", [("--no-against-published",), ()])
def test_nothing_is_compared_unless_files_are_named(
    published: Path, kgpub: Run, option: Sequence[str]
) -> None:
    files = [SECOND] if option else []
    done = kgpub("validate", *files, *option, cwd=published)
    assert done.returncode == 0
    assert "against what is published" not in done.stdout
    read = json.loads(kgpub("validate", *files, *option, "-f", "json", cwd=published).stdout)
    assert read["compared"] is None and "outcomes" not in read


def test_all_submissions_are_compared_where_that_is_asked_for(published: Path, kgpub: Run) -> None:
    done = kgpub("validate", "--against-published", "-f", "json", cwd=published)
    files = {each["file"] for each in json.loads(done.stdout)["compared"]}
    assert files == {f"articles/{slug}/facts.yaml" for slug in ("example", "first", "second")}


def test_a_submission_outside_the_workspace(published: Path, kgpub: Run, tmp_path: Path) -> None:
    (tmp_path / "sent").mkdir()
    sent = Path(shutil.move(published / SECOND, tmp_path / "sent" / "facts.yaml"))
    done = kgpub("validate", str(sent), cwd=published)
    assert summary_of(done).endswith("1 new, 1 already known, 1 refines, 1 contradicts")
    assert done.returncode == 3


def test_where_nothing_is_built_there_is_nothing_to_compare_with(example: Path, kgpub: Run) -> None:
    facts = "articles/example/facts.yaml"
    done = kgpub("validate", facts, cwd=example)
    assert (done.returncode, done.stderr) == (0, "")
    assert "against" not in done.stdout
    for asked in (("--against-published",), ("--fail-on", "known"), ("--fail-on=contradicts",)):
        done = kgpub("validate", facts, *asked, cwd=example)
        assert done.returncode == 2
        assert "nothing is built yet\n    Build it: kgpub build" in done.stderr
    assert kgpub("validate", facts, "--fail-on", "never", cwd=example).returncode == 0


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            ("--fail-on", "contradict"),
            "Outcomes: contradicts, refines, known, new; or never alone.",
        ),
        (("--fail-on", "never,known"), "or never alone."),
        (("--fail-on", ""), "is no list of outcomes"),
        (("--fail-on", "known", "--no-against-published"), "needs the comparison"),
        (("--shapes", "kgpub.toml", "--fail-on", "known"), "compared with nothing"),
        (("--shapes", "kgpub.toml", "--against-published"), "compared with nothing"),
    ],
)
def test_calls_that_make_no_sense(
    published: Path, kgpub: Run, options: Sequence[str], told: str
) -> None:
    done = kgpub("validate", SECOND, *options, cwd=published)
    assert done.returncode == 2
    assert told in done.stderr and "Traceback" not in done.stderr


def generation(root: Path) -> Path:
    (found,) = (root / ".kgpub" / "store").glob("generation-*")
    return found


def overwrite_tables(root: Path) -> None:
    tables = list(generation(root).glob("*.sst"))
    assert tables
    for path in tables:
        content = path.read_bytes()
        path.write_bytes(b"\0" * (len(content) // 2) + content[len(content) // 2 :])


def truncate_tables(root: Path) -> None:
    for path in generation(root).glob("*.sst"):
        path.write_bytes(path.read_bytes()[:100])


def remove_generation(root: Path) -> None:
    shutil.rmtree(generation(root))


def garble_manifest(root: Path) -> None:
    for path in generation(root).glob("MANIFEST-*"):
        path.write_bytes(b"no manifest")


DAMAGES = [overwrite_tables, truncate_tables, remove_generation, garble_manifest]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_store_is_told_and_does_not_keep_from_validating(
    published: Path, kgpub: Run, damage: Callable[[Path], None]
) -> None:
    damage(published)
    done = kgpub("validate", SECOND, cwd=published)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1].startswith("accepted: ")
    assert "the store is damaged" in done.stderr and "kgpub build --fresh" in done.stderr
    assert "Traceback" not in done.stderr
    asked = kgpub("validate", SECOND, "--against-published", cwd=published)
    assert asked.returncode == 2
    assert "the store is damaged" in asked.stderr and "Traceback" not in asked.stderr


def test_a_build_at_the_same_time_keeps_nobody_waiting(published: Path, kgpub: Run) -> None:
    with FileLock(published / ".kgpub" / "lock"):
        done = kgpub("validate", SECOND, cwd=published)
    assert summary_of(done).endswith("1 contradicts")


@pytest.mark.parametrize(
    ("language", "summary"),
    [
        ("ar", "مقارنةً بالمنشور: جديدة 1، معروفة من قبل 1، أدق من المنشور 1، تعارض المنشور 1"),
        (
            "ckb",
            "بە بەراورد لەگەڵ بڵاوکراوە: نوێ 1، پێشتر زانراو 1، "
            "وردتر لە بڵاوکراوە 1، دژ بە بڵاوکراوە 1",
        ),
    ],
)
def test_readers_languages(published: Path, kgpub: Run, language: str, summary: str) -> None:
    done = kgpub("validate", SECOND, "--lang", language, cwd=published)
    assert summary_of(done) == summary
    assert "submitted" not in done.stdout and "two persons" not in done.stdout


def test_contradictions_are_warnings_for_who_knows_only_problems(
    published: Path, kgpub: Run
) -> None:
    told = {
        form: kgpub("validate", SECOND, "-f", form, cwd=published)
        for form in ("sarif", "junit", "github", "ttl", "html")
    }
    assert {done.returncode for done in told.values()} == {3}
    (run,) = json.loads(told["sarif"].stdout)["runs"]
    (result,) = [each for each in run["results"] if each["ruleId"] == "two-holders"]
    assert result["level"] == "warning"
    for words in (LATER[0][0], FIRST[0][0]):
        assert words in result["message"]["text"]
        assert words in told["html"].stdout
    suites = ElementTree.fromstring(told["junit"].stdout)
    assert suites.find(".//failure") is None
    assert FIRST[0][0] in (suites.findtext(".//system-out") or "")
    (line,) = [each for each in told["github"].stdout.splitlines() if "two-holders" in each]
    assert line.startswith(f"::warning file={SECOND},line=")
    assert "refines" not in told["github"].stdout


HOLDERS = "certainly held this office at the same time"
"""What the shape says of two holders; the comparison has the words of both articles."""
FORMS = ("text", "json", "html", "sarif", "junit", "github")


@pytest.mark.parametrize("form", FORMS)
def test_two_holders_of_an_office_are_told_once(published: Path, kgpub: Run, form: str) -> None:
    done = kgpub("validate", SECOND, "-f", form, cwd=published)
    assert done.returncode == 3
    assert HOLDERS not in done.stdout
    assert done.stdout.count("two persons certainly hold") == 1
    alone = kgpub("validate", SECOND, "-f", form, "--no-against-published", cwd=published)
    assert alone.returncode == 0
    assert alone.stdout.count(HOLDERS) == 1


def test_holders_that_are_both_new_are_told_once_too(published: Path, kgpub: Run) -> None:
    third = (
        "وكان نائبها رئيسًا من 2013 إلى 2014.",
        "{type: Tenure, person: third, office: mayor, start: 2013-01-01, end: 2014-01-01}",
    )
    write(published, "second", [*LATER, third], "2021-06-02")
    path = published / SECOND
    people = "people:\n  third: {name: {en: Third, ar: ثالث}}"
    path.write_text(path.read_text(encoding="utf-8").replace("people:", people), encoding="utf-8")
    done = kgpub("validate", SECOND, "-f", "json", cwd=published)
    read = json.loads(done.stdout)
    told = [each for each in read["compared"] if each["outcome"] == "contradicts"]
    sides = sorted(
        (each["submitted"]["words"], (each["published"] or each["alsoSubmitted"])["words"])
        for each in told
    )
    assert sides == sorted(
        [(LATER[0][0], FIRST[0][0]), (third[0], FIRST[0][0]), (third[0], LATER[0][0])]
    )
    assert not any(HOLDERS in each["message"] for each in read["problems"])
    assert done.returncode == 3


TOGETHER = "among what is submitted: 1 contradicts"
BORN = (("ولدت ليلى حسن عام 1970.", birth("1970")), ("ولدت ليلى حسن عام 1971.", birth("1971")))
PAIR = ("articles/b/facts.yaml", "articles/d/facts.yaml")


@pytest.mark.parametrize("built", [False, True])
def test_what_is_submitted_together_contradicts_each_other(
    example: Path, kgpub: Run, built: bool
) -> None:
    if built:
        assert kgpub("build", cwd=example).returncode == 0
    write(example, "b", BORN[:1], "2020-05-01")
    write(example, "d", BORN[1:], "2021-05-01")
    done = kgpub("validate", *PAIR, cwd=example)
    assert done.returncode == 3
    against = "against what is published: 2 new, 0 already known, 0 refines, 0 contradicts; "
    assert summary_of(done) == f"{against if built else ''}{TOGETHER}"
    assert done.stdout.count(f"{PAIR[1]}:") == 1
    submitted = done.stdout.index(f"    submitted      │ “\u2068{BORN[1][0]}")
    assert submitted < done.stdout.index(f"    also submitted │ “\u2068{BORN[0][0]}")
    read = json.loads(kgpub("validate", *PAIR, "-f", "json", cwd=example).stdout)
    (told,) = [each for each in read["compared"] if each["outcome"] == "contradicts"]
    assert (told["file"], told["alsoSubmitted"]["file"]) == (PAIR[1], PAIR[0])
    assert told["published"] is None
    assert kgpub("validate", *PAIR, "--fail-on", "never", cwd=example).returncode == 0
    alone = kgpub("validate", PAIR[0], cwd=example)
    assert alone.returncode == 0 and "contradicts:" not in alone.stdout


def test_one_submission_contradicts_itself_before_and_after_a_build(
    example: Path, kgpub: Run
) -> None:
    write(example, "b", BORN, "2020-05-01")
    for _ in range(2):
        done = kgpub("validate", PAIR[0], cwd=example)
        assert done.returncode == 3
        assert summary_of(done).endswith(TOGETHER)
        assert "already known:" not in done.stdout and "refines:" not in done.stdout
        assert kgpub("build", cwd=example).returncode == 0


def test_what_is_published_and_submitted_is_told_once(example: Path, kgpub: Run) -> None:
    write(example, "b", BORN[:1], "2020-05-01")
    write(example, "d", BORN[1:], "2021-05-01")
    kgpub("build", cwd=example)
    for asked in (PAIR, ("--against-published",)):
        done = kgpub("validate", *asked, cwd=example)
        assert done.returncode == 3
        assert summary_of(done).endswith(f"0 contradicts; {TOGETHER}")
    assert summary_of(kgpub("validate", PAIR[0], cwd=example)).endswith("1 contradicts")


def test_an_office_of_one_holder_may_be_known_from_what_is_published(
    published: Path, kgpub: Run
) -> None:
    """That only one person holds it, and who is who, need not be in the files themselves."""
    told = [
        "{type: Tenure, person: layla, office: mayor, start: 1990, end: 1994}",
        "{type: Tenure, person: salim, office: mayor, start: 1992, end: 1998}",
    ]
    write(published, "second", [(f"Words {n}.", fact) for n, fact in enumerate(told)], "2021")
    path = published / SECOND
    text = path.read_text(encoding="utf-8").replace(ENTITIES, "")
    path.write_text(text, encoding="utf-8")
    done = kgpub("validate", SECOND, cwd=published)
    assert summary_of(done).endswith(f"0 contradicts; {TOGETHER}")


@pytest.mark.parametrize("edits", range(3))
def test_a_build_tells_how_many_contradictions_there_are(
    example: Path, kgpub: Run, edits: int
) -> None:
    write(example, "b", BORN[: edits or 1], "2020-05-01")
    if edits == 0:
        write(example, "d", BORN[1:], "2020-05-01")
    for _ in range(2):
        done = kgpub("build", cwd=example)
        assert done.returncode == 0
        assert ("info: Contradictions in the data: 1." in done.stderr) is (edits != 1)


@pytest.mark.parametrize("asked", [(SECOND,), ("--against-published",)])
@pytest.mark.parametrize("broken", ["key", "elsewhere"])
def test_an_error_keeps_nothing_else_from_being_compared(
    published: Path, kgpub: Run, broken: str, asked: Sequence[str]
) -> None:
    if broken == "key":
        wrong = LATER[2][1].replace("}", ", foo: 1}")
        write(published, "second", [*LATER[:2], (LATER[2][0], wrong), LATER[3]], "2021-06-02")
    else:
        write(published, "third", BORN, "2021-06-02")
        (published / "articles/third/facts.yaml").write_text("people: [", encoding="utf-8")
    done = kgpub("validate", *asked, "-f", "json", cwd=published)
    assert done.returncode == 1
    compared = json.loads(done.stdout)["compared"]
    second = [each["outcome"] for each in compared if each["file"] == SECOND]
    known = ["known"] if broken == "elsewhere" else []
    # With all submissions, the one that it contradicts is among them, and beside that it is new.
    beside = [] if asked == (SECOND,) else ["new"]
    assert second == ["contradicts", *beside, "refines", *known, "new"]
    left_out = SECOND if broken == "key" else "articles/third/facts.yaml"
    note = f"What has errors in these files is not compared: \u2068{left_out}\u2069."
    assert (note in done.stderr) is (broken == "key" or asked == ("--against-published",))


def test_words_that_are_not_in_the_article_keep_no_other_fact_from_being_compared(
    published: Path, kgpub: Run
) -> None:
    path = published / SECOND
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(LATER[1][0], "كلام آخر"), encoding="utf-8")
    done = kgpub("validate", SECOND, "-f", "json", cwd=published)
    told = [each["outcome"] for each in json.loads(done.stdout)["compared"]]
    assert (told, done.returncode) == (["contradicts", "known", "new"], 1)


def test_the_standard_report_keeps_what_the_shapes_say(published: Path, kgpub: Run) -> None:
    done = kgpub("validate", SECOND, "-f", "ttl", cwd=published)
    assert done.returncode == 3
    assert HOLDERS in done.stdout
