"""What stands under `id`: labels of facts and events, slugs of events, and what was meant by them.

Nothing more is told of references to what has an id that is none, however they are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyoxigraph import NamedNode

from kgpub.errors import FileProblems
from kgpub.mapping.values import LABEL
from kgpub.messages import Message
from kgpub.model.slug import MAX_SLUG, ValueProblem, is_slug, quoted, suggested_slug
from kgpub.model.tree import Fields, Scalar, Tree, inner
from kgpub.vocabulary.schema import ASSERTED_TYPES

KEYWORDS = {"@id": "id", "@type": "type"}
"""What JSON-LD calls the keys that kgpub has without a sign before them."""
_KEYWORD_KEYS = frozenset((*KEYWORDS, *KEYWORDS.values()))
_EVENT = "Event"
_FOLDER = "event/"
_PREFIX = "_:"
_NO_LETTERS = re.compile("[^A-Za-z0-9]+")


def identified(text: str, type_: str, base: str) -> NamedNode | str:
    """Return what has the id `text` on the class `type_`: an IRI, or a label without its `_:`.

    Raises ValueProblem, whose remedy names what may be meant.
    """
    if type_ in ASSERTED_TYPES and LABEL.fullmatch(text):
        return text.removeprefix(_PREFIX)
    if type_ == _EVENT and _is_event(text):
        return NamedNode(base + text)
    raise ValueProblem(Message("id-unfit", id=quoted(text), type=type_), _remedy(text, type_))


def check_keywords(fields: Fields, problems: FileProblems) -> None:
    """Tell of keys of `fields` that say again what the same one says under its other name."""
    found: dict[str, str] = {}
    for key, _ in fields.entries:
        if key.text not in _KEYWORD_KEYS:
            continue
        keyword = KEYWORDS.get(key.text, key.text)
        if found.setdefault(keyword, key.text) != key.text:
            message = Message("said-twice", key=repr(key.text), other=repr(found[keyword]))
            problems.add(key, message, Message("remove-one-of-two"))


def referred(item: Tree) -> Scalar | None:
    """Return what an item of `asserts` refers to: `event/slug`, or a node with only an id."""
    if isinstance(item, Scalar):
        return item
    if isinstance(item, Fields) and [key.text for key, _ in item] in (["id"], ["@id"]):
        value = item.entries[0][1]
        return value if isinstance(value, Scalar) else None
    return None


def is_id(text: str) -> bool:
    """Tell whether `text` can be an id of anything."""
    return LABEL.fullmatch(text) is not None or _is_event(text)


def written_ids(tree: Tree) -> frozenset[str]:
    """Return the ids that are given anywhere in `tree`, also in what was left out.

    What has only an id refers to what it is given to. Of an id that is none there are also the
    labels that may be meant by it.
    """
    return frozenset(
        form
        for one in inner(tree)
        if isinstance(one, Fields) and (len(one.entries) > 1 or one.left_out)
        for value in (one.get("id"), one.get("@id"), *one.left_out)
        if isinstance(value, Scalar)
        for form in _forms(value.text)
    )


def unfit_ids(tree: Tree) -> frozenset[str]:
    """Return what is given as an id anywhere in `tree` and can be none, which is told there.

    What has only an id refers by it, also where it has it twice.
    """
    return frozenset(
        value.text
        for one in inner(tree)
        if isinstance(one, Fields) and len(one.entries) > 1
        for value in (one.get("id"), one.get("@id"))
        if isinstance(value, Scalar) and not is_id(value.text)
    )


def _forms(text: str) -> Iterator[str]:
    yield text
    if not is_id(text):
        yield f"{_PREFIX}{_label(text)}"
        yield f"{_PREFIX}{_NO_LETTERS.sub('', text)}"


def _is_event(text: str) -> bool:
    return text.startswith(_FOLDER) and is_slug(text.removeprefix(_FOLDER))


def _remedy(text: str, type_: str) -> Message:
    if type_ not in ASSERTED_TYPES:
        return Message("leave-it-out")
    is_label = text.startswith(_PREFIX) or (type_ != _EVENT and "/" not in text)
    if is_label and (label := _label(text)):
        return Message("write-value", value=f"{_PREFIX}{label}")
    if is_label or type_ != _EVENT:
        return Message("write-fact-id")
    if slug := suggested_slug(text.rpartition("/")[2]):
        # Whoever looks for what a file may describe reads the slug.
        return Message("write-value", value=f"{_FOLDER}{slug}", suggestion=slug)
    return Message("slug-form", limit=MAX_SLUG) if text else Message("write-event-id")


def _label(text: str) -> str:
    return _NO_LETTERS.sub("-", text.removeprefix(_PREFIX)).strip("-")[:MAX_SLUG].strip("-")
