"""What a request asks of a saved query: its parameters as terms, never as text of the query."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from kgpub.errors import CallError
from kgpub.mapping.edtf import is_day
from kgpub.model.slug import quoted
from kgpub.service.api.problems import Fault, ParametersError
from kgpub.service.api.saved import SavedQuery
from kgpub.service.errors import RequestError
from kgpub.service.sparql.protocol import DAY_REMEDY
from kgpub.store import Binding
from kgpub.store.parameters import Parameter, web_iri_pattern

MAX_FIELDS = 50
MAX_TEXT = 1_000
"""Code points of a value."""
MAX_LIMIT, MAX_OFFSET = 100_000, 1_000_000_000
_NUMBER = re.compile("[0-9]{1,10}")
_PAGES = {"limit": (1, MAX_LIMIT), "offset": (0, MAX_OFFSET)}


@dataclass(frozen=True)
class Asked:
    """A query with the values bound, the name of the form of its answer, and the day to ask of.

    That is as in ISO 8601. Of form and day each is "" for none.
    """

    text: str
    form: str
    on: str


def asked(query_string: bytes, query: SavedQuery, prefixes: Mapping[str, str]) -> Asked:
    """Read the parameters in the address of a request. Raises RequestError."""
    fields = _fields(query_string)
    own = {parameter.name: parameter for parameter in query.named.parameters}
    faults = list(_which(fields, own, query))
    if faults:
        raise ParametersError(400, faults)
    given = dict(fields)
    terms = {}
    for name, parameter in own.items():
        try:
            terms[name] = _checked(parameter, given[name], prefixes)
        except CallError as error:
            faults.append(Fault(name, error.message, error.remedy))
    beside = {name: given[name] for name in extras(query) if name in given}
    faults += _wrong_extras(beside, query)
    if faults:
        raise ParametersError(422, faults)
    text = query.bound(terms)
    for name in sorted(_PAGES.keys() & beside.keys()):
        text += f"\n{name.upper()} {int(beside[name])}"
    return Asked(text, beside.get("format", ""), beside.get("on", ""))


def extras(query: SavedQuery) -> tuple[str, ...]:
    """Return the names of what may be given besides; a parameter of the query goes before."""
    names = ("format", "on", *_PAGES) if query.is_paged else ("format", "on")
    own = {parameter.name for parameter in query.named.parameters}
    return tuple(name for name in names if name not in own)


def _fields(query_string: bytes) -> list[tuple[str, str]]:
    if query_string.count(b"&") >= MAX_FIELDS:
        raise RequestError(400, f"there are more than {MAX_FIELDS} parameters")
    try:
        return parse_qsl(query_string.decode("utf-8"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise RequestError(400, "the parameters are not UTF-8", "Send them as UTF-8.") from error


def _which(
    fields: Iterable[tuple[str, str]], own: Mapping[str, Parameter], query: SavedQuery
) -> Iterator[Fault]:
    """Yield what is missing, unknown and repeated."""
    known = [*own, *extras(query)]
    counts = Counter(name for name, _ in fields)
    for name, count in counts.items():
        shown = name if name in known else quoted(name)
        if name not in known:
            yield Fault(shown, f"there is no parameter {shown}", f"Parameters: {', '.join(known)}.")
        elif count > 1:
            yield Fault(shown, f"the parameter {shown} is given {count} times", "Give it once.")
    for name, parameter in own.items():
        if name not in counts:
            yield Fault(name, f"the parameter {name} is missing", f"Give {parameter.description}.")


def _checked(parameter: Parameter, text: str, prefixes: Mapping[str, str]) -> Binding:
    if len(text) > MAX_TEXT:
        raise CallError(f"{parameter.name}: has more than {MAX_TEXT:,} characters", "Give less.")
    if parameter.type == "iri" and not re.fullmatch(
        web_iri_pattern(parameter.name, prefixes), text
    ):
        remedy = "Write person:slug, person/slug or a whole IRI with http or https."
        raise CallError(f"{parameter.name}: {quoted(text)} is no IRI", remedy)
    return parameter.value(text, prefixes)


def _wrong_extras(given: Mapping[str, str], query: SavedQuery) -> Iterator[Fault]:
    names = [form.name for form in query.forms]
    for name, text in given.items():
        if name == "format":
            if text not in names:
                yield Fault(name, f"{quoted(text)} is no form", f"Forms: {', '.join(names)}.")
        elif name == "on":
            if not is_day(text):
                yield Fault(name, f"{quoted(text)} is no day", DAY_REMEDY)
        else:
            least, most = _PAGES[name]
            if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
                remedy = f"Give a number from {least} to {most}."
                yield Fault(name, f"{name}: {quoted(text)} is no such number", remedy)
