"""What a reviewer looks at: the report of a submission, its article, its names, its candidates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

from kgpub.errors import KgpubError, SubmissionErrors
from kgpub.grounding.submission import ground_submission
from kgpub.linking.decision import decide
from kgpub.linking.entity import Outcome
from kgpub.linking.gazetteer import Gazetteer
from kgpub.mapping import map_article, map_submission
from kgpub.model.slug import is_slug
from kgpub.model.submission import ArticleFile
from kgpub.model.text import Passage
from kgpub.model.tree import Faulty, Fields, Items, Scalar, Tree
from kgpub.pipeline.kept_links import KeptLinks
from kgpub.pipeline.linked_workspace import INDEX
from kgpub.pipeline.linking import Linked, find_links
from kgpub.pipeline.mentions import Named as Mentioned
from kgpub.pipeline.mentions import named_entities
from kgpub.pipeline.workspace import STATE, Workspace
from kgpub.sources import METADATA_NAMES, TEXT_NAME, ArticleFolder, read_article, read_submission
from kgpub.sources.files import MAX_ARTICLE_BYTES, MAX_SUBMISSION_BYTES, read_bytes
from kgpub.submissions.checking import Checked, check, file_name
from kgpub.submissions.submission import Content
from kgpub.vocabulary import ENTITY_SECTIONS

MAX_NAMES = 500
MAX_LOOKED_UP = 20
"""Entities that candidates are looked for, each of which takes some milliseconds."""
MAX_CANDIDATES = 3
_NAMES = ("name", "alternative-name", "spelling", "description", "title")


@dataclass(frozen=True)
class Named:
    """A text that stands for something: `owner` is section and slug or a top key."""

    owner: str
    key: str
    language: str
    text: str


@dataclass(frozen=True)
class Candidate:
    """An item that an entity of the submission may be; `names` are some of the item's."""

    entity: str
    item: str
    score: str
    is_certain: bool
    names: tuple[str, ...]
    evidence: str


@dataclass(frozen=True)
class Viewed:
    """A submission as a reviewer sees it. `passages` are those of its words in `text`, in order.

    What cannot be read leaves its part empty: the report tells why.
    """

    checked: Checked
    title: tuple[tuple[str, str], ...] = ()
    language: str = ""
    text: str = ""
    passages: tuple[Passage, ...] = ()
    names: tuple[Named, ...] = ()
    candidates: tuple[Candidate, ...] = ()


def view(
    place: Workspace, content: Content, name: str = "", language: str = "en", stem: str = ""
) -> Viewed:
    """Check a submission, and gather what else is shown of it; see `checking.check`.

    Writes nothing. Raises StoreError.
    """
    checked = check(place, content, name, language, stem)
    content = checked.content
    try:
        article = _article(place, content)
    except (SubmissionErrors, OSError):
        return Viewed(checked)
    title = tuple(_by_language(_get(article.tree, "title")))
    tag = _get(article.tree, "language")
    written = tag.text if isinstance(tag, Scalar) else ""
    try:
        own = file_name(content, stem or "facts")
        file = read_submission(content.body, own, content.slug, place.schema)
    except SubmissionErrors:
        return Viewed(checked, title, written, article.text)
    passages = ground_submission(file.tree, article.text, file.file).passages
    about, _ = map_article(article, place.schema)
    quads = map_submission(file, about, passages, place.schema).quads
    words = sorted(set(passages.values()), key=lambda each: (each.start, -each.end))
    names = tuple(_names(file.tree))[:MAX_NAMES]
    base = place.settings.base
    candidates = _candidates(place, [each for each in named_entities(quads, base) if not each.item])
    return Viewed(checked, title, written, article.text, tuple(words), names, tuple(candidates))


def _article(place: Workspace, content: Content) -> ArticleFile:
    """Return the article of a submission. Raises SubmissionErrors, OSError."""
    if not is_slug(content.slug):
        raise SubmissionErrors([])
    folder = place.root / "articles" / content.slug
    if folder.is_dir() or content.article is None:
        names = (name for name in METADATA_NAMES if (folder / name).is_file())
        metadata = folder / next(names, METADATA_NAMES[0])
        bodies = (
            read_bytes(folder / TEXT_NAME, place.root, MAX_ARTICLE_BYTES),
            read_bytes(metadata, place.root, MAX_SUBMISSION_BYTES),
        )
    else:
        metadata = folder / METADATA_NAMES[0]
        bodies = content.article.text, content.article.metadata
    files = ArticleFolder(content.slug, folder / TEXT_NAME, metadata, ())
    return read_article(files, place.root, *bodies)


def _candidates(place: Workspace, named: Sequence[Mentioned]) -> Iterator[Candidate]:
    """Yield what the workspace's gazetteer has for entities, nothing where it has none."""
    index = place.root / STATE / INDEX
    if not named or not index.is_file():
        return
    day = datetime.now(UTC).date().isoformat()
    try:
        decided = KeptLinks(place.root).decided()
        with closing(Gazetteer.open(index)) as source:
            found = find_links(named[:MAX_LOOKED_UP], source, decide, decided, day)
    except KgpubError:  # it only shows more
        return
    for each in found:
        yield from _of(each)


def _of(linked: Linked) -> Iterator[Candidate]:
    for each in linked.candidates[:MAX_CANDIDATES]:
        names = (name for of_language in each.item.names.values() for name in of_language)
        yield Candidate(
            linked.named.entity,
            each.item.qid,
            f"{each.score:.2f}",
            linked.outcome is Outcome.linked,
            tuple(dict.fromkeys(names))[:4],
            " ".join(each.evidence),
        )


def _names(tree: Tree) -> Iterator[Named]:
    """Yield the names in a submission, and who is said to have written it."""
    if not isinstance(tree, Fields):
        return
    for key, value in tree:
        if key.text in ENTITY_SECTIONS and isinstance(value, Fields):
            for slug, entity in value:
                yield Named(key.text, "", "", slug.text)
                for name in _NAMES:
                    for language, text in _by_language(_get(entity, name)):
                        yield Named(f"{key.text}/{slug.text}", name, language, text)
        elif key.text == "contributor":
            yield from (Named(key.text, "", "", text) for text in _texts(value))


def _by_language(tree: Tree | None) -> Iterator[tuple[str, str]]:
    if isinstance(tree, Fields):
        for key, value in tree:
            yield from ((key.text, text) for text in _texts(value))


def _texts(tree: Tree) -> Iterator[str]:
    if isinstance(tree, Scalar):
        yield tree.text
    elif isinstance(tree, Items):
        yield from (each.text for each in tree if isinstance(each, Scalar))


def _get(tree: Tree, key: str) -> Tree | None:
    value = tree.get(key) if isinstance(tree, Fields) else None
    return None if isinstance(value, Faulty) else value
