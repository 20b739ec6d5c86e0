"""What is retracted leaves the dataset, and what the dataset said on a day can be asked still."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import NamedNode, Quad, QuerySolutions, RdfFormat, Store, parse
from tests.conftest import BASE, REPOSITORY, Run, create_example

from kgpub import Workspace
from kgpub.pipeline.on_day import quads_on
from kgpub.vocabulary import terms as kg

ARTICLES = REPOSITORY / "tests/queries"
BO = "    retracted: {since: 2020-02-01, because: {en: He had resigned.}, by: Nalin}\n"
RESIDENCE = """
        retracted: {since: 2020-03-01, because: {en: It was her brother., ckb: براکەی بوو.}}"""
MORE = """retracted:
  since: 2020-04-01
  because: {en: It was submitted by mistake.}
  by: Roj
"""
FACTS_FROM, MORE_FROM = "2020-01-10", "2020-01-20"
DAYS = {
    # day: tenures, residences, people and submissions by hand
    "2020-01-09": (0, 0, 0, 0),
    "2020-01-10": (2, 1, 2, 1),
    "2020-01-19": (2, 1, 2, 1),
    "2020-01-20": (2, 1, 3, 2),
    "2020-01-31": (2, 1, 3, 2),
    "2020-02-01": (1, 1, 3, 2),
    "2020-02-29": (1, 1, 3, 2),
    "2020-03-01": (1, 0, 3, 2),
    "2020-03-31": (1, 0, 3, 2),
    "2020-04-01": (1, 0, 2, 1),
    "2026-01-01": (1, 0, 2, 1),
}
COUNT = "SELECT (COUNT(DISTINCT ?thing) AS ?count) {{ ?thing a kg:{} }}"
CLASSES = ("Tenure", "Residence", "Person", "Submission")
HELD = """SELECT ?person ?office ?words {
  ?tenure a kg:Tenure ; kg:person ?person ; kg:office ?office .
  ?statement kg:asserts ?tenure ; kg:words ?words
} ORDER BY ?person ?words"""


def workspace(root: Path, case: str = "corrected") -> Workspace:
    """A workspace with the articles of a case of the queries."""
    create_example(root)
    shutil.rmtree(root / "articles")
    shutil.copytree(ARTICLES / case / "articles", root / "articles")
    return Workspace(root)


def edit(path: Path, old: str, new: str = "") -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def as_it_was(root: Path, day: str) -> Workspace:
    """The workspace with its files as they were on a day: nothing in them is later."""
    before = workspace(root)
    folder = root / "articles/report"
    facts, more = folder / "facts.yaml", folder / "more.yaml"
    for path, since, block in (
        (facts, "2020-02-01", BO),
        (facts, "2020-03-01", RESIDENCE),
        (more, "2020-04-01", MORE),
    ):
        if day < since:
            edit(path, block)
    if day < MORE_FROM:
        more.unlink()
    return before


def stated(quads: Iterable[Quad]) -> set[Quad]:
    """Quads as a store has them, but for checksums of files, which change with every edit."""
    store = Store()
    store.extend(quad for quad in quads if quad.predicate != NamedNode(kg.checksum))
    return set(store)


def dumped(root: Path, name: str = "dataset.nq") -> list[Quad]:
    return list(parse(path=root / "output" / name, format=RdfFormat.N_QUADS))


def counted(place: Workspace, day: str) -> tuple[int, ...]:
    answers = [place.query(COUNT.format(each), on=date.fromisoformat(day)) for each in CLASSES]
    return tuple(int(next(iter(answer))["count"].value) for answer in answers)  # type: ignore[arg-type,union-attr]


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    found = workspace(tmp_path_factory.mktemp("corrected") / "workspace")
    found.build()
    return found


@pytest.mark.parametrize("day", DAYS)
def test_on_each_day_there_is_what_was_said_by_then(corrected: Workspace, day: str) -> None:
    assert counted(corrected, day) == DAYS[day]


@pytest.mark.parametrize("day", [day for day in DAYS if day >= FACTS_FROM])
def test_the_dataset_on_a_day_is_what_a_build_of_that_day_was(
    corrected: Workspace, day: str, tmp_path: Path
) -> None:
    before = as_it_was(tmp_path / "workspace", day)
    before.build()
    vocabulary = NamedNode(f"{BASE}graph/ontology")
    history = corrected.generations.history()
    on = date.fromisoformat(day)
    found = quads_on(on, corrected.generations.open(), history, BASE)
    then = (quad for quad in found if quad.graph_name != vocabulary)
    assert stated(then) == stated(dumped(before.root))

    graph = rdflib.Dataset(default_union=True)
    graph.parse(before.root / "output/dataset.nq", format="nquads")
    expected = [tuple(map(str, row)) for row in graph.query(HELD, initNs={"kg": kg.KG})]
    answer = corrected.query(HELD, on=on)
    assert isinstance(answer, QuerySolutions)
    assert [tuple(term.value for term in row) for row in answer] == expected != []  # type: ignore[union-attr]


DECLARED = """article: report
date: {day}
{retracted}people:
  ada-birk: {{name: {{en: Ada Birk}}, wikidata: Q42, evidence: {evidence}}}
