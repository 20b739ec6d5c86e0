"""What takes time in proportion: measured by the processor's clock, against itself.

The collector of cycles looks through everything that a process of tests holds, which takes longer
the more tests it has run: it says nothing of the code that is measured, so it rests meanwhile.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_RUNS = 3
"""Of which the least counts, as others use the machine too."""


@contextmanager
def _uncollected() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def seconds(run: Callable[[], object]) -> float:
    """Return what `run` takes of the processor."""
    begun = time.process_time()
    run()
    return time.process_time() - begun


def growth(small: Callable[[], object], large: Callable[[], object]) -> float:
    """Return how many times what `small` takes `large` takes."""
    with _uncollected():
        pairs = [(seconds(small), seconds(large)) for _ in range(_RUNS)]
    return min(pair[1] for pair in pairs) / min(pair[0] for pair in pairs)
