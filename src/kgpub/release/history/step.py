"""A release as a step from the one before: what is kept of it for pages, feeds and programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta

from kgpub.messages import LANGUAGES
from kgpub.model.version import is_version
from kgpub.pages.releases import CHANGELOG
from kgpub.release.folder import Record
from kgpub.release.json_text import json_text

FORMAT = 1
"""Goes up when what is there changes its name or meaning, not when something is added."""
RECORD = "step.json"
PATCH = "changes.rdfp"
PAGE = CHANGELOG
"""What a page is called in a language."""
NODE = "stream.tree.trig"
"""What the first node of a release in the event stream is called."""


@dataclass(frozen=True)
class Step:
    """What a release has changed.

    `previous` is the version before it in the event stream, "" where that begins with it: then all
    quads were added. `iri` and `hash` are those of the release, `previous_hash` of the one before.
    `moment` is the time of its members, as xsd:dateTime in UTC. `quads` says how many were
    `removed` and `added`, `records` how many were `created`, `updated` and `deleted`. `told` has
    what is told of it as HTML by language, escaped already.
    """

    version: str
    previous: str
    iri: str
    issued: str
    moment: str
    hash: str
    previous_hash: str
    quads: Mapping[str, int]
    records: Mapping[str, int]
    told: Mapping[str, str]

    def text(self) -> bytes:
        """Return the step as JSON."""
        return json_text({"format": FORMAT, **asdict(self)})

    @classmethod
    def read(cls, content: bytes) -> Step:
        """Return the step that was written so. Raises ValueError."""
        try:
            read = json.loads(content)
            form = read.pop("format")
            step = cls(**read)
            moment_after(step.issued, step.moment)
        except (AttributeError, KeyError, TypeError, RecursionError) as error:
            raise ValueError("no step") from error
        texts = (step.version, step.previous, step.iri, step.hash, *map(step.told.get, LANGUAGES))
        if form != FORMAT or not all(isinstance(each, str) for each in texts):
            raise ValueError("no step of this format")
        if not is_version(step.version):
            raise ValueError("no version")
        return step

    @property
    def files(self) -> list[str]:
        """The names of the files that lead to all others of the release, and are led to."""
        pages = [PAGE.format(language) for language in LANGUAGES]
        return [NODE, *([PATCH, *pages] if self.previous else [])]

    def follows(self, other: Step) -> bool:
        """Whether it begins with the dataset that another ends with."""
        return (self.previous, self.previous_hash) == (other.version, other.hash)

    def is_of(self, record: Record) -> bool:
        """Whether it leads to this release, and not to another of the same version."""
        return (self.hash, self.iri, self.issued) == (record.hash, record.iri, record.issued)


def dataset_of(release: str, version: str) -> str:
    """Return the IRI of the dataset that a release, by IRI, is a version of."""
    return release.removesuffix(f"release/{version}") + "dataset"


def moment_after(issued: str, before: str) -> str:
    """Return the time of a release of a day: its midnight in UTC, but later than `before`.

    That is the time of the release before it, or "". Releases of one day are a second apart, so
    that times put them in order. Raises ValueError for what is no date or time, and where the
    calendar ends.
    """
    moment = datetime.combine(date.fromisoformat(issued), time(), UTC)
    if before:
        try:
            moment = max(moment, datetime.fromisoformat(before) + timedelta(seconds=1))
        except OverflowError as error:
            raise ValueError("nothing is later") from error
    return moment.isoformat().replace("+00:00", "Z")
