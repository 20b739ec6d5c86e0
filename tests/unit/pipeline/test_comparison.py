"""Facts against facts: two articles written by hand, and what the second is to the first."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kgpub.messages import RIGHT_TO_LEFT
from kgpub.model.comparison import Comparison, Outcome, Reason
from kgpub.model.submission import Mapped
from kgpub.pipeline.comparison import compare, compare_files, identities
from kgpub.pipeline.comparison.comparing import MAX_CONTRADICTIONS
from kgpub.pipeline.dataset import Dataset, DatasetReading, Part
from kgpub.pipeline.initial import create_workspace
from kgpub.pipeline.workspace import Workspace
from kgpub.reporting.comparison_text import comparison_dict, comparison_summary, comparison_text
from kgpub.vocabulary import KG, RDF
from kgpub.vocabulary import terms as kg
from kgpub.vocabulary.schema import schema

BASE = "https://example.org/data/"
FILE = "articles/second/facts.yaml"
ENTITIES = """
organisations:
  first-paper: {name: {en: First Paper}, kind: media-outlet}
  second-paper: {name: {en: Second Paper}, kind: media-outlet}
  blue-party: {name: {en: Blue Party}, kind: political-party}
people:
  layla: {name: {en: Layla}}
  salim: {name: {en: Salim}}
places: {waha: {name: {en: Waha}}, nahr: {name: {en: Nahr}}}
offices:
  mayor: {name: {en: Mayor}, jurisdiction: waha, single-holder: true}
  councillor: {name: {en: Councillor}, jurisdiction: waha}
