"""Marks of contradictions: written by hand for each rule, and those of random articles."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store, parse
from tests.processor import growth
from tests.unit.pipeline.test_comparison import (
    BASE,
    BORN,
    ENTITIES,
    dataset_of,
    happened,
    linked,
    tenure,
    write,
)

from kgpub import Workspace
from kgpub.model.comparison import Outcome
from kgpub.pipeline.comparison import compare_files, marking
from kgpub.pipeline.comparison.marking import mark
from kgpub.pipeline.initial import create_workspace
from kgpub.vocabulary import KG, KIND, RDF, XSD
from kgpub.vocabulary import terms as kg

Marks = set[tuple[str, frozenset[str]]]
"""The rule of each mark, and the words of its statements."""

LAYLA_AT_FIRST = "Line 0 of first."
SECOND = "Line 0 of second."
SAME_DAY = ("2020-05-01", "2020-05-01")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    create_workspace(folder, BASE, "Example", "Me", "https://example.org/licence")
    return folder


def values(quads: Iterable[Quad], predicate: str) -> dict[str, list[str]]:
    """Return the values of a property by subject."""
    found: dict[str, list[str]] = {}
    for quad in quads:
        if quad.predicate.value == predicate:
            assert isinstance(quad.subject, NamedNode)
            assert isinstance(quad.object, NamedNode | Literal)
            found.setdefault(quad.subject.value, []).append(quad.object.value)
    return found


def marks_among(quads: Sequence[Quad], told: Iterable[Quad] | None = None) -> Marks:
    """Return the marks of `quads`, or those among `told`, as what they are about."""
    marks = list(mark(quads, BASE).quads if told is None else told)
    words = values(quads, kg.words)
    statements = values(marks, kg.contradictory)
    kinds = values(marks, kg.kind)
    assert kinds.keys() == statements.keys()
    return {
        (kind.removeprefix(KIND), frozenset(words[each][0] for each in statements[node]))
        for node, [kind] in kinds.items()
    }


def both(rule: str) -> Marks:
    return {(rule, frozenset((LAYLA_AT_FIRST, SECOND)))}


def residence(rest: str) -> str:
    return f"{{type: Residence, resident: person/layla, place: waha, {rest}}}"


MET = "{who: person/layla, role: attendee}"
RIVAL = tenure("start: 2010, end: 2015", "salim")
CURRENT = tenure("current: true", "salim")
SECOND_SINCE = "ordinal: 2, counted-since: 2003"


@pytest.mark.parametrize(
    ("first", "second", "published", "expected"),
    [
        (RIVAL, tenure("start: 2012, end: 2018"), ("", ""), both("two-holders")),
        # The day, or the year, on which one hands over to the other.
        (RIVAL, tenure("start: 2015, end: 2018"), ("", ""), set()),
        (
            tenure("start: 2010, end: 2015-05-01", "salim"),
            tenure("start: 2015-05-01, end: 2018"),
            ("", ""),
            set(),
        ),
        # What a text doubts, or denies; and an office that many hold.
        (tenure("start: 2010, end: 2015~", "salim"), tenure("start: 2012"), ("", ""), set()),
        (RIVAL, tenure("start: 2012?, end: 2018"), ("", ""), set()),
        (RIVAL, tenure("start: 2012, end: 2018, negated: true"), ("", ""), set()),
        (
            tenure("start: 2010, end: 2015", "salim", "councillor"),
            tenure("start: 2012, end: 2018", "layla", "councillor"),
            ("", ""),
            set(),
        ),
        # Current holders, of one day and of days apart, or of which only the month is known.
        (CURRENT, tenure("current: true"), SAME_DAY, both("two-current-holders")),
        (CURRENT, tenure("current: true"), ("2020-05-01", "2020-05-02"), set()),
        (CURRENT, tenure("current: true"), ("2020-05", "2020-05"), set()),
        (CURRENT, tenure("current: true"), ("", ""), set()),
        (
            tenure(SECOND_SINCE, "salim"),
            tenure(SECOND_SINCE),
            ("", ""),
            both("same-ordinal"),
        ),
        (
            tenure(SECOND_SINCE, "salim"),
            tenure("ordinal: 3, counted-since: 2003"),
            ("", ""),
            set(),
        ),
        # Both the second, and each still is when their article is written, on days apart.
        (
            tenure(f"{SECOND_SINCE}, current: true", "salim"),
            tenure(f"{SECOND_SINCE}, current: true"),
            ("2020-05-01", "2021-05-01"),
            both("same-ordinal"),
        ),
        (
            happened("birth", "1985", BORN),
            happened("birth", "1986-04-01", BORN),
            ("", ""),
            both("once-only"),
        ),
        (happened("birth", "1985", BORN), happened("birth", "1986?", BORN), ("", ""), set()),
        (happened("birth", "1985", BORN), happened("birth", "1985-04", BORN), ("", ""), set()),
        (happened("birth", "1985", BORN), happened("death", "1986", BORN), ("", ""), set()),
        (happened("meeting", "1985", MET), happened("meeting", "1986", MET), ("", ""), set()),
        (
            residence("start: 2001, end: 2009"),
            residence("start: 2001, end: 2007"),
            ("", ""),
            both("other-dates"),
        ),
        (
            residence("start: 2001, end: 2009"),
            residence("start: 2001, end: 2009-05"),
            ("", ""),
            set(),
        ),
        (residence("start: 2001, end: 2009"), residence("start: 2011, end: 2015"), ("", ""), set()),
        (
            residence("start: 2001, end: 2009"),
            residence("start: 2001, end: 2007?"),
            ("", ""),
            set(),
        ),
        (
            residence("start: 2001, end: 2009"),
            residence("start: 2003, end: 2005, negated: true"),
            ("", ""),
            both("denied"),
        ),
        (
            residence("start: 2001, end: 2009"),
            residence("start: 2009, end: 2010, negated: true"),
            ("", ""),
            set(),
        ),
        (
            residence("current: true"),
            residence("current: true, negated: true"),
            SAME_DAY,
            both("denied"),
        ),
        (
            residence("current: true"),
            residence("current: true, negated: true"),
            ("2020-05-01", "2020-05-02"),
            set(),
        ),
        (
            happened("meeting", "2019-05-03", MET),
            happened("meeting", "2019-05-03", MET, rest=", negated: true"),
            ("", ""),
            both("denied"),
        ),
        # Texts in several languages, of which one is common.
        (
            "{type: Characterisation, subject: person/layla, current: true, "
            "description: {en: strict, ar: صارمة}}",
            "{type: Characterisation, subject: person/layla, current: true, negated: true, "
            "description: {en: strict}}",
            SAME_DAY,
            both("denied"),
        ),
    ],
)
def test_rule(
    root: Path, first: str, second: str, published: tuple[str, str], expected: Marks
) -> None:
    write(root, "first", [first], published[0])
    write(root, "second", [second], published[1])
    assert marks_among(list(dataset_of(root).quads())) == expected


@pytest.mark.parametrize(
    ("item", "expected"), [("Q900000001", set()), ("Q900000002", both("two-holders"))]
)
def test_two_slugs_with_one_wikidata_item_are_one(root: Path, item: str, expected: Marks) -> None:
    write(root, "first", [tenure("start: 2010, end: 2015")], more=linked("layla", "Q900000001"))
    other = tenure("start: 2012, end: 2018", "layla-hasan")
    write(root, "second", [other], more=linked("layla-hasan", item))
    found = marks_among(list(dataset_of(root).quads()))
    assert found - both("other-dates") == expected
    # Of one person, they are two beginnings and two ends of one tenure.
    assert (found == both("other-dates")) == (item == "Q900000001")


def test_a_named_event_that_two_submissions_tell_otherwise(root: Path) -> None:
    event = "{{id: event/summit, type: Event, kind: meeting, participants: [{}], time: {}}}"
    write(root, "first", [event.format(MET, "2019-05")])
    write(root, "second", [event.format(MET, "2020")])
    quads = list(dataset_of(root).quads())
    assert marks_among(quads) == both("other-dates")
    (facts,) = values(mark(quads, BASE).quads, kg.incompatible).values()
    assert facts == [f"{BASE}event/summit"]


def test_statements_of_one_article_and_within_one_statement(root: Path) -> None:
    """The n-th fact is that of line n, but for the last line, which tells two."""
    both_at_once = f"{CURRENT}\n      - {tenure('current: true')}"
    write(root, "first", [RIVAL, tenure("start: 2012, end: 2018"), both_at_once])
    quads = list(dataset_of(root).quads())
    assert marks_among(quads) == {
        ("two-holders", frozenset(("Line 0 of first.", "Line 1 of first."))),
        ("two-current-holders", frozenset(("Line 2 of first.",))),
    }


def test_two_statements_have_one_mark_for_each_rule(root: Path) -> None:
    """Two tenures of the one, and one of the other, in one statement each."""
    write(root, "first", [f"{tenure('start: 2002, end: 2008', 'salim')}\n      - {RIVAL}"])
    write(
        root, "second", [f"{tenure('start: 2000, end: 2020')}\n      - {residence('time: 2000')}"]
    )
    quads = list(dataset_of(root).quads())
    marks = mark(quads, BASE).quads
    assert marks_among(quads, marks) == both("two-holders")
    (facts,) = values(marks, kg.incompatible).values()
    offices = values(quads, kg.office)
    assert set(facts) == {fact for fact in offices if offices[fact] == [f"{BASE}office/mayor"]}
    assert len(facts) == 3


def test_marks_are_nodes_of_their_own_in_a_graph_of_their_own(root: Path) -> None:
    write(root, "first", [RIVAL])
    write(root, "second", [tenure("start: 2012, end: 2018")])
    marks = mark(dataset_of(root).quads(), BASE).quads
    assert {quad.graph_name for quad in marks} == {NamedNode(f"{BASE}graph/contradictions")}
    assert all(str(quad.subject).startswith(f"<{BASE}contradiction/") for quad in marks)
    assert len(marks) == 6
    assert len(set(marks)) == 6


def test_order_and_repetition_of_quads_do_not_matter(root: Path) -> None:
    random_articles(root, Random(7))
    quads = list(dataset_of(root).quads())
    told = mark(quads, BASE)
    assert told.quads
    for seed in range(3):
        shuffled = quads * 2
        Random(seed).shuffle(shuffled)
        assert mark(shuffled, BASE) == told


# Random articles: marks against what the comparison tells of each submission.

POOL = [
    *(
        tenure(f"start: {since}, end: {until}{rest}", who, office)
        for since, until, rest in (
            ("2001", "2005", ""), ("2003", "2008", ""), ("2005", "2009", ""),
            ("2003-02-01", "2005-02-01", ""), ("2002?", "2006", ""),
            ("2003", "2005", ", negated: true"),
        )
        for who in ("layla", "salim", "layla-hasan")
        for office in ("mayor", "councillor")
    ),
    *(tenure("current: true", who) for who in ("layla", "salim", "layla-hasan")),
    *(tenure("current: true, negated: true", who) for who in ("layla", "salim")),
    *(tenure("ordinal: 2, counted-since: 1990", who) for who in ("layla", "salim")),
    *(
        happened(kind, when, BORN.replace("layla", who), rest=rest)
        for kind in ("birth", "death")
        for when in ("1960", "1961-03", "1961-03-04", "1962?")
        for who in ("layla", "layla-hasan")
        for rest in ("", ", place: waha")
    ),
    *(
        happened("meeting", when, MET, rest=rest)
        for when in ("2019-05-01", "2019-05-02")
        for rest in ("", ", negated: true", ", place: waha", ", place: nahr, negated: true")
    ),
    *(
        f"{{type: Membership, person: {who}, organisation: blue-party, {rest}}}"
        for who in ("layla", "layla-hasan")
        for rest in (
            "start: 2001, end: 2005", "start: 2001, end: 2004",
            "role: leader, start: 2001, end: 2005", "start: 2002, end: 2004, negated: true",
            "role: leader, start: 2002, end: 2004, negated: true",
            "current: true", "current: true, negated: true",
        )
    ),
    *(
        "{type: Characterisation, subject: person/layla, description: "
        f"{{{texts}}}, start: 2001, end: {end}}}"
        for texts in ("en: strict", "en: strict, ar: صارمة", "ar: صارمة")
        for end in ("2005", "2006", "2006, negated: true")
    ),
]  # fmt: skip
LINKS = ENTITIES.replace(
    "layla: {name: {en: Layla}}",
    "layla: {name: {en: Layla}, wikidata: Q900000001, evidence: Invented.}\n"
    "  layla-hasan: {name: {en: Layla}, wikidata: Q900000001, evidence: Invented.}",
)
SLUGS = ("first", "second", "third", "fourth")


def random_articles(root: Path, chance: Random) -> None:
    papers = "".join(
        f"  {slug}-paper: {{name: {{en: Paper}}, kind: media-outlet}}\n" for slug in SLUGS[2:]
    )
    entities = LINKS.replace("organisations:\n", f"organisations:\n{papers}")
    for slug in SLUGS:
        facts = chance.sample(POOL, 9)
        write(root, slug, facts, chance.choice(("2020-05-01", "2020-05-02", "2020-05")), entities)


@pytest.mark.parametrize("seed", range(25))
def test_marks_are_what_the_comparison_tells_of_each_submission(root: Path, seed: int) -> None:
    random_articles(root, Random(seed))
    dataset = dataset_of(root)
    quads = list(dataset.quads())
    store = Store()
    store.extend(quads)
    told = {
        (each.reason.value, frozenset((each.fact, each.theirs.fact)))
        for slug in SLUGS
        for each in compare_files(dataset.parts, [f"articles/{slug}/facts.yaml"], store)
        if each.outcome is Outcome.contradicts and each.theirs is not None
    }
    marks = mark(quads, BASE).quads
    facts = values(marks, kg.incompatible)
    marked = {
        (kind.removeprefix(KIND), frozenset(facts[node]))
        for node, [kind] in values(marks, kg.kind).items()
    }
    assert marked == told
    assert len(marked) > 3
    # And of all of them together, before anything is published.
    together = compare_files(dataset.parts, [f"articles/{slug}/facts.yaml" for slug in SLUGS], None)
    pairs = [
        (each.reason.value, frozenset((each.fact, each.theirs.fact)))
        for each in together
        if each.theirs is not None
    ]
    assert set(pairs) == marked
    assert len(pairs) == len(marked) == len(together)


# Builds


def built(root: Path) -> tuple[Marks, set[str]]:
    """Build, and return the marks in the store and all quads of store and dump."""
    workspace = Workspace(root)
    workspace.build()
    store = workspace.store().store
    quads = [quad for quad in store if isinstance(quad.graph_name, NamedNode)]
    graph = NamedNode(f"{BASE}graph/contradictions")
    marks = [quad for quad in quads if quad.graph_name == graph]
    dump = (root / "output/dataset.nq").read_text(encoding="utf-8").splitlines()
    assert {f"{quad} ." for quad in marks} == {line for line in dump if str(graph) in line}
    for name in ("ttl", "trig", "jsonld"):
        triples = {quad.triple for quad in parse(path=str(root / f"output/dataset.{name}"))}
        assert {quad.triple for quad in marks} <= triples
    return marks_among(quads, marks), {*map(str, store), *dump}


def test_a_build_after_edits_is_a_build_from_nothing(root: Path, tmp_path: Path) -> None:
    write(root, "first", [RIVAL])
    write(root, "second", [tenure("start: 2012, end: 2018")])
    assert built(root)[0] == both("two-holders")
    write(root, "second", [tenure("start: 2016, end: 2018")])
    assert built(root)[0] == set()
    write(root, "second", [tenure("start: 2009, end: 2012", "salim")])
    marks, everything = built(root)
    assert marks == both("other-dates")
    other = tmp_path / "elsewhere"
    shutil.copytree(root, other, ignore=shutil.ignore_patterns(".kgpub", "output"))
    assert built(other) == (marks, everything)


def test_a_statement_that_is_withdrawn_takes_its_marks_along(root: Path) -> None:
    write(root, "first", [RIVAL])
    _, alone = built(root)
    write(root, "second", [tenure("start: 2012, end: 2018")])
    assert built(root)[0] == both("two-holders")
    shutil.rmtree(root / "articles/second")
    assert built(root) == (set(), alone)


def test_of_very_many_the_first_are_marked_and_the_rest_is_told(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    years = range(2000, 2006)
    write(root, "first", [tenure(f"start: {year}, end: 2010", "salim") for year in years])
    write(root, "second", [tenure(f"start: {year}, end: 2011") for year in years])
    quads = list(dataset_of(root).quads())
    whole = [each for each in marks_among(quads) if each[0] == "two-holders"]
    assert len(whole) == len(years) ** 2
    monkeypatch.setattr(marking, "MAX_MARKS", 10)
    told = mark(quads, BASE)
    few = [each for each in marks_among(quads) if each[0] == "two-holders"]
    assert len(few) == 10
    assert set(few) < set(whole)
    number, problem = told.problems
    assert str(number.message).endswith(f": {len(set(values(told.quads, kg.kind)))}.")
    assert (problem.severity, problem.code) == ("warning", "marked-in-part")
    assert f"{BASE}office/mayor" in str(problem)
    assert [each.code for each in Workspace(root).build().problems].count("marked-in-part") == 1
    assert "Of 3 subjects only the first 10" in (root / "output/report.txt").read_text()


def test_the_time_grows_with_the_tellings() -> None:
    """Five thousand successive holders of one office, and as many tellings of one tenure."""

    def quads(number: int) -> Iterable[Quad]:
        graph = NamedNode(f"{BASE}submission/a/facts")
        date = NamedNode(XSD + "date")
        for n in range(number):
            day = f"{1000 + n}-01-01"
            until = f"{1001 + n}-01-01"
            for fact, person, since in ((f"{n}", f"{n}", day), (f"x{n}", "one", "0900-01-01")):
                node = NamedNode(f"{BASE}fact/{fact}")
                for name, value in (
                    ("person", NamedNode(f"{BASE}person/{person}")),
                    ("office", NamedNode(f"{BASE}office/{'king' if person != 'one' else 'pope'}")),
                    ("certainFrom", Literal(since, datatype=date)),
                    ("certainUntil", Literal(until, datatype=date)),
                ):
                    yield Quad(node, NamedNode(KG + name), value, graph)
                yield Quad(node, NamedNode(RDF + "type"), NamedNode(kg.Tenure), graph)
                statement = NamedNode(f"{BASE}statement/{fact}")
                yield Quad(statement, NamedNode(kg.asserts), node, graph)
        true = Literal("true", datatype=NamedNode(XSD + "boolean"))
        for office in ("king", "pope"):
            yield Quad(NamedNode(f"{BASE}office/{office}"), NamedNode(kg.singleHolder), true, graph)

    few, many = list(quads(1_000)), list(quads(8_000))
    assert mark(many, BASE).quads == ()
    assert growth(lambda: mark(few, BASE), lambda: mark(many, BASE)) < 30  # its square would be 64


# Marks are kgpub's own: no submission makes one.


@pytest.mark.parametrize(
    "added",
    [
        "    contradictory: [statement/1]",
        "    incompatible: [fact/1]",
        "    kg:contradictory: [statement/1]",
        f"    {KG}contradictory: [statement/1]",
        "    type: Contradiction",
        "    asserts: [{type: Contradiction, kind: denied, contradictory: statement/1}]",
        "    asserts: [{id: contradiction/a, type: Event, kind: meeting}]",
        f"    asserts: [{{id: {BASE}contradiction/a, type: Event, kind: meeting}}]",
        f"    asserts: [{happened('denied', '2019', MET)}]",
        "contradictions: {a: {kind: denied}}",
        "people: {../contradiction/a: {name: {en: A, ar: أ}}}",
    ],
)
def test_no_submission_makes_a_mark(root: Path, added: str) -> None:
    write(root, "first", [RIVAL])
    assert Workspace(root).validate().accepted
    (root / "articles/first/more.yaml").write_text(
        f"article: first\nstatements:\n  - words: Line 0 of first.\n{added}\n", encoding="utf-8"
    )
    validated = Workspace(root).validate()
    errors = [each for each in validated.problems if each.severity == "error"]
    assert {problem.place.file for problem in errors} == {"articles/first/more.yaml"}
    assert {problem.place.line for problem in errors} == {4}
