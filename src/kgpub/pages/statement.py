"""The page of a statement: its words where they stand, who says them, and what they assert."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from kgpub.pages.addresses import anchor
from kgpub.pages.article import STYLE, Particular
from kgpub.pages.passages import Excerpt, excerpt
from kgpub.pages.quotes import position
from kgpub.pages.rendering import Reference, Text, direction, render
from kgpub.pages.view import View
from kgpub.pages.when import when
from kgpub.vocabulary import OA
from kgpub.vocabulary import terms as kg

_ABOUT = {
    "statement-addressee": kg.addressee,
    "statement-about": kg.about,
    "statement-topic": kg.topic,
    "statement-medium": kg.medium,
    "statement-day": kg.dayOfWeek,
}
_MAX_SHOWN = 50
"""Values of one property that are shown."""


def html(view: View, iri: str) -> str:
    """Return the page of the statement or quotation `iri`."""
    words = view.texts(iri, kg.words)
    articles = view.iris(iri, kg.article)
    article = view.reference(articles[0]) if articles else None
    language = words[0].language if words else ""
    return render(
        "statement.html.j2",
        replace(view.frame, styles=(*view.frame.styles, STYLE)),
        title=view.called(iri),
        kind=view.kind(iri),
        language=language,
        text_direction=direction(language),
        excerpt=in_context(view, iri, articles[0] if articles else "", words[0].text)
        if words
        else None,
        said_by=_references(view, view.iris(iri, kg.saidBy)),
        where=f"{article.href}#{anchor(iri)}" if article and article.href else None,
        article=article,
        about=_about(view, iri),
        asserted=_references(view, view.iris(iri, kg.asserts)),
        contradictions=_references(view, view.reading.subjects(kg.contradictory, iri, _MAX_SHOWN)),
        place=_place(view, iri),
    )


def in_context(view: View, statement: str, article: str, words: str) -> Excerpt:
    """Return words in the sentence around them, or between the texts that their selector has."""
    place = position(view, statement)
    text = view.text_of(article) if article and place else None
    if text is not None and place and text[place[0] : place[1]] == words:
        return excerpt(text, *place)
    passages = view.iris(statement, kg.passage)
    before, after = (
        (view.value(passages[0], OA + side) or "" if passages else "")
        for side in ("prefix", "suffix")
    )
    return Excerpt(before, words, after, cut_before=bool(before), cut_after=bool(after))


def _about(view: View, iri: str) -> list[Particular]:
    lines = [
        Particular(label, _references(view, view.iris(iri, predicate)))
        for label, predicate in _ABOUT.items()
    ]
    lines.append(Particular("statement-attribution", view.texts(iri, kg.attributionWords)))
    times = view.reading.objects(iri, kg.time)
    lines.append(Particular("statement-time", [when(view.frame, each.value) for each in times]))
    lines.append(
        Particular(
            "statement-submissions",
            _references(view, view.reading.subjects(kg.records, iri, _MAX_SHOWN)),
        )
    )
    return [each for each in lines if each.values]


def _place(view: View, iri: str) -> list[Particular]:
    """Return what selects the passage (Web Annotation Data Model, 4.2.4 and 4.2.5)."""
    lines = []
    passages = view.iris(iri, kg.passage)
    place = position(view, iri)
    if place is not None:
        told = view.frame.say("statement-from-to", start=place[0], end=place[1])
        lines.append(Particular("statement-offsets", [told]))
    language = next((each.language for each in view.texts(iri, kg.words)), "")
    for part, label in (
        ("prefix", "statement-prefix"),
        ("exact", "statement-exact"),
        ("suffix", "statement-suffix"),
    ):
        values = [view.value(each, OA + part) for each in passages]
        lines.append(Particular(label, [Text(each, language) for each in values if each]))
    codes = [Markup('<code dir="ltr">{}</code>').format(each) for each in passages]
    lines.append(Particular("statement-fragment", codes))
    return [each for each in lines if each.values]


def _references(view: View, iris: list[str]) -> list[Reference]:
    return view.references(iris[:_MAX_SHOWN])