"""

Tell = Callable[..., tuple[Comparison, ...]]


def write(root: Path, slug: str, facts: Sequence[str], published: str = "", more: str = "") -> None:
    """Write an article whose n-th statement, `Line n.`, asserts the n-th fact."""
    folder = root / "articles" / slug
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(f"Line {n} of {slug}.\n" for n in range(len(facts)))
    (folder / "article.txt").write_text(text, encoding="utf-8")
    dated = f"published: {published}\n" if published else ""
    (folder / "article.yaml").write_text(
        f"title: {{en: Title of {slug}}}\nlanguage: en\npublisher: {slug}-paper\n{dated}",
        encoding="utf-8",
    )
    statements = "".join(
        f"  - words: Line {n} of {slug}.\n    asserts:\n      - {fact}\n"
        for n, fact in enumerate(facts)
    )
    (folder / "facts.yaml").write_text(
        f"article: {slug}\n{more or ENTITIES}\nstatements:\n{statements}", encoding="utf-8"
    )


def dataset_of(root: Path) -> Dataset:
    dataset = DatasetReading(root.resolve(), schema(BASE), None, lambda _: None).read()
    assert not dataset.problems
    return dataset


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    create_workspace(folder, BASE, "Example", "Me", "https://example.org/licence")
    return folder


@pytest.fixture
def tell(root: Path) -> Tell:
    """Put an article with some facts into a store, write a second with others, and compare."""

    def comparing(
        first: Sequence[str] | str,
        second: Sequence[str] | str,
        published: tuple[str, str] = ("", ""),
        more: tuple[str, str] = ("", ""),
    ) -> tuple[Comparison, ...]:
        write(root, "first", [first] if isinstance(first, str) else first, published[0], more[0])
        store = Store()
        store.extend(dataset_of(root).quads())
        two = [second] if isinstance(second, str) else second
        write(root, "second", two, published[1], more[1])
        return compare_files(dataset_of(root).parts, [FILE], store)

    return comparing


def outcome(told: tuple[Comparison, ...]) -> tuple[Outcome, Reason]:
    (one,) = told
    return one.outcome, one.reason


def tenure(rest: str, person: str = "layla", office: str = "mayor") -> str:
    return f"{{type: Tenure, person: {person}, office: {office}{', ' * bool(rest)}{rest}}}"


def happened(kind: str, when: str, *participants: str, rest: str = "") -> str:
    who = ", ".join(participants)
    return (
        f"{{type: Event, kind: {kind}, participants: [{who}]{', time: ' * bool(when)}{when}{rest}}}"
    )


BORN = "{who: person/layla, role: subject-of-event}"
NOTHING = (Outcome.new, Reason.nothing_like_it)
OTHER_TIME = (Outcome.new, Reason.other_time)
KNOWN = (Outcome.known, Reason.same_fact)
MORE_EXACTLY = (Outcome.known, Reason.known_more_exactly)
REFINES = (Outcome.refines, Reason.more_exact)


def contradicts(reason: Reason) -> tuple[Outcome, Reason]:
    return Outcome.contradicts, reason


# What is the same is read from the shapes: these are the classes and properties that the
# definitions in the ontology name, written down by hand.


@pytest.mark.parametrize(
    ("class_", "required", "details"),
    [
        (kg.Tenure, "person office", ""),
        (kg.Membership, "person organisation organisationKind", "role"),
        (kg.Residence, "resident place", ""),
        (kg.Relationship, "kind between subject object", ""),
        (kg.Occupation, "person kind", "organisation"),
        (kg.Stance, "holder kind target", ""),
        (kg.Holding, "holder content", "quantity"),
        (kg.Characterisation, "subject description", ""),
        (kg.Event, "kind", "place origin destination via office"),
    ],
)
def test_what_makes_facts_the_same_follows_from_the_shapes(
    class_: str, required: str, details: str
) -> None:
    identity = identities()[class_]
    assert identity.required == {KG + name for name in required.split()}
    assert identity.details == {KG + name for name in details.split()}
    parts = {kg.participation: (kg.participant, kg.role)} if class_ == kg.Event else {}
    assert identity.parts == parts
    assert len(identities()) == 9


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        # The same fact, or another.
        (tenure("start: 2019"), tenure("start: 2019"), KNOWN),
        (tenure("start: 2019"), tenure("start: 2019", "layla", "councillor"), NOTHING),
        (tenure("start: 2019", "salim"), tenure("start: 2019"), NOTHING),
        (tenure(""), "{type: Membership, person: layla, organisation: blue-party}", NOTHING),
        # More exact, and the converse.
        (tenure("start: 2019"), tenure("start: 2019-05"), REFINES),
        (tenure("start: 2019-05"), tenure("start: 2019"), MORE_EXACTLY),
        (tenure(""), tenure("start: 2019"), REFINES),
        (tenure("start: 2019"), tenure(""), MORE_EXACTLY),
        (tenure("start: 2019"), tenure("start: 2019, end: 2021"), REFINES),
        (tenure("start: 2019~"), tenure("start: 2019"), REFINES),
        (tenure("start: 2019"), tenure("start: 2019~"), MORE_EXACTLY),
        (tenure("start: 2019"), tenure("start: 2019, current: true"), REFINES),
        (tenure("start: 2005-01-01, end: 2009-02-02"), tenure("time: 2006"), MORE_EXACTLY),
        (tenure("time: 2006"), tenure("start: 2005-01-01, end: 2009-02-02"), REFINES),
        # Other times: 2014 lies around 2016 only if it is not asked what began.
        (tenure("start: 2014"), tenure("start: 2016"), OTHER_TIME),
        (tenure("start: 2003, end: 2006"), tenure("start: 2010, end: 2012"), OTHER_TIME),
        (tenure("start: 2003, end: 2006"), tenure("current: true"), OTHER_TIME),
        (
            tenure("start: 2014, end: 2020"),
            tenure("start: 2016, end: 2020"),
            contradicts(Reason.other_dates),
        ),
        (tenure("start: 2014, end: 2020"), tenure("start: 2016?, end: 2020"), OTHER_TIME),
        # Holders of an office.
        (
            tenure("start: 2010, end: 2015", "salim"),
            tenure("start: 2012, end: 2018"),
            contradicts(Reason.two_holders),
        ),
        (tenure("start: 2010, end: 2015", "salim"), tenure("start: 2015, end: 2018"), NOTHING),
        (
            tenure("start: 2010, end: 2015-05-01", "salim"),
            tenure("start: 2015-05-01, end: 2018"),
            NOTHING,
        ),
        (
            tenure("start: 2010, end: 2015", "salim"),
            tenure("start: 2012, end: 2018, negated: true"),
            NOTHING,
        ),
        (tenure("start: 2010, end: 2014~", "salim"), tenure("start: 2012, end: 2018"), NOTHING),
        (
            tenure("start: 2010, end: 2015", "salim", "councillor"),
            tenure("start: 2012, end: 2018", "layla", "councillor"),
            NOTHING,
        ),
        (
            tenure("start: 2010, end: 2015, negated: true", "salim"),
            tenure("start: 2012, end: 2018"),
            NOTHING,
        ),
        (
            tenure("ordinal: 6, counted-since: 2003", "salim"),
            tenure("ordinal: 6, counted-since: 2003"),
            contradicts(Reason.same_ordinal),
        ),
        (
            tenure("ordinal: 6, counted-since: 2003", "salim"),
            tenure("ordinal: 6, counted-since: 2010"),
            NOTHING,
        ),
        # Births and deaths, and what may happen twice.
        (happened("birth", "1985", BORN), happened("birth", "1985-04-01", BORN), REFINES),
        (happened("birth", "1985-04-01", BORN), happened("birth", "1985", BORN), MORE_EXACTLY),
        (
            happened("birth", "1985", BORN),
            happened("birth", "1986-04-01", BORN),
            contradicts(Reason.once_only),
        ),
        (happened("birth", "1985?", BORN), happened("birth", "1986-04-01", BORN), OTHER_TIME),
        (happened("birth", "1985", BORN), happened("birth", "1986-04-01?", BORN), OTHER_TIME),
        (
            happened(
                "birth",
                "1985",
                BORN.replace("layla", "salim"),
                BORN.replace("subject-of-event", "agent"),
            ),
            happened("birth", "1960", BORN),
            NOTHING,
        ),
        (
            happened("birth", "1985", BORN),
            happened("birth", "1986", "{who: person/salim, role: subject-of-event}"),
            NOTHING,
        ),
        (
            happened("death", "1985", BORN),
            happened("death", "1986", BORN, rest=", place: waha"),
            contradicts(Reason.once_only),
        ),
        (
            happened("meeting", "1985", "{who: person/layla, role: attendee}"),
            happened("meeting", "1986", "{who: person/layla, role: attendee}"),
            OTHER_TIME,
        ),
        (
            happened("meeting", "1985", "{who: person/layla, role: attendee}"),
            happened("meeting", "1985", "{who: person/layla, role: host}"),
            NOTHING,
        ),
        (
            happened("meeting", "", "{who: person/layla, role: attendee}", rest=", day: Monday"),
            happened("meeting", "", "{who: person/layla, role: attendee}", rest=", day: Monday"),
            OTHER_TIME,
        ),
        # A kind alone is no event that could be known.
        ("{type: Event, kind: protest}", "{type: Event, kind: protest, time: 2019}", NOTHING),
        (
            "{type: Event, kind: protest, place: waha}",
            "{type: Event, kind: protest, place: waha, time: 2019}",
            REFINES,
        ),
        (
            "{type: Event, kind: protest, place: waha}",
            "{type: Event, kind: protest, place: nahr, time: 2019}",
            NOTHING,
        ),
        # Details, of which one telling may give more than another.
        (
            "{type: Occupation, person: layla, kind: journalism}",
            "{type: Occupation, person: layla, kind: journalism, organisation: first-paper}",
            REFINES,
        ),
        (
            "{type: Occupation, person: layla, kind: journalism, organisation: first-paper}",
            "{type: Occupation, person: layla, kind: journalism}",
            MORE_EXACTLY,
        ),
        (
            "{type: Occupation, person: layla, kind: journalism, organisation: first-paper}",
            "{type: Occupation, person: layla, kind: journalism, organisation: second-paper}",
            NOTHING,
        ),
        # Affirmed and denied.
        (
            tenure("start: 2010, end: 2015"),
            tenure("start: 2012, end: 2012, negated: true"),
            NOTHING,
        ),
        (
            tenure("start: 2010, end: 2015"),
            tenure("start: 2012, end: 2014, negated: true"),
            contradicts(Reason.denied),
        ),
        (
            tenure("start: 2012, end: 2014?, negated: true"),
            tenure("start: 2010, end: 2015"),
            NOTHING,
        ),
        (tenure("negated: true"), tenure(""), NOTHING),
        (
            happened("meeting", "2019-05-01", "{who: person/layla, role: attendee}"),
            happened(
                "meeting",
                "2019-05-01",
                "{who: person/layla, role: attendee}",
                rest=", negated: true",
            ),
            contradicts(Reason.denied),
        ),
        # Parties in any order; texts in any language of which one is common.
        (
            "{type: Relationship, kind: close-relations, between: [person/layla, person/salim]}",
            "{type: Relationship, kind: close-relations, between: [person/salim, person/layla], "
            "start: 2006}",
            REFINES,
        ),
        (
            "{type: Characterisation, subject: person/layla, description: {en: independent}}",
            "{type: Characterisation, subject: person/layla, "
            "description: {en: independent, ar: مستقلة}}",
            KNOWN,
        ),
        (
            "{type: Characterisation, subject: person/layla, description: {en: independent}}",
            "{type: Characterisation, subject: person/layla, description: {en: strict}}",
            NOTHING,
        ),
    ],
)
def test_outcome(tell: Tell, first: str, second: str, expected: tuple[Outcome, Reason]) -> None:
    assert outcome(tell(first, second)) == expected


LINKED = """
organisations:
  first-paper: {{name: {{en: First Paper}}, kind: media-outlet}}
  second-paper: {{name: {{en: Second Paper}}, kind: media-outlet}}
