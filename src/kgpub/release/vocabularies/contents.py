"""The vocabularies as files of a release, beside the queries that make them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import Quad, RdfFormat, Store, parse

from kgpub.pipeline.kinds import KINDS
from kgpub.release.distribution import Content
from kgpub.release.vocabularies import popolo
from kgpub.release.vocabularies.rendering import left_out, lines
from kgpub.release.vocabularies.vocabulary import POPOLO, VOCABULARIES, Vocabulary
from kgpub.store import Queryable
from kgpub.store.durable import is_regular
from kgpub.store.queries import EmbeddedStore
from kgpub.vocabulary import resource

FOLDER = "vocabularies"
LEFT_OUT = f"{FOLDER}/left-out.json"
_BATCH = 100_000
"""Triples that are loaded at a time. Of 1.3 million at once Oxigraph holds 1 GB in memory."""


def contents_of(
    dataset: Path,
    base: str,
    temporary: Path,
    language: str = "en",
    kinds: Iterable[Path] | None = None,
) -> Iterator[Content]:
    """Yield the files for a dataset in N-Quads, each to be written before the next is asked for.

    See `contents`. `kinds` are files in Turtle with a publisher's own kinds; without them, what the
    build has put beside the dataset. All is loaded into a store in `temporary`, which goes in the
    end. Raises OSError.
    """
    if kinds is None:
        kinds = [path for path in [dataset.parent / "ontology" / KINDS] if is_regular(path)]
    with TemporaryDirectory(dir=temporary) as folder:
        store = Store(str(Path(folder, "store")))
        triples = (Quad(*quad.triple) for quad in _with_kinds(dataset, kinds))
        while some := list(islice(triples, _BATCH)):
            store.bulk_extend(some)
        store.optimize()
        yield from contents(EmbeddedStore(store), base, Path(folder), language)


def contents(
    store: Queryable, base: str, temporary: Path, language: str = "en"
) -> Iterator[Content]:
    """Yield a file for each vocabulary, those of its queries, and one that counts what is lost.

    The default graph of `store` is the union of the dataset's graphs and of the kinds that it uses;
    `base` is what the dataset's IRIs begin with. `language` is that of names where only one can be
    told. What does not fit in memory lies in the folder `temporary` while a file is made.
    """
    for each in VOCABULARIES:
        yield Content(
            f"{FOLDER}/{each.name}{each.suffix}",
            each.title,
            each.media_type,
            partial(_chunks, each, store, base, language, temporary),
            (each.specification,) if each.specification else (),
            compressed=True,
        )
        for query in (*each.queries, *each.counting):
            path = f"{FOLDER}/{query.parent.name}/{query.name}"
            if query.parent.name == each.name:
                yield _query(path, f"A query that makes {each.name}", query)
    losses = {each.name: partial(left_out, store, each.counting, base) for each in VOCABULARIES}
    yield Content(
        LEFT_OUT,
        "How many facts each vocabulary leaves out, by reason",
        "application/json",
        lambda: [_json({name: count() for name, count in losses.items()})],
        offered=False,
    )


def _with_kinds(dataset: Path, kinds: Iterable[Path]) -> Iterator[Quad]:
    yield from parse(path=str(dataset), format=RdfFormat.N_QUADS)
    for path in (resource("ontology") / "schemes.ttl", *kinds):
        yield from parse(path=str(path), format=RdfFormat.TURTLE)


def _chunks(
    vocabulary: Vocabulary, store: Queryable, base: str, language: str, folder: Path
) -> Iterator[bytes]:
    if vocabulary == POPOLO:
        asked = partial(_lines_of, store, base, language, folder)
        return popolo.document({path.stem: partial(asked, path) for path in vocabulary.queries})
    return lines(store, vocabulary.queries, base, language, folder)


def _lines_of(
    store: Queryable, base: str, language: str, folder: Path, query: Path
) -> Iterator[bytes]:
    return lines(store, (query,), base, language, folder)


def _query(path: str, title: str, query: Path) -> Content:
    chunks = partial(_read, query)
    return Content(path, title, "application/sparql-query", chunks, offered=False)


def _read(path: Path) -> list[bytes]:
    return [path.read_bytes()]


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
