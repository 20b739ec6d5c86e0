"""What the last build of a workspace has left to validate changes with: its store and verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

from kgpub.model.report import Report
from kgpub.model.submission import Mapped
from kgpub.pipeline.cache import VERDICTS, Cache, CacheReader, CannotTell
from kgpub.pipeline.catalogue import catalogue
from kgpub.pipeline.dataset import Dataset, Part
from kgpub.pipeline.rules import Rules
from kgpub.settings import Settings
from kgpub.store.embedded import Generations

if TYPE_CHECKING:
    from pyoxigraph import Store

    from kgpub.pipeline.revalidation import Revalidation
    from kgpub.validation.incremental import Recheck
    from kgpub.validation.submitted import StoredForms

_OUTDATED = "settings, kinds or software are not those of the last build"
_TWO_LITERALS = "the store has made one of two literals of the last build"


FoundBy = tuple[str, str]
"""What verdicts are found by: the name of an engine, and a digest of settings and kinds."""


class LastBuild:
    """Opens the last build of a workspace for validation, and keeps what that has said of it.

    Modules of validation are loaded by the methods: a query or a build with nothing to do needs
    none of them.
    """

    def __init__(self, rules: Rules, settings: Settings, generations: Generations) -> None:
        self._rules = rules
        self._settings = settings
        self._generations = generations
        self._opened: tuple[str, Revalidation] | None = None

    @property
    def store(self) -> Store | None:
        """The store that was opened last, of the build that changes were validated with."""
        return None if self._opened is None else self._opened[1].published.store

    def open(self, cache: CacheReader, found_by: FoundBy) -> Revalidation | None:
        """Return what validates changes of it, or None where nothing is kept of it.

        Raises CannotTell where what is kept is of no use, sqlite3.DatabaseError and StoreError.
        """
        from kgpub.pipeline import verdicts
        from kgpub.pipeline.revalidation import Published, Revalidation
        from kgpub.validation import engine

        fingerprint = self._generations.built_fingerprint()
        key = verdicts.key_of(fingerprint, found_by)
        kept = cache.state(VERDICTS)
        if kept != key:
            why_not = verdicts.why_not(cache)
            if kept or why_not:
                raise CannotTell(why_not or _OUTDATED)
            return None
        if self._opened is None or self._opened[0] != key:
            forms = verdicts.kept_forms(cache)
            store, base = self._generations.open_built(), self._settings.base
            if self._generations.built_fingerprint() != fingerprint:
                raise CannotTell("the workspace was built meanwhile")
            published = Published(store, forms, base, catalogue(self._settings))
            chosen = engine(found_by[0])
            vocabulary = self._rules.vocabulary()
            made = Revalidation(self._rules.shapes, chosen, vocabulary, published)
            self._opened = key, made
        return self._opened[1]

    def keep(self, cache: Cache, dataset: Dataset, report: Report, found_by: FoundBy) -> None:
        """Keep what validating all of `dataset`, which is what is published now, has said."""
        from kgpub.pipeline import verdicts
        from kgpub.pipeline.revalidation import state_from
        from kgpub.validation import engine
        from kgpub.validation.submitted import SubmittedLiterals

        vocabulary, quads = list(self._rules.vocabulary()), list(dataset.quads())
        everything = chain(quads, vocabulary, catalogue(self._settings))
        forms = SubmittedLiterals(quad.triple for quad in everything).forms()
        if not forms.is_exact:
            verdicts.keep_none(cache, _TWO_LITERALS)
            return
        chosen = engine(found_by[0])
        state = state_from(report, quads, self._rules.shapes, chosen, vocabulary)
        key = verdicts.key_of(self._generations.built_fingerprint(), found_by)
        verdicts.keep(cache, key, state, forms)

    def keep_changed(
        self, cache: Cache, forms: StoredForms, recheck: Recheck, found_by: FoundBy
    ) -> None:
        """Keep what a change has made of what was kept before; it is published now.

        `forms` are those of all literals that are published.
        """
        from kgpub.pipeline import verdicts

        if not forms.is_exact:
            verdicts.keep_none(cache, _TWO_LITERALS)
            return
        key = verdicts.key_of(self._generations.built_fingerprint(), found_by)
        verdicts.replace(cache, key, recheck, forms)


def differing(parts: Iterable[Part], cache: CacheReader) -> tuple[list[Part], set[str]]:
    """Return those of all parts that are not as they were published, and the files that are gone.

    Raises sqlite3.DatabaseError.
    """
    before = cache.published_digests()
    parts = list(parts)
    changed = [part for part in parts if before.get(part.file) != part.digest]
    return changed, before.keys() - {part.file for part in parts}


def as_published(graphs: Iterable[str], cache: CacheReader) -> Iterator[Part]:
    """Yield the files that published graphs are the own graphs of, as far as they are kept."""
    for graph in sorted(graphs):
        found = cache.described_in(graph)
        if found is not None:
            yield _kept(graph, *found)


def _kept(graph: str, file: str, digest: str, mapped: Mapped) -> Part:
    return Part(file, graph, digest, False, lambda: mapped)
