"""The query page: a form that asks the endpoint, saved queries as examples, and the editor's words.

All of it works without JavaScript; the editor takes the place of the form's text where it can.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from kgpub.pages.addresses import HTML, VOCABULARIES
from kgpub.pages.rendering import Frame, Text, render
from kgpub.pages.words import words

STYLE = "query.css"
FORMS = ("csv", "json", "xml", "tsv", "ttl", "nt", "jsonld")
"""What answers can be had as; see kgpub.service.sparql.formats."""
FIRST = """\
SELECT ?person ?office ?start ?end {
  ?tenure a kg:Tenure ; kg:person ?person ; kg:office ?office .
  OPTIONAL { ?tenure kg:start ?start }
  OPTIONAL { ?tenure kg:end ?end }
} LIMIT 100
"""
"""What the editor begins with: it gives something in each workspace, also on a timeline."""
_OF_EDITOR = "editor-"
"""Begins the keys of what the editor says."""
_TOKEN = re.compile("`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Example:
    """A saved query: its name, and the question that it answers, else its name again."""

    name: str
    question: Text


@dataclass(frozen=True, slots=True)
class Field:
    """What an example needs: a variable, its type (of kgpub.store.parameters), and its value."""

    name: str
    type: str
    description: Text
    value: str = ""


@dataclass(frozen=True, slots=True)
class Editor:
    """The editor's script: its address, and that of the terms that it completes, from the root."""

    script: str
    terms: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page shows: the text of a query, the example that it comes from, what is wrong."""

    text: str
    examples: Sequence[Example] = ()
    chosen: str = ""
    fields: Sequence[Field] = ()
    problem: Text | None = None


def html(
    frame: Frame, asked: Asked, editor: Editor | None, prefixes: Mapping[str, str], endpoint: str
) -> str:
    """Return the page. `endpoint` is its address from the root; without `editor` there is a form.

    `prefixes` are those that queries need not declare.
    """
    return render(
        "query.html.j2",
        frame,
        asked=asked,
        script=None if editor is None else frame.to(editor.script),
        settings="" if editor is None else _settings(frame, editor, prefixes, endpoint),
        endpoint=frame.to(endpoint),
        forms=FORMS,
        tell=telling(frame),
    )


def _settings(frame: Frame, editor: Editor, prefixes: Mapping[str, str], endpoint: str) -> str:
    addresses = {"endpoint": frame.to(endpoint), "terms": frame.to(editor.terms)}
    told = {**of_editor(frame, prefixes), **addresses}
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def of_editor(frame: Frame, prefixes: Mapping[str, str]) -> dict[str, Any]:
    """Return what the editor must know wherever queries are answered, as JSON has it."""
    addresses = frame.site.addresses
    page = f".{frame.language}{HTML}"
    return {
        "language": frame.language,
        "prefixes": dict(prefixes),
        # Where IRIs that begin so have pages here.
        "places": [
            *(
                {"iri": f"{iri}#", "href": frame.to(f"{address}{page}#"), "ending": ""}
                for iri, address in VOCABULARIES.items()
            ),
            {
                "iri": frame.site.base,
                "href": frame.to(addresses.root),
                "ending": page,
                **({"isOfFiles": True} if frame.site.static else {}),
            },
        ],
        "words": said(frame.language, _OF_EDITOR),
    }


def said(language: str, begin: str) -> dict[str, str]:
    """Return the texts whose keys begin so, by the rest of these; code in backticks is isolated."""
    return {
        key.removeprefix(begin): _TOKEN.sub("\u2066\\1\u2069", text)
        for key, text in words(language).items()
        if key.startswith(begin)
    }


def telling(frame: Frame) -> Callable[[str], Markup]:
    """Return what says a text of the catalogue; code in backticks is isolated."""

    def tell(key: str) -> Markup:
        # Of Markup, sub would escape the parts again.
        return Markup(_TOKEN.sub(r'<bdi dir="ltr">\1</bdi>', str(frame.say(key))))

    return tell
