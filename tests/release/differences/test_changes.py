"""What has changed between two builds of a workspace, told as people count it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.conftest import BASE, create_example

from kgpub.pages.reading import MAX_READ
from kgpub.pipeline.workspace import Workspace
from kgpub.release.differences.changes import MAX_MATCHED, Section
from kgpub.release.differences.comparing import compare
from kgpub.release.differences.report import told
from kgpub.release.differences.telling import Row, Told

KG = "https://w3id.org/kgpub/ontology#"
FACTS = "articles/example/facts.yaml"
TENURE = "- {type: Tenure, person: salim-omar, office: mayor-of-al-waha, start: 2019}"

Edit = Callable[[str], str]


@dataclass(frozen=True)
class Pair:
    """Two states of one workspace."""

    root: Path

    def changes(self, edit: Edit, language: str = "en", first: Edit = str) -> list[Told]:
        """Build with the submission as it is after `first`, then after `edit`; tell the changes."""
        before, after = self.root / "before", self.root / "after"
        workspace = create_example(self.root / "workspace")
        facts = workspace / FACTS
        for output, change in ((before, first), (after, edit)):
            text = facts.read_text(encoding="utf-8")
            edited = change(text)
            assert change is str or edited != text
            facts.write_text(edited, encoding="utf-8")
            Workspace(workspace).build(output=output)
        return told_changes(before, after, self.root / "work", language)


def told_changes(before: Path, after: Path, work: Path, language: str = "en") -> list[Told]:
    work.mkdir()
    changes, telling = told(compare(before, after, work), work, language)
    found = [telling.tell(changed) for changed in changes]
    assert sum(changes.counts.values()) == len(found)
    return found


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    return Pair(tmp_path)


def replaced(old: str, new: str) -> Edit:
    return lambda text: text.replace(old, new)


def plain(text: str) -> str:
    """A text without the isolates that names in it have around them."""
    return text.replace("\u2068", "").replace("\u2069", "")


def of(changes: list[Told], section: Section) -> list[Told]:
    return [change for change in changes if change.changed.section is section]


def values(rows: tuple[Row, ...]) -> dict[str, tuple[list[str], list[str]]]:
    return {
        row.property.removeprefix(KG): (
            [plain(each.text) for each in row.removed],
            [plain(each.text) for each in row.added],
        )
        for row in rows
    }


def test_nothing_that_is_the_same_is_told(pair: Pair) -> None:
    changes = pair.changes(replaced("# An invented article", "# Another remark"))
    # The checksum of the file is all that differs.
    assert [change.changed.section for change in changes] == [Section.submissions]
    assert list(values(changes[0].rows)) == ["checksum"]


def test_a_corrected_fact_is_one_change_though_its_iri_is_another(pair: Pair) -> None:
    changes = pair.changes(replaced("start: 2019}", "start: 2018}"))
    (fact,) = of(changes, Section.situations)
    assert fact.changed.what == "changed"
    assert fact.changed.before != fact.changed.after
    assert plain(fact.title.text) == "Tenure: Salim Omar, Mayor of Al-Waha (2018)"
    assert fact.was is not None
    assert plain(fact.was.text) == "Tenure: Salim Omar, Mayor of Al-Waha (2019)"
    assert values(fact.rows) == {"start": (["2019"], ["2018"])}
    (source,) = fact.sources
    assert source.what == "kept"
    assert source.words.text == "لسالم عمر الذي تولى المنصب عام 2019"
    assert source.article.text == "بلدية الواحة تنتخب رئيسة جديدة"
    assert [speaker.text for speaker in source.speakers] == ["The Example Paper"]
    assert source.passage.startswith(f"{BASE}article/example/article.txt#char=")


def test_who_and_what_are_told_in_the_reader_s_language(pair: Pair) -> None:
    (fact,) = of(pair.changes(replaced("start: 2019}", "start: 2018}"), "ar"), Section.situations)
    assert plain(fact.title.text) == "تولّي منصب: سالم عمر، رئيس بلدية الواحة (2018)"
    assert fact.title.language == "ar"
    assert [row.label.language for row in fact.rows] == ["ar"]


def test_an_added_fact_comes_with_its_words(pair: Pair) -> None:
    more = f"{TENURE}\n      - {{type: Residence, resident: person/salim-omar, place: al-waha}}"
    changes = pair.changes(replaced(TENURE, more))
    (fact,) = of(changes, Section.situations)
    assert (fact.changed.what, fact.changed.before) == ("added", "")
    assert plain(fact.title.text) == "Residence: Salim Omar, Al-Waha"
    assert fact.particulars == ()
    assert [(each.what, each.words.text) for each in fact.sources] == [
        ("added", "لسالم عمر الذي تولى المنصب عام 2019")
    ]


def test_a_removed_fact_comes_with_the_words_that_asserted_it(pair: Pair) -> None:
    more = f"{TENURE}\n      - {{type: Residence, resident: person/salim-omar, place: al-waha}}"
    changes = pair.changes(replaced(more, TENURE), first=replaced(TENURE, more))
    (fact,) = of(changes, Section.situations)
    assert (fact.changed.what, fact.changed.after) == ("removed", "")
    assert [(each.what, each.words.text) for each in fact.sources] == [
        ("removed", "لسالم عمر الذي تولى المنصب عام 2019")
    ]


def test_a_denial_is_a_change_of_what_was_affirmed(pair: Pair) -> None:
    changes = pair.changes(replaced("start: 2019}", "start: 2019, negated: true}"))
    (fact,) = of(changes, Section.situations)
    assert fact.changed.what == "changed"
    assert plain(fact.title.text) == "Tenure (denied): Salim Omar, Mayor of Al-Waha (2019)"
    assert values(fact.rows) == {"negated": ([], ["yes"])}


def test_another_statement_of_a_known_fact_is_a_change_of_its_sources(pair: Pair) -> None:
    again = f"  - words: خلفا لسالم عمر الذي تولى المنصب عام 2019\n    asserts:\n      {TENURE}\n"
    changes = pair.changes(replaced("  - words: سنبدأ", f"{again}  - words: سنبدأ"))
    (fact,) = of(changes, Section.situations)
    assert fact.changed.what == "changed"
    assert fact.rows == ()
    assert [(each.what, each.words.text) for each in fact.sources] == [
        ("added", "خلفا لسالم عمر الذي تولى المنصب عام 2019"),
        ("kept", "لسالم عمر الذي تولى المنصب عام 2019"),
    ]


def test_who_took_part_in_an_event_is_told_by_role(pair: Pair) -> None:
    changes = pair.changes(
        replaced(
            "{who: organisation/municipal-council, role: agent}",
            "{who: organisation/the-example-paper, role: agent}",
        )
    )
    (event,) = of(changes, Section.situations)
    assert event.changed.before == event.changed.after == f"{BASE}event/election-of-layla-hasan"
    (row,) = event.rows
    assert [each.text for each in row.removed] == ["Al-Waha Municipal Council"]
    assert [each.text for each in row.added] == ["The Example Paper"]
    assert row.label.text == "agent"


def test_a_person_s_new_name_is_a_change_of_that_person(pair: Pair) -> None:
    changes = pair.changes(replaced("en: Salim Omar}", "en: Saleem Omar}"))
    (person,) = of(changes, Section.entities)
    assert person.was is not None
    assert (person.was.text, person.title.text) == ("Salim Omar", "Saleem Omar")
    assert values(person.rows) == {"name": (["Salim Omar"], ["Saleem Omar"])}
    assert of(changes, Section.situations) == []


def test_a_quotation_that_asserts_nothing_is_told_by_itself(pair: Pair) -> None:
    changes = pair.changes(replaced("    topic: water-network\n", ""))
    (quotation,) = of(changes, Section.statements)
    assert quotation.title.text == "سنبدأ بإصلاح شبكة المياه"
    assert values(quotation.rows) == {"topic": (["The water network"], [])}


def test_what_is_said_of_a_statement_is_told_with_what_it_asserts(pair: Pair) -> None:
    after = "    addressee: person/layla-hasan\n    asserts:\n      - {type: Tenure, person: salim"
    changes = pair.changes(replaced("    asserts:\n      - {type: Tenure, person: salim", after))
    (fact,) = of(changes, Section.situations)
    assert values(fact.rows) == {"addressee": ([], ["Layla Hasan"])}


def test_facts_that_moved_to_another_submission_are_told_as_recorded_there(tmp_path: Path) -> None:
    line = '<http://x/f> <http://x/p> "o" <http://x/{}> .\n'
    for name in ("one", "two"):
        (tmp_path / f"{name}.nq").write_text(line.format(name), encoding="utf-8")
    (change,) = told_changes(tmp_path / "one.nq", tmp_path / "two.nq", tmp_path / "work")
    assert (change.changed.what, change.changed.section) == ("changed", Section.others)
    assert values(change.rows) == {"graph": (["one"], ["two"])}


def lines_of_tenures(office: str, years: range, stem: str) -> Iterator[str]:
    for year in years:
        fact = f"<{BASE}fact/{stem}{year}>"
        yield f"{fact} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{KG}Tenure> .\n"
        yield f"{fact} <{KG}person> <{BASE}person/p> .\n"
        yield f"{fact} <{KG}office> <{BASE}office/{office}> .\n"
        yield f'{fact} <{KG}start> "{year}" .\n'
        yield f'{fact} <{KG}manner> "in {year // 2}"@en .\n'


@pytest.mark.parametrize(
    ("number", "what"), [(10, {"changed"}), (MAX_MATCHED, {"added", "removed"})]
)
def test_the_likest_of_several_are_matched_and_of_too_many_none(
    tmp_path: Path, number: int, what: set[str]
) -> None:
    """`manner` says which of them is meant: the start of each has moved by a thousand years."""
    before = list(lines_of_tenures("o", range(1000, 1000 + 2 * number, 2), "a"))
    after = [line.replace('start> "1', 'start> "2').replace("fact/a", "fact/b") for line in before]
    (tmp_path / "a.nt").write_text("".join(before), encoding="utf-8")
    (tmp_path / "b.nt").write_text("".join(reversed(after)), encoding="utf-8")
    changes = told_changes(tmp_path / "a.nt", tmp_path / "b.nt", tmp_path / "work")
    assert {change.changed.what for change in changes} == what
    for change in changes:
        if change.changed.what == "changed":
            assert change.changed.after == change.changed.before.replace("fact/a", "fact/b")
            assert list(values(change.rows)) == ["start"]


def test_a_fact_about_somebody_else_is_another_fact(tmp_path: Path) -> None:
    before = "".join(lines_of_tenures("o", range(1000, 1001), "a"))
    after = before.replace("person/p", "person/q").replace("fact/a", "fact/b")
    (tmp_path / "a.nt").write_text(before, encoding="utf-8")
    (tmp_path / "b.nt").write_text(after, encoding="utf-8")
    changes = told_changes(tmp_path / "a.nt", tmp_path / "b.nt", tmp_path / "work")
    assert sorted(change.changed.what for change in changes) == ["added", "removed"]


def test_iris_that_oxigraph_would_refuse_are_told_all_the_same(tmp_path: Path) -> None:
    line = "<http://[x/f> <http://x/p> {} .\n"
    (tmp_path / "a.nt").write_text(line.format('"o"'), encoding="utf-8")
    (tmp_path / "b.nt").write_text(line.format("<http://x:y/%zz>"), encoding="utf-8")
    (change,) = told_changes(tmp_path / "a.nt", tmp_path / "b.nt", tmp_path / "work")
    assert values(change.rows) == {"http://x/p": (["o"], ["%zz"])}


def test_of_a_subject_with_very_much_only_what_differs_is_told(tmp_path: Path) -> None:
    lines = [f'<http://x/f> <http://x/p> "{number:06}" .\n' for number in range(1, MAX_READ + 500)]
    (tmp_path / "a.nt").write_text("".join(lines), encoding="utf-8")
    more = ['<http://x/f> <http://x/p> "000000" .\n', *lines[:-1]]
    (tmp_path / "b.nt").write_text("".join(more), encoding="utf-8")
    (change,) = told_changes(tmp_path / "a.nt", tmp_path / "b.nt", tmp_path / "work")
    assert values(change.rows) == {"http://x/p": ([f"{MAX_READ + 499:06}"], ["000000"])}


def test_of_many_values_the_first_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    lines = [f'<http://x/f> <http://x/p> "{number:02}" .\n' for number in range(30)]
    (tmp_path / "a.nt").write_text(lines[0], encoding="utf-8")
    (tmp_path / "b.nt").write_text("".join(lines), encoding="utf-8")
    (change,) = told_changes(tmp_path / "a.nt", tmp_path / "b.nt", tmp_path / "work")
    (row,) = change.rows
    assert [each.text for each in row.added] == [f"{number:02}" for number in range(1, 11)]
    assert row.more == (0, 19)


def test_what_is_the_same_of_several_statements_is_told_once(tmp_path: Path) -> None:
    a = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    for name, paper in (("a", "old"), ("b", "new")):
        lines = [f"<http://x/f> {a} <{KG}Tenure> .\n"]
        for number in range(12):
            speaker = "other" if number == 11 else paper
            lines += [
                f"<http://x/s{number}> {a} <{KG}Statement> .\n",
                f"<http://x/s{number}> <{KG}asserts> <http://x/f> .\n",
                f"<http://x/s{number}> <{KG}saidBy> <http://x/{speaker}> .\n",
                f'<http://x/s{number}> <{KG}words> "{name if number == 5 else number}" .\n',
            ]
        (tmp_path / f"{name}.nt").write_text("".join(lines), encoding="utf-8")
    (change,) = told_changes(tmp_path / "a.nt", tmp_path / "b.nt", tmp_path / "work")
    assert len(change.rows) == 2
    assert values(change.rows) == {"saidBy": (["old"], ["new"]), "words": (["a"], ["b"])}


@pytest.mark.parametrize("asserted", ["<http://x/nowhere>", '"نص نص"@ar', '"text"'])
def test_a_statement_of_what_is_not_described_is_told_by_itself(
    tmp_path: Path, asserted: str
) -> None:
    line = f"<http://x/s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{KG}Statement> .\n"
    (tmp_path / "a.nt").write_text(line, encoding="utf-8")
    (tmp_path / "b.nt").write_text(f"{line}<http://x/s> <{KG}asserts> {asserted} .\n", "utf-8")
    (change,) = told_changes(tmp_path / "a.nt", tmp_path / "b.nt", tmp_path / "work")
    assert (change.changed.what, change.changed.section) == ("changed", Section.statements)
    assert [len(row.added) for row in change.rows] == [1]


@pytest.mark.parametrize("type_", ["Passage", "Participation", "Statement", "Event", "Link"])
def test_parts_without_their_whole_are_told_by_themselves(tmp_path: Path, type_: str) -> None:
    line = f"<http://x/s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{KG}{type_}> .\n"
    (tmp_path / "a.nt").write_text("", encoding="utf-8")
    (tmp_path / "b.nt").write_text(line, encoding="utf-8")
    (change,) = told_changes(tmp_path / "a.nt", tmp_path / "b.nt", tmp_path / "work")
    assert (change.changed.what, change.changed.after) == ("added", "http://x/s")
