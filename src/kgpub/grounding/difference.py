"""What differs between words and passage, character by character."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from kgpub.grounding.characters import Kind, classify
from kgpub.grounding.folding import Folded
from kgpub.grounding.outcome import Difference


class _Edit(NamedTuple):
    """Half-open stretches of words and passage that do not match, in code points."""

    start: int
    end: int
    passage_start: int
    passage_end: int


def differences(words: str, passage: str, offset: int = 0) -> tuple[Difference, ...]:
    """Compare `words` with `passage`, which begins at `offset` of the article (code points).

    The two are aligned by what they read like, so that a letter is set against its look-alike,
    and within that code point by code point, unless fewer differences come of leaving the looks
    aside. One difference is one character, or a
    longer stretch where the content differs or where several code points are equivalent to one.
    Time grows with the product of the two lengths.
    """
    found: list[Difference] = []
    for group in _adjacent(_edits(words, passage)):
        for edit in _pieces(group, words, passage):
            ours = words[edit.start : edit.end]
            theirs = passage[edit.passage_start : edit.passage_end]
            difference = Difference(
                classify(ours, theirs), edit.start, offset + edit.passage_start, ours, theirs
            )
            if found and _continues(found[-1], difference):
                difference = _joined(found.pop(), difference)
            found.append(difference)
    return tuple(found)


def _edits(words: str, passage: str) -> list[_Edit]:
    edits = [edit for block in _blocks(words, passage) for edit in _within(block, words, passage)]
    if Levenshtein.distance(words, passage) < len(edits):
        return list(_within(_Edit(0, len(words), 0, len(passage)), words, passage))
    return edits


def _within(block: _Edit, words: str, passage: str) -> Iterator[_Edit]:
    ours = words[block.start : block.end]
    theirs = passage[block.passage_start : block.passage_end]
    for edit in Levenshtein.editops(ours, theirs):
        i, j = block.start + edit.src_pos, block.passage_start + edit.dest_pos
        yield _Edit(i, i + (edit.tag != "insert"), j, j + (edit.tag != "delete"))


def _blocks(words: str, passage: str) -> Iterator[_Edit]:
    """Cut both into stretches, side by side, that read alike or else take each other's place."""
    ours, theirs = Folded.of(words), Folded.of(passage)
    if not ours.text or not theirs.text:
        yield _Edit(0, len(words), 0, len(passage))
        return
    for block in Levenshtein.opcodes(ours.text, theirs.text):
        yield _Edit(
            ours.boundary(block.src_start),
            ours.boundary(block.src_end),
            theirs.boundary(block.dest_start),
            theirs.boundary(block.dest_end),
        )


def _adjacent(edits: list[_Edit]) -> Iterator[list[_Edit]]:
    group: list[_Edit] = []
    for edit in edits:
        if group and (group[-1].end, group[-1].passage_end) != (edit.start, edit.passage_start):
            yield group
            group = []
        group.append(edit)
    if group:
        yield group


def _pieces(group: list[_Edit], words: str, passage: str) -> list[_Edit]:
    """Keep a group whole where it is equivalent under Unicode; else take it apart."""
    whole = _Edit(group[0].start, group[-1].end, group[0].passage_start, group[-1].passage_end)
    ours = words[whole.start : whole.end]
    theirs = passage[whole.passage_start : whole.passage_end]
    if len(ours) == len(theirs) or not ours or not theirs:
        return group
    ours, theirs = unicodedata.normalize("NFKC", ours), unicodedata.normalize("NFKC", theirs)
    return [whole] if ours == theirs else group


def _continues(before: Difference, after: Difference) -> bool:
    return (
        before.kind is after.kind is Kind.CONTENT
        and before.words_offset + len(before.words) == after.words_offset
        and before.article_offset + len(before.article) == after.article_offset
    )


def _joined(before: Difference, after: Difference) -> Difference:
    return Difference(
        before.kind,
        before.words_offset,
        before.article_offset,
        before.words + after.words,
        before.article + after.article,
    )
