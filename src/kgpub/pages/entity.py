"""The pages of persons, organisations, offices, places, groups and topics."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kgpub.pages import sections as told_of
from kgpub.pages.article import STYLE
from kgpub.pages.asking import link, referring, term, values
from kgpub.pages.asking import subjects as subjects_of
from kgpub.pages.bounds import shares
from kgpub.pages.holders import Gap, holders
from kgpub.pages.picture import picture
from kgpub.pages.reading import types
from kgpub.pages.rendering import Reference, render
from kgpub.pages.sections import MAX_READ, MAX_SHOWN, Sayings, Section
from kgpub.pages.timeline import Timeline, period, timeline
from kgpub.pages.told import MAX_VALUES, Row, row, rows
from kgpub.pages.view import View
from kgpub.pages.wikidata_links import matches
from kgpub.vocabulary import OWL, RDF
from kgpub.vocabulary import terms as kg

_NAMES = (kg.name, kg.alternativeName, kg.spelling)
_SHOWN_ELSEWHERE = {*_NAMES, RDF + "type", kg.kind, kg.wikidata, kg.evidence, OWL + "sameAs"}
_PARTS = (
    ("offices", kg.organisation, kg.Office),
    ("offices-over", kg.jurisdiction, kg.Office),
    ("articles", kg.publisher, kg.Article),
)
"""What belongs to an entity, by the section: which property of it leads there, and its class."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Things that belong to an entity. `key` names the heading; `more` are not shown."""

    key: str
    references: list[Reference]
    more: int
    query: str


def html(view: View, iri: str) -> str:
    """Return the page of an entity."""
    office = kg.Office in types(view.reading, iri)
    facts, said = _told(view, iri)
    tenures = next((each for each in facts if office and each.key == "holders"), None)
    sections = [each for each in facts if each is not tenures]
    parts = _parts(view, iri)
    links, drawn = matches(view, iri), picture(view, iri)
    first = {"wikidata": links, "picture": drawn, "holders": tenures}
    return render(
        "entity.html.j2",
        replace(view.frame, styles=(*view.frame.styles, STYLE)),
        title=view.called(iri),
        kinds=_kinds(view, iri),
        particulars=[*_names(view, iri), *rows(view, iri, _SHOWN_ELSEWHERE)],
        contents=[
            *(key for key, shown in first.items() if shown),
            *(each.key for each in sections),
            *(each.key for each in parts),
            *(each.key for each in said),
        ],
        matches=links,
        picture=drawn,
        timeline=_timeline(view, tenures or next(iter(sections), None)),
        tenures=tenures,
        holders=holders(view, tenures.told, tenures.whole) if tenures else None,
        is_gap=lambda each: isinstance(each, Gap),
        sections=sections,
        parts=parts,
        said=said,
        # What was not read may be all that a section would have had.
        may_lack=not all([each.read for each in facts] + [each.read for each in said]),
        all_that_refers=referring(iri),
        all_of=lambda query: link(view.frame, query),
    )


def _told(view: View, iri: str) -> tuple[list[Section], list[Sayings]]:
    """Return the sections of what is told of an entity, which share what a page can show."""
    facts, said = told_of.candidates(view, iri)
    shown = shares([len(each.iris) for each in (*facts, *said)], MAX_SHOWN)
    return (
        told_of.shown_facts(view, facts, shown[: len(facts)], iri),
        told_of.shown_sayings(view, said, shown[len(facts) :]),
    )


def _kinds(view: View, iri: str) -> list[Reference]:
    """Return what an entity is, by its class and its kinds."""
    classes = [each for each in view.classes(iri) if each != kg.Entity]
    return view.references((*classes[:1], *view.iris(iri, kg.kind)))


def _names(view: View, iri: str) -> list[Row]:
    """Return the names of an entity in all languages, by property."""
    found = ((predicate, view.texts(iri, predicate)) for predicate in _NAMES)
    return [
        row(
            view,
            predicate,
            texts[:MAX_VALUES],
            len(texts) - MAX_VALUES,
            values(iri, term(predicate)),
        )
        for predicate, texts in found
        if texts
    ]


def _timeline(view: View, section: Section | None) -> Timeline | None:
    """Return the offices that a person held, or the holders of an office, in time."""
    subjects = {"offices-held": kg.office, "holders": kg.person}
    if section is None or section.key not in subjects:
        return None
    periods = [
        period(view, told.iri, subject)
        for told in section.told
        for subject in view.references(view.iris(told.iri, subjects[section.key]))
    ]
    return timeline(view.frame, periods)


def _parts(view: View, iri: str) -> list[Parts]:
    found = []
    for key, predicate, class_ in _PARTS:
        subjects = view.reading.typed(predicate, iri, MAX_READ)
        those = [each for each, classes in subjects.items() if class_ in classes]
        if those:
            more = max(len(those) - MAX_VALUES, int(len(subjects) == MAX_READ))
            query = subjects_of(predicate, iri, class_)
            found.append(Parts(key, view.references(those[:MAX_VALUES]), more, query))
    return found
