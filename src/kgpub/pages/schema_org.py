"""What search engines read of a page: schema.org, as far as ontology/alignments.ttl goes.

Who somebody is and what a text is are told as such. What statements assert is not: whether it is
true the data do not say, and schema.org has no way to leave that open. Of an event, of which the
alignments say that it is nearly the same as theirs, they have no more than time and place, and
none that is denied is one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kgpub.pages.addresses import outward
from kgpub.pages.reading import types
from kgpub.pages.rendering import Text
from kgpub.pages.view import View
from kgpub.vocabulary import OWL
from kgpub.vocabulary import terms as kg

Node = dict[str, Any]

_CLASSES = {
    kg.Person: "Person",
    kg.Organisation: "Organization",
    kg.Place: "Place",
    kg.Event: "Event",
    kg.Article: "NewsArticle",
    kg.Quotation: "Quotation",
    kg.Statement: "Claim",
    kg.Submission: "Dataset",
}
_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
"""What of EDTF is an ISO 8601 date as well, which schema.org's dates are."""
_MAX_LISTED = 20
"""Names, items or subjects of one thing that are told."""


def json_ld(view: View, iri: str) -> str:
    """Return what a page describes as a JSON-LD text; without a class for it, only the page."""
    frame = view.frame
    node: Node = {"@context": "https://schema.org"}
    class_ = _class(view, iri)
    if class_ is None:
        node |= {"@type": "WebPage", "inLanguage": frame.language}
        node["name"] = view.called(iri).text
    else:
        node |= {"@type": class_, "@id": iri, **_PARTICULARS[class_](view, iri)}
    node["license"] = frame.site.licence if class_ in (None, "Dataset") else None
    kept = {key: value for key, value in node.items() if value not in (None, [], "")}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)


def _class(view: View, iri: str) -> str | None:
    classes = types(view.reading, iri)
    if kg.Event in classes and view.value(iri, kg.negated) is not None:
        return None
    return next((name for class_, name in _CLASSES.items() if class_ in classes), None)


def _entity(view: View, iri: str) -> Node:
    return {
        "name": _texts(view.texts(iri, kg.name)),
        "alternateName": _texts(view.texts(iri, kg.alternativeName)),
        "sameAs": view.iris(iri, OWL + "sameAs")[:_MAX_LISTED],
    }


def _event(view: View, iri: str) -> Node:
    return {
        "name": view.called(iri).text,
        "startDate": _date(view, iri, kg.start),
        "endDate": _date(view, iri, kg.end),
        "location": _nodes(view, view.iris(iri, kg.place)),
        "about": _nodes(view, view.iris(iri, kg.about)),
    }


def _article(view: View, iri: str) -> Node:
    return {
        "headline": _texts(view.texts(iri, kg.title)),
        "inLanguage": view.value(iri, kg.language),
        "publisher": _nodes(view, view.iris(iri, kg.publisher)),
        "datePublished": _date(view, iri, kg.published),
        "url": [each for each in view.iris(iri, kg.source) if outward(each)],
    }


def _statement(view: View, iri: str) -> Node:
    words = view.texts(iri, kg.words)
    return {
        "text": words[0].text if words else None,
        "inLanguage": words[0].language if words else None,
        "author": _nodes(view, view.iris(iri, kg.saidBy)),
        "isPartOf": _nodes(view, view.iris(iri, kg.article)),
        "about": _nodes(view, view.iris(iri, kg.about) + view.iris(iri, kg.topic)),
    }


def _submission(view: View, iri: str) -> Node:
    return {"name": view.called(iri).text}


_PARTICULARS: Mapping[str, Callable[[View, str], Node]] = {
    "Person": _entity,
    "Organization": _entity,
    "Place": _entity,
    "Event": _event,
    "NewsArticle": _article,
    "Quotation": _statement,
    "Claim": _statement,
    "Dataset": _submission,
}


def _texts(texts: Iterable[Text]) -> list[Node | str]:
    found = list(texts)[:_MAX_LISTED]
    return [
        {"@value": each.text, "@language": each.language} if each.language else each.text
        for each in found
    ]


def _nodes(view: View, iris: list[str]) -> list[Node]:
    nodes = []
    for iri in iris[:_MAX_LISTED]:
        class_ = _class(view, iri)
        typed = {"@type": class_} if class_ else {}
        nodes.append({"@id": iri, "name": view.called(iri).text, **typed})
    return nodes


def _date(view: View, iri: str, predicate: str) -> str | None:
    date = view.value(iri, predicate)
    return date if date and _DATE.fullmatch(date) else None