people:
  {}: {{name: {{en: Layla}}, wikidata: {}, evidence: Invented.}}
places: {{waha: {{name: {{en: Waha}}}}}}
offices:
  mayor: {{name: {{en: Mayor}}, jurisdiction: waha, single-holder: true}}
"""


@pytest.mark.parametrize(
    ("first", "second", "keys"),
    [
        (tenure("start: 2019"), tenure("start: 2019-03"), ["start"]),
        (tenure("start: 2019"), tenure("start: 2019, end: 2021"), ["end"]),
        (tenure("start: 2019"), tenure("start: 2019-03, end: 2021"), ["start", "end"]),
        (happened("birth", "1985", BORN), happened("birth", "1985-03-02", BORN), ["time"]),
        (
            "{type: Membership, person: layla, organisation: blue-party}",
            "{type: Membership, person: layla, organisation: blue-party, role: leader}",
            ["role"],
        ),
    ],
)
def test_what_is_told_more_exactly_is_named_by_its_key(
    tell: Tell, first: str, second: str, keys: list[str]
) -> None:
    """Isolated in what runs from right to left, as all that is inserted."""
    (one,) = tell(first, second)
    assert one.explanation.endswith(f"this tells more of {', '.join(keys)}")
    for language in RIGHT_TO_LEFT:
        for key in keys:
            assert f"\u2068{key}\u2069" in one.explanation.text(language)


def linked(slug: str, item: str) -> str:
    return LINKED.format(slug, item)


def test_two_slugs_with_one_wikidata_item_are_one_person(tell: Tell) -> None:
    told = tell(
        tenure("start: 2010, end: 2015"),
        tenure("start: 2010-04, end: 2015", "layla-hasan"),
        more=(linked("layla", "Q900000001"), linked("layla-hasan", "Q900000001")),
    )
    assert outcome(told) == REFINES


def test_two_slugs_with_two_wikidata_items_are_two_persons(tell: Tell) -> None:
    told = tell(
        tenure("start: 2010, end: 2015"),
        tenure("start: 2010-04, end: 2015", "layla-hasan"),
        more=(linked("layla", "Q900000001"), linked("layla-hasan", "Q900000002")),
    )
    assert outcome(told) == contradicts(Reason.two_holders)


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (("2020-05-01", "2020-05-01"), contradicts(Reason.two_current_holders)),
        (("2020-05-01", "2020-05-02"), NOTHING),
        (("2020-05", "2020-05"), NOTHING),
        (("", ""), NOTHING),
    ],
)
def test_current_holders_contradict_in_articles_of_one_day(
    tell: Tell, published: tuple[str, str], expected: tuple[Outcome, Reason]
) -> None:
    told = tell(tenure("current: true", "salim"), tenure("current: true"), published)
    assert outcome(told) == expected


def test_what_holds_and_does_not_hold_on_one_day(tell: Tell) -> None:
    one, two = tenure("current: true"), tenure("current: true, negated: true")
    same_day = ("2020-05-01", "2020-05-01")
    assert outcome(tell(one, two, same_day)) == contradicts(Reason.denied)


def test_who_is_no_leader_of_a_party_may_be_a_member(tell: Tell) -> None:
    member = "{type: Membership, person: layla, organisation: blue-party, time: 2019-05-01%s}"
    leader = ", role: leader"
    told = tell([member % ""], [member % (leader + ", negated: true")])
    assert outcome(told) == NOTHING


def test_who_is_no_member_of_a_party_is_no_leader(tell: Tell) -> None:
    member = "{type: Membership, person: layla, organisation: blue-party, time: 2019-05-01%s}"
    told = tell([member % ", negated: true"], [member % ", role: leader"])
    assert outcome(told) == contradicts(Reason.denied)


def test_a_fact_known_from_one_article_may_contradict_another(tell: Tell) -> None:
    told = tell(
        [tenure("start: 2010, end: 2015"), tenure("start: 2012, end: 2018", "salim")],
        tenure("start: 2010, end: 2015"),
    )
    assert [(each.outcome, each.reason) for each in told] == [
        contradicts(Reason.two_holders),
        KNOWN,
    ]


def test_both_statements_stand_side_by_side(tell: Tell) -> None:
    (told,) = tell(
        [tenure(""), happened("birth", "1985", BORN)],
        [happened("birth", "1986-04-01", BORN)],
        ("2020-05-01", "2021-06-02"),
    )
    # Two lines before the entities, which take eleven, an empty line, and the statement's fourth.
    assert (told.place.file, told.place.line, told.place.column) == (FILE, 18, 9)
    mine, theirs = told.mine, told.theirs
    assert theirs is not None
    assert (mine.words, theirs.words) == ("Line 0 of second.", "Line 1 of first.")
    assert (mine.title, theirs.title) == ("Title of second", "Title of first")
    assert (mine.publisher, theirs.publisher) == ("Second Paper", "First Paper")
    assert (mine.speakers, theirs.speakers) == (("Second Paper",), ("First Paper",))
    assert (mine.published, theirs.published) == ("2021-06-02", "2020-05-01")
    assert (mine.times, theirs.times) == ((("time", "1986-04-01"),), (("time", "1985"),))
    assert (mine.article, theirs.article) == (BASE + "article/second", BASE + "article/first")
    assert theirs.statement.startswith(BASE + "statement/")
    described = comparison_dict(told)
    assert described["outcome"] == "contradicts"
    assert described["published"]["times"] == {"time": "1985"}
    shown = comparison_text([told]).plain
    assert f"{FILE}:18:9: contradicts: it happens to anybody but once" in shown
    assert "Line 1 of first." in shown
    assert theirs.statement in shown
    assert comparison_summary([told]).endswith("0 new, 0 already known, 0 refines, 1 contradicts")


def test_what_was_built_before_is_not_compared_with_itself(root: Path) -> None:
    """Published, and then written a little more exactly: what is new to itself is not news."""
    write(root, "first", [tenure("start: 2019")])
    write(root, "second", [tenure("start: 2019"), tenure("start: 2021", "salim")])
    workspace = Workspace(root)
    workspace.build()
    write(root, "second", [tenure("start: 2019-05"), tenure("start: 2021", "salim")])
    store = workspace.generations.open()
    told = compare_files(dataset_of(root).parts, [FILE], store)
    assert [(each.outcome, each.reason) for each in told] == [REFINES, NOTHING]
    assert told[0].theirs is not None
    assert told[0].theirs.article == BASE + "article/first"
    again = compare_files(dataset_of(root).parts, [FILE], store)
    assert again == told


def test_the_same_statement_in_another_file_is_known(root: Path) -> None:
    write(root, "second", [tenure("start: 2019")])
    store = Store()
    store.extend(dataset_of(root).quads())
    folder = root / "articles" / "second"
    (folder / "facts.yaml").rename(folder / "others.yaml")
    told = compare_files(dataset_of(root).parts, ["articles/second/others.yaml"], store)
    assert outcome(told) == (Outcome.known, Reason.same_statement)


# Hostile data


def many_holders(number: int) -> list[Quad]:
    """One person with many tenures, each of an office held by many, all at once."""
    graph = NamedNode(BASE + "submission/many/facts")
    office, day = (
        NamedNode(BASE + "office/mayor"),
        NamedNode("http://www.w3.org/2001/XMLSchema#date"),
    )
    quads = [Quad(office, NamedNode(kg.singleHolder), _true(), graph)]
    for n in range(number):
        fact = NamedNode(f"{BASE}fact/{n:032}")
        quads += (
            Quad(fact, NamedNode(predicate), value, graph)
            for predicate, value in (
                (RDF + "type", NamedNode(kg.Tenure)),
                (kg.person, NamedNode(f"{BASE}person/{'layla' if n % 2 else f'p{n}'}")),
                (kg.office, office),
                (kg.certainFrom, Literal("2000-01-01", datatype=day)),
                (kg.certainUntil, Literal("2020-01-01", datatype=day)),
            )
        )
        statement = NamedNode(f"{BASE}statement/{n:032}")
        quads.append(Quad(statement, NamedNode(kg.asserts), fact, graph))
    return quads


def _true() -> Literal:
    return Literal("true", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#boolean"))


def test_a_person_and_an_office_with_very_many_facts_are_looked_at_in_part(root: Path) -> None:
    facts = [tenure(f"start: {1990 + n}, end: {1993 + n}") for n in range(20)]
    write(root, "second", facts)
    parts = dataset_of(root).parts
    store = Store()
    store.bulk_extend(many_holders(40_000))
    began = time.process_time()
    told = compare_files(parts, [FILE], store)
    assert time.process_time() - began < 10
    assert all(each.notes for each in told)
    assert len({each.fact for each in told}) == 20
    by_fact = Counter(each.fact for each in told if each.their_place is None)
    assert max(by_fact.values()) <= MAX_CONTRADICTIONS + 1
    assert sum(each.reason is Reason.two_holders for each in told) > 0


def test_words_that_drive_a_terminal_or_turn_it_around_are_shown_as_what_they_are() -> None:
    graph, fact = NamedNode(BASE + "submission/s/facts"), NamedNode(BASE + "fact/0")
    statement, article = NamedNode(BASE + "statement/0"), NamedNode(BASE + "article/s")

    def quads(name: NamedNode, words: str) -> list[Quad]:
        return [
            Quad(fact, NamedNode(RDF + "type"), NamedNode(kg.Residence), name),
            Quad(fact, NamedNode(kg.resident), NamedNode(BASE + "person/layla"), name),
            Quad(fact, NamedNode(kg.place), NamedNode(BASE + "place/waha"), name),
            Quad(statement, NamedNode(kg.asserts), fact, name),
            Quad(statement, NamedNode(kg.words), Literal(words, language="ar"), name),
            Quad(statement, NamedNode(kg.article), article, name),
        ]

    mine = quads(graph, "تقيم ليلى \u202e\x1b[31m في الواحة")
    part = Part("s/facts.yaml", "", "", True, lambda: Mapped(tuple(mine), ((1, 1),) * len(mine)))
    store = Store()
    store.extend(quads(NamedNode(BASE + "submission/s/others"), "words"))
    shown = comparison_text(compare(part, store, graph)).plain
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "‹U+202E›‹U+001B›[31m" in shown
    assert shown.count("\u2068") == shown.count("\u2069") > 0


def test_of_very_many_comparisons_the_contradictions_are_told_first(tell: Tell) -> None:
    residences = [
        "{type: Residence, resident: person/layla, place: waha}",
        "{type: Residence, resident: person/salim, place: nahr}",
    ]
    told = tell(
        [*residences, tenure("start: 2010, end: 2015", "salim")],
        [
            *residences,
            tenure("start: 2012, end: 2018"),
            tenure("start: 2001", "layla", "councillor"),
        ],
    )
    shown = comparison_text(told, limit=1).plain
    assert shown.count("│ ") == 6  # three lines of each side of one comparison
    assert ": contradicts: two persons certainly hold" in shown
    assert shown.endswith("… and 2 more\n")  # what is new is counted in the summary alone
    assert comparison_summary(told).endswith("1 new, 2 already known, 0 refines, 1 contradicts")
    assert ": already known: the same fact" in comparison_text(told, limit=2).plain
