"""Two sorted files against each other, by bytes alone: the lines that only one of them has."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from kgpub.release.differences.files import SortedFile

Lines = list[bytes]


def merged(before: SortedFile, after: SortedFile) -> Iterator[tuple[Lines, Lines]]:
    """Yield the lines that only the first file has, and those that only the second has.

    Each come in the order of their bytes, some at a time: a block or two of each file is in
    memory. Of lines that both have, all there is to do is done by sets.
    """
    older, newer = _lines(before), _lines(after)
    left: Lines = []
    right: Lines = []
    while True:
        left = left or next(older, [])
        right = right or next(newer, [])
        if not left or not right:
            break
        # Up to this line both have been read.
        bound = min(left[-1], right[-1])
        cut_left, cut_right = bisect_right(left, bound), bisect_right(right, bound)
        yield _between(left[:cut_left], right[:cut_right])
        left, right = left[cut_left:], right[cut_right:]
    yield left, right
    yield from ((block, []) for block in older)
    yield from (([], block) for block in newer)


def _lines(file: SortedFile) -> Iterator[Lines]:
    return (block.splitlines(keepends=True) for block in file.blocks())


def _between(left: Lines, right: Lines) -> tuple[Lines, Lines]:
    if left == right:
        return [], []
    old, new = set(left), set(right)
    return sorted(old - new), sorted(new - old)
