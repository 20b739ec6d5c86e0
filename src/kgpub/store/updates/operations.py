"""Update operations as they are read: with IRIs resolved, and data without variables as quads.

Oxigraph reads them, on a store in memory with nothing in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from kgpub.errors import QueryError
from kgpub.store.queries import Graphs, refuse_service, syntax_error
from kgpub.store.syntax import measure, place, tokens
from kgpub.store.updates import text as texts
from kgpub.store.updates.text import Operation, Part

_QUERIES = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_FORM = re.compile(
    r"""(?P<data>(?:INSERT|DELETE)\ DATA\ group)
    | (?P<pattern>DELETE\ WHERE\ group)
    | (?P<modify>(?:WITH\ iri\ )?(?:DELETE\ group\ INSERT\ group|DELETE\ group|INSERT\ group)
        (?:\ USING\ iri|\ USING\ NAMED\ iri)*\ WHERE\ group)
    | (?P<clear>(?:CLEAR|DROP)\ (?:SILENT\ )?(?:GRAPH\ iri|DEFAULT|NAMED|ALL))
    | (?P<create>CREATE\ (?:SILENT\ )?GRAPH\ iri)
    | (?P<transfer>(?:COPY|MOVE|ADD)\ (?:SILENT\ )?
        (?:DEFAULT|GRAPH\ iri|iri)\ TO\ (?:DEFAULT|GRAPH\ iri|iri))""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Data:
    """INSERT DATA or DELETE DATA."""

    quads: tuple[Quad, ...]
    is_inserted: bool
    written: frozenset[str]


@dataclass(frozen=True)
class Template:
    """Quads with variables, in braces; `variables` are their names. `graph` is without GRAPH."""

    declarations: str
    text: str
    variables: tuple[str, ...]
    graph: str


@dataclass(frozen=True)
class Modify:
    """DELETE, INSERT, or both, for each solution of `query`, on `graphs`.

    Where these are None, all graphs are named ones, and the default graph is that named `default`,
    or the union for "".
    """

    query: str
    graphs: Graphs | None
    default: str
    deleted: Template | None
    inserted: Template | None
    written: frozenset[str]


@dataclass(frozen=True)
class Clear:
    """CLEAR, or DROP, which is the same where no graph is empty: of `graph`, or what `kind` says.

    `kind` is GRAPH, NAMED or ALL.
    """

    kind: str
    graph: str
    written: frozenset[str]


@dataclass(frozen=True)
class Create:
    """CREATE."""

    graph: str
    is_silent: bool
    written: frozenset[str]


@dataclass(frozen=True)
class Transfer:
    """COPY, MOVE or ADD, as `kind` says. The `source` "" is the union."""

    kind: str
    source: str
    target: str
    is_silent: bool
    written: frozenset[str]


Update = Data | Modify | Clear | Create | Transfer
"""`written` are the IRIs of the graphs that it names as ones to write to."""