"""
LINKS = """SELECT ?evidence { ?link a kg:Link ; kg:linkedEntity person:ada-birk ;
  kg:evidence ?evidence . person:ada-birk owl:sameAs ?item } ORDER BY ?evidence"""


def test_a_declared_link_is_there_on_the_days_on_which_a_submission_declares_it(
    tmp_path: Path,
) -> None:
    place = workspace(tmp_path / "workspace")
    folder = place.root / "articles/report"
    why = "retracted: {since: 2020-03-10, because: {en: It is not certain.}}\n"
    one = DECLARED.format(day="2020-02-10", retracted=why, evidence="Her office.")
    two = DECLARED.format(day="2020-02-20", retracted="", evidence="Her years.")
    (folder / "one.yaml").write_text(one, encoding="utf-8")
    (folder / "two.yaml").write_text(two, encoding="utf-8")
    place.build()
    for day, expected in {
        "2020-02-09": [],  # she has been described for a month
        "2020-02-10": ["Her office."],
        "2020-02-20": ["Her office.", "Her years."],
        "2020-03-10": ["Her years."],
    }.items():
        answer = place.query(LINKS, on=date.fromisoformat(day))
        assert [row["evidence"].value for row in rows(answer)] == expected, day
    (folder / "two.yaml").write_text(two.replace("02-20", "03-20"), encoding="utf-8")
    place.build()
    assert not list(rows(place.query(LINKS, on=date(2020, 3, 15))))


def test_before_anything_was_submitted_no_article_was_told_of(corrected: Workspace) -> None:
    query = "SELECT ?s { ?s a kg:Article }"
    assert not list(corrected.query(query, on=date(2020, 1, 9)))  # type: ignore[arg-type]
    assert len(list(corrected.query(query, on=date(2020, 1, 10)))) == 1  # type: ignore[arg-type]


def test_today_has_no_triple_that_only_what_is_retracted_gave(corrected: Workspace) -> None:
    text = (corrected.root / "output/dataset.nq").read_text(encoding="utf-8")
    assert "bo-lind> <https://w3id.org/kgpub/ontology#name>" in text
    for gone in ('"Bo Lind is treasurer."@en', "Residence>", "Cy Dahl", "more> <https://w3id"):
        assert gone not in text
    # The statement of both submissions and its tenure are told by the one that is left.
    assert text.count('"Ada Birk was treasurer from 2010 to 2014."@en') == 1


def test_each_retraction_is_on_record(corrected: Workspace) -> None:
    graph = rdflib.Dataset(default_union=True)
    graph.parse(corrected.root / "output/dataset.nq", format="nquads")
    rows = graph.query(
        """SELECT ?day ?by (COUNT(DISTINCT ?what) AS ?gone) (COUNT(DISTINCT ?why) AS ?reasons) {
          GRAPH ?g { ?record a kg:Retraction ; kg:retractedOn ?day ; kg:retracts ?what ;
            kg:retractionReason ?why . OPTIONAL { ?record kg:retractedBy ?by } }
          FILTER (STRENDS(STR(?g), "/graph/retractions"))
        } GROUP BY ?record ?day ?by ORDER BY ?day""",
        initNs={"kg": kg.KG},
    )
    told = [tuple(None if each is None else str(each) for each in row) for row in rows]
    assert told == [
        ("2020-02-01", "Nalin", "2", "1"),  # the statement and its tenure
        ("2020-03-01", None, "1", "2"),
        ("2020-04-01", "Roj", "4", "1"),  # the submission, its person, statement and tenure
    ]


def test_taken_back_a_retraction_leaves_no_trace(tmp_path: Path) -> None:
    place = as_it_was(tmp_path / "workspace", "2020-01-20")
    place.build()
    sums = (place.root / "output/SHA256SUMS").read_bytes()
    folder = place.root / "articles/report"
    for name, old, new in (
        ("facts.yaml", "    asserts:\n      - {type: Tenure, person: ada", BO),
        ("facts.yaml", "    asserts:\n      - type: Residence", BO),
        ("more.yaml", "people:", MORE),
    ):
        facts = folder / name
        text = facts.read_text(encoding="utf-8")
        edit(facts, old, new + old)
        place.build()
        assert (place.root / "output/history.nq").exists()
        assert place.generations.history()
        facts.write_text(text, encoding="utf-8")
        place.build()
        assert (place.root / "output/SHA256SUMS").read_bytes() == sums
        assert not place.generations.history()


def test_all_of_a_submission_retracted_leaves_the_dataset_without_it_and_a_record(
    tmp_path: Path,
) -> None:
    place = workspace(tmp_path / "workspace")
    place.build()
    with_record = set(dumped(place.root))
    (place.root / "articles/report/more.yaml").unlink()
    place.build()
    without = set(dumped(place.root))
    records = {quad.graph_name for quad in with_record - without}
    assert without <= with_record
    assert records == {NamedNode(f"{BASE}graph/retractions")}
    assert len({quad.subject for quad in with_record - without}) == 1


@pytest.mark.parametrize("incremental_from", [1, 10**9])
def test_a_change_at_a_time_gives_what_all_at_once_gives(
    tmp_path: Path, incremental_from: int
) -> None:
    place = as_it_was(tmp_path / "workspace", "2020-01-20")
    place = Workspace(place.root, incremental_from=incremental_from)
    place.build()
    whole = workspace(tmp_path / "whole")
    for name in ("more.yaml", "facts.yaml"):
        shutil.copy(whole.root / "articles/report" / name, place.root / "articles/report")
        place.build()
    whole.build()
    for name in ("SHA256SUMS", "history.nq"):
        assert (place.root / "output" / name).read_bytes() == (
            whole.root / "output" / name
        ).read_bytes()
    place.build(fresh=True)
    assert set(place.generations.history()) == set(dumped(whole.root, "history.nq"))


def test_what_is_retracted_contradicts_nothing_any_more(tmp_path: Path) -> None:
    place = workspace(tmp_path / "workspace", "contradictions")
    facts = place.root / "articles/evening/facts.yaml"
    edit(facts, "role: leader, ")  # which is none of the roles
    text = facts.read_text(encoding="utf-8")
    place.build()
    marks = len(list(place.query("SELECT ?c { ?c a kg:Contradiction }")))  # type: ignore[arg-type]
    assert marks > 0
    statements = text.index("statements:")
    why = "retracted: {since: 2030-01-01, because: {en: All of it was wrong.}}\n"
    facts.write_text(text[:statements] + why + text[statements:], encoding="utf-8")
    place.build()
    query = "SELECT ?c { ?c a kg:Contradiction }"
    assert not list(place.query(query))  # type: ignore[arg-type]
    assert len(list(place.query(query, on=date(2029, 12, 31)))) == marks  # type: ignore[arg-type]


def test_a_retraction_is_validated_with_all_and_as_built(tmp_path: Path, kgpub: Run) -> None:
    place = as_it_was(tmp_path / "workspace", "2020-01-20")
    assert kgpub("build", cwd=place.root).returncode == 0
    facts = place.root / "articles/report/facts.yaml"
    edit(
        facts, "    asserts:\n      - type: Residence", f"{BO}    asserts:\n      - type: Residence"
    )
    for options in ((), ("--as-built",)):
        done = kgpub("validate", str(facts), *options, cwd=place.root)
        assert done.returncode == 0, done.stdout
    edit(facts, "because: {en: He had resigned.}, ")
    for options in ((), ("--as-built",)):
        done = kgpub("validate", str(facts), *options, cwd=place.root)
        assert done.returncode == 1
        line = facts.read_text(encoding="utf-8").split("\n").index(BO.replace(
            "because: {en: He had resigned.}, ", "").rstrip("\n")) + 1  # fmt: skip
        assert f"facts.yaml:{line}:5: error: A retraction needs its reason" in done.stdout


def test_what_is_left_may_not_rest_on_what_is_retracted(tmp_path: Path, kgpub: Run) -> None:
    place = as_it_was(tmp_path / "workspace", "2020-01-10")
    facts = place.root / "articles/report/facts.yaml"
    edit(facts, "current: true}", "current: true, after: _:ada}")
    edit(facts, "{type: Tenure, person: ada-birk,", "{id: _:ada, type: Tenure, person: ada-birk,")
    assert kgpub("validate", cwd=place.root).returncode == 0
    edit(facts, "    asserts:\n      - {id: _:ada", f"{BO}    asserts:\n      - {{id: _:ada")
    done = kgpub("validate", cwd=place.root)
    assert done.returncode == 1
    assert "_:ada" in done.stdout


def test_the_command_asks_for_a_day(corrected: Workspace, kgpub: Run) -> None:
    query = "SELECT ?p { ?t a kg:Tenure ; kg:person ?p } ORDER BY ?p"
    then = kgpub("query", query, "--on", "2020-01-31", "--format", "csv", cwd=corrected.root)
    today = kgpub("query", query, "--format", "csv", cwd=corrected.root)
    ada, bo = f"{BASE}person/ada-birk", f"{BASE}person/bo-lind"
    assert then.stdout.split() == ["p", ada, bo]
    assert today.stdout.split() == ["p", ada]
    for day in ("2020-02-30", "2020-1-31", "20200131", "2020-W05-5", "yesterday", ""):
        wrong = kgpub("query", query, "--on", day, cwd=corrected.root)
        assert wrong.returncode == 2
        assert f"{day or 'nothing'}: is no day\n" in wrong.stderr
        assert "two digits: 2026-01-05" in wrong.stderr
    elsewhere = kgpub(
        "query",
        query,
        "--on",
        "2020-01-31",
        "--endpoint",
        "http://127.0.0.1:9/",
        cwd=corrected.root,
    )
    assert elsewhere.returncode == 2
    assert "--on is for what was built here" in elsewhere.stderr


def test_a_history_that_is_damaged_is_told(tmp_path: Path) -> None:
    from kgpub.errors import StoreError

    place = workspace(tmp_path / "workspace")
    place.build()
    current = place.generations.current()
    assert current is not None
    (current / "history.nq").write_bytes(b"<x> ")
    with pytest.raises(StoreError):
        place.query("ASK {}", on=date(2020, 1, 20))


TOLD = """SELECT ?since ?reason {
  ?retraction a kg:Retraction ; kg:retractedOn ?since ; kg:retractionReason ?reason
}"""
STATEMENT = """
  - words: لسالم عمر الذي تولى المنصب عام 2019
    retracted: {{since: {since}, because: {{en: {reason}}}}}
    asserts:
      - {{type: Tenure, person: salim-omar, office: mayor-of-al-waha, start: {start}}}
"""


def test_what_was_said_again_can_be_retracted_again(tmp_path: Path) -> None:
    """The words are the same, and so are statement and passage; the reasons are not."""
    place = Workspace(create_example(tmp_path))
    facts = place.root / "articles/example/facts.yaml"
    text = facts.read_text(encoding="utf-8")
    first = text[text.index("  - words: لسالم عمر") :]
    first = first[: first.index("  - words:", 5)] if first.count("  - words:") > 1 else first
    again = STATEMENT.format(since="2026-02-01", reason="Wrong year.", start="2019")
    again += STATEMENT.format(since="2026-03-01", reason="Wrong again.", start="2020").lstrip("\n")
    facts.write_text(text.replace(first, again.lstrip("\n")), encoding="utf-8")
    place.build()
    told = [(row["since"].value, row["reason"].value) for row in rows(place.query(TOLD))]
    assert sorted(told) == [("2026-02-01", "Wrong year."), ("2026-03-01", "Wrong again.")]


def rows(answer: object) -> QuerySolutions:
    assert isinstance(answer, QuerySolutions)
    return answer
