"""Saved queries, made ready to be asked over the web."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain, zip_longest

from kgpub.errors import CallError
from kgpub.model.slug import is_slug, quoted
from kgpub.service.sparql.formats import BOOLEANS, GRAPHS, SOLUTIONS, Form
from kgpub.store import Binding
from kgpub.store.named_queries import NamedQuery
from kgpub.store.syntax import TOKEN, form, tokens

_ENDS = ("LIMIT", "OFFSET", "VALUES")
"""What may stand behind ORDER BY (SPARQL 1.1, section 19.8, rules 18 to 28)."""


@dataclass(frozen=True)
class SavedQuery:
    """A named query.

    `parts` are its text, parted where the variables of its parameters stand, which are every second
    part. They have no comments: those of its header hold words by which the endpoint would take it
    for one whose answer changes. `kind` is SELECT, ASK, CONSTRUCT or DESCRIBE. `is_paged` tells
    that its solutions are in order, and that a LIMIT may follow its text.
    """

    named: NamedQuery
    parts: tuple[str, ...]
    kind: str
    is_paged: bool

    @property
    def forms(self) -> tuple[Form, ...]:
        """The forms that its answer can be written in."""
        return {"SELECT": SOLUTIONS, "ASK": BOOLEANS}.get(self.kind, GRAPHS)

    @classmethod
    def of(cls, named: NamedQuery) -> SavedQuery:
        """Make a named query ready. Raises CallError where its text or its name is none."""
        if not is_slug(named.name):
            remedy = "Call its file by a-z, 0-9 and single hyphens."
            raise CallError(f"{quoted(named.name)}: cannot stand in an address", remedy)
        kind = form(named.text)
        if not kind:
            raise CallError(f"{named.name}: the text is no query", "Write SELECT, ASK, CONSTRUCT …")
        is_paged = kind == "SELECT" and _is_open(named.text)
        return cls(named, _parts(named), kind, is_paged)

    def bound(self, terms: Mapping[str, Binding]) -> str:
        """Return the text with terms in place of the variables, the same as `bind` puts there.

        To part the text for each request, as `bind` does, takes ten times as long.
        """
        variables = map(str, (terms[name] for name in self.parts[1::2]))
        return "".join(chain.from_iterable(zip_longest(self.parts[::2], variables, fillvalue="")))


def saved(
    queries: Iterable[NamedQuery], tell: Callable[[CallError], None] = lambda error: None
) -> Mapping[str, SavedQuery]:
    """Return queries by name. What is no query is left out, and `tell` called with the reason."""
    found = {}
    for named in queries:
        try:
            found[named.name] = SavedQuery.of(named)
        except CallError as error:
            tell(error)
    return found


def _is_open(text: str) -> bool:
    """Whether a query ends with its ORDER BY."""
    depth, is_ordered = 0, False
    for token in tokens(text):
        word = (token["word"] or "").upper()
        if token.lastgroup == "open":
            depth += 1
        elif token.lastgroup == "close":
            depth -= 1
        elif depth == 0 and word == "ORDER":
            is_ordered = True
        elif depth == 0 and word in _ENDS:
            return False
    return is_ordered


def _parts(named: NamedQuery) -> tuple[str, ...]:
    names = {parameter.name for parameter in named.parameters}
    parts = [""]
    for token in TOKEN.finditer(named.text):
        if token["variable"] in names:
            parts += (token["variable"], "")
        elif not token[0].startswith("#"):
            parts[-1] += token[0]
    return (parts[0].lstrip(), *parts[1:])