@dataclass(frozen=True)
class Reader:
    """Reads requests.

    Relative IRIs are resolved against `base`. What has no graph is written to `unnamed`. `mark` is
    a text of letters and digits that whoever wrote the request cannot know. `graphs` is the dataset
    that the request is given beside its text (SPARQL 1.1 Protocol, 2.2.3).
    """

    prefixes: Mapping[str, str]
    base: str
    unnamed: str
    mark: str
    graphs: Graphs | None = None

    def read(self, text: str) -> list[Update]:
        """Return the operations of a request.

        Raises QueryError with line and column for a syntax error, for SERVICE and LOAD, and for
        what is longer or nested deeper than can be evaluated.
        """
        refuse_service(text)
        divided = texts.operations(text)
        for operation in divided:
            for part in operation.parts:
                if part.kind == "LOAD":
                    raise QueryError(
                        f"{place(text, part.start)}: LOAD would send a request to another server, "
                        "which kgpub does not do",
                        "Send the triples themselves, by INSERT DATA.",
                    )
        updates = []
        for operation in divided:
            if operation.parts:
                updates.append(self._operation(operation))
            else:
                self._evaluated(operation)
        return updates

    def _operation(self, operation: Operation) -> Update:
        form = _FORM.fullmatch(operation.form)
        if operation.parts[0].kind in _QUERIES:
            where = place(operation.text, operation.parts[0].start)
            raise QueryError(f"{where}: this is a query, and no update", "Send it as query=….")
        if form is None or form.lastgroup == "data":
            quads = self._evaluated(operation)
            if form is not None:
                return self._data(operation, quads)
            where = place(operation.text, operation.parts[0].start)
            raise QueryError(
                f"{where}: cannot be told from other operations",
                "Put spaces between words, and ; between operations.",
            )
        if form.lastgroup in ("pattern", "modify"):
            for part in operation.parts:
                if part.kind == "group":
                    measure(operation.of(part))
            self._evaluated(operation)
            return self._modify(operation)
        self._evaluated(operation)
        return self._of_graphs(operation, form.lastgroup or "")

    def _evaluated(self, operation: Operation) -> tuple[Quad, ...]:
        """Return what an operation makes of nothing. Raises QueryError for a syntax error."""
        try:
            return self._made(operation.alone)
        except SyntaxError as error:
            detail = str(error)
            try:
                self._made(operation.in_place)
            except SyntaxError as in_place:
                detail = str(in_place)
            raise syntax_error(operation.text, detail, self.prefixes) from error
        except (RuntimeError, ValueError):
            return ()  # there is no such graph here

    def _made(self, update: str) -> tuple[Quad, ...]:
        store = Store()
        store.update(update, base_iri=self.base or None, prefixes=dict(self.prefixes))
        return tuple(store)

    def _data(self, operation: Operation, quads: tuple[Quad, ...]) -> Data:
        is_inserted = operation.parts[0].kind == "INSERT"
        if not is_inserted:
            group = operation.of(operation.parts[-1])
            quads = self._made(f"{operation.declarations}INSERT DATA {group}")
        placed = tuple(in_graph(quad, self.unnamed) for quad in quads)
        return Data(placed, is_inserted, frozenset(map(graph_of, placed)))

    def _modify(self, operation: Operation) -> Modify:
        parts = operation.parts
        after = list(zip((part.kind for part in parts), parts[1:], strict=False))
        iris = [(kind, self._iri(operation, part)) for kind, part in after if part.kind == "iri"]
        groups = {kind: part for kind, part in after if part.kind == "group"}
        if self.graphs is not None and iris:
            raise QueryError(
                f"{place(operation.text, parts[0].start)}: the request gives a dataset, and this "
                "does so too, by USING or WITH",
                "Give it once.",
            )
        default = "".join(iri for kind, iri in iris if kind == "WITH")
        default_graphs, named = (
            tuple(iri for kind, iri in iris if kind == wanted) for wanted in ("USING", "NAMED")
        )
        graphs = Graphs(default_graphs, named) if default_graphs or named else self.graphs
        graph = default or self.unnamed
        deleted = groups.get("DELETE", groups["WHERE"] if "INSERT" not in groups else None)
        templates = [
            self._template(operation, part, graph) if part is not None else None
            for part in (deleted, groups.get("INSERT"))
        ]
        written = frozenset(name for each in templates if each for name in self._named(each))
        wanted = dict.fromkeys(name for each in templates if each for name in each.variables)
        chosen = " ".join(f"?{name}" for name in wanted) or "*"
        query = f"{operation.declarations}SELECT {chosen} WHERE {operation.of(groups['WHERE'])}"
        return Modify(query, graphs, default, templates[0], templates[1], written)

    def _template(self, operation: Operation, part: Part, graph: str) -> Template:
        text = operation.of(part)
        names = dict.fromkeys(token["variable"] for token in tokens(text) if token["variable"])
        return Template(operation.declarations, text, tuple(names), graph)

    def _named(self, template: Template) -> set[str]:
        """Return the IRIs of the graphs that a template writes to whatever its variables are."""
        any_iri = f"urn:kgpub:{self.mark}"
        row = " ".join(f"<{any_iri}>" for _ in template.variables)
        quads = self.instances(template, [f"({row})"])
        return {graph_of(quad) for quad in quads} - {any_iri}

    def instances(self, template: Template, rows: list[str]) -> tuple[Quad, ...]:
        """Return the quads of a template for each of `rows`: values of its variables, as SPARQL."""
        names = " ".join(f"?{name}" for name in template.variables)
        quads = self._made(
            f"{template.declarations}INSERT {template.text} "
            f"WHERE {{ VALUES ({names}) {{ {' '.join(rows)} }} }}"
        )
        return tuple(in_graph(quad, template.graph) for quad in quads)

    def _of_graphs(self, operation: Operation, form: str) -> Clear | Create | Transfer:
        parts = [part for part in operation.parts if part.kind not in ("SILENT", "GRAPH", "TO")]
        is_silent = any(part.kind == "SILENT" for part in operation.parts)
        kind, *targets = parts
        graphs = [
            self._iri(operation, part) if part.kind == "iri" else self.unnamed for part in targets
        ]
        if form == "clear":
            is_one = targets[0].kind in ("iri", "DEFAULT")
            written = frozenset(graphs) if is_one else frozenset[str]()
            return Clear("GRAPH" if is_one else targets[0].kind, graphs[0], written)
        if form == "create":
            return Create(graphs[0], is_silent, frozenset(graphs))
        written = frozenset(graphs if kind.kind == "MOVE" else graphs[1:])
        source = "" if targets[0].kind == "DEFAULT" else graphs[0]
        return Transfer(kind.kind, source, graphs[1], is_silent, written)

    def _iri(self, operation: Operation, part: Part) -> str:
        """Return the IRI that a part stands for."""
        data = f"INSERT DATA {{ GRAPH {operation.of(part)} {{ <urn:x> <urn:x> <urn:x> }} }}"
        (quad,) = self._made(operation.declarations + data)
        return graph_of(quad)


def in_graph(quad: Quad, graph: str) -> Quad:
    """Return a quad of the default graph as one of `graph`, and any other as it is."""
    if quad.graph_name == DefaultGraph():
        return with_graph(quad, NamedNode(graph))
    return quad


def with_graph(quad: Quad, graph: NamedNode) -> Quad:
    """Return the triple of a quad in `graph`."""
    return Quad(quad.subject, quad.predicate, quad.object, graph)


def graph_of(quad: Quad) -> str:
    """Return the IRI of a quad's graph, "" where that has none."""
    return quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
