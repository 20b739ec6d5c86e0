"""The pages of persons, organisations, offices, places, groups and topics."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kgpub.pages import sections as told_of
from kgpub.pages.article import STYLE
from kgpub.pages.holders import Gap, holders
from kgpub.pages.picture import picture
from kgpub.pages.reading import types
from kgpub.pages.rendering import Reference, render
from kgpub.pages.sections import MAX_SHOWN, Section
from kgpub.pages.timeline import Timeline, period, timeline
from kgpub.pages.told import Row, rows
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


def html(view: View, iri: str) -> str:
    """Return the page of an entity."""
    office = kg.Office in types(view.reading, iri)
    facts = told_of.sections(view, iri)
    tenures = next((each for each in facts if office and each.key == "holders"), None)
    events = told_of.events(view, iri)
    sections = [each for each in (*facts, events) if each is not None and each is not tenures]
    parts = _parts(view, iri)
    said = [each for each in (told_of.said_by(view, iri), told_of.said_of(view, iri)) if each]
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
        holders=holders(view, tenures.told) if tenures else None,
        holders_more=tenures.more if tenures else 0,
        is_gap=lambda each: isinstance(each, Gap),
        sections=sections,
        parts=parts,
        said=said,
    )


def _kinds(view: View, iri: str) -> list[Reference]:
    """Return what an entity is, by its class and its kinds."""
    classes = [each for each in view.classes(iri) if each != kg.Entity]
    return view.references((*classes[:1], *view.iris(iri, kg.kind)))


def _names(view: View, iri: str) -> list[Row]:
    """Return the names of an entity in all languages, by property."""
    found = ((predicate, view.texts(iri, predicate)) for predicate in _NAMES)
    return [Row.of(view.called(predicate), texts) for predicate, texts in found if texts]


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
        subjects = view.reading.subjects(predicate, iri)
        those = [each for each in subjects if class_ in types(view.reading, each)]
        if those:
            shown = view.references(those[:MAX_SHOWN])
            found.append(Parts(key, shown, len(those) - len(shown)))
    return found
