"""Saved queries as examples: their questions in a language, their texts with values put in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kgpub.errors import CallError
from kgpub.pages.query import Example, Field
from kgpub.pages.rendering import Text
from kgpub.store import Binding
from kgpub.store.binding import bind
from kgpub.store.named_queries import NamedQuery

_HEADER = re.compile(r"\A(?:#[ \t]*(?:(?:question|parameter|columns|example)\b.*)?\n)+")
_ENGLISH = "en"


@dataclass(frozen=True)
class Chosen:
    """An example as it is shown: its text, what it needs, and what is wrong with what is given."""

    text: str
    fields: tuple[Field, ...]
    problem: Text | None


def question(query: NamedQuery, language: str) -> Text:
    """Return what a query asks, in `language`, else in English, else its name."""
    for each in (language, _ENGLISH):
        if each in query.questions:
            return Text(query.questions[each], each)
    return Text(query.name)


def example(query: NamedQuery, language: str) -> Example:
    """Return a saved query as it stands in the menu."""
    return Example(query.name, question(query, language))


def chosen(
    query: NamedQuery, given: Mapping[str, str], prefixes: Mapping[str, str], language: str
) -> Chosen:
    """Return an example with the values that are `given`, else those of its header.

    Where one is missing or wrong the text keeps all its variables.
    """
    values = {**query.example, **given}
    fields = tuple(
        Field(each.name, each.type, Text(each.description, _ENGLISH), values.get(each.name, ""))
        for each in query.parameters
    )
    text = _headed(query, language)
    terms: dict[str, Binding] = {}
    try:
        for each in query.parameters:
            if each.name not in values:
                return Chosen(text, fields, None)
            terms[each.name] = each.value(values[each.name], prefixes)
    except CallError as error:
        return Chosen(text, fields, Text(str(error), _ENGLISH))
    return Chosen(bind(text, terms), fields, None)


def _headed(query: NamedQuery, language: str) -> str:
    """Return the text below its question, without the header that is for programs."""
    asked = " ".join(question(query, language).text.split())
    return f"# {asked}\n{_HEADER.sub('', query.text)}"
