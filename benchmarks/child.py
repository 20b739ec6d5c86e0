"""Runs one step in this process and prints what it took, as JSON.

Called as `python -m benchmarks.child SIDE STEP FOLDER`; `measuring` reads the answer.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

Timed = Callable[[], int]


def _step(side: str, name: str) -> Callable[[Path], Timed]:
    # Imported late: a process loads only the side that it measures.
    if side == "kgpub":
        from benchmarks.steps import STEPS
        from kgpub.cli import collect_less_often

        collect_less_often()
        return STEPS[name]
    if side == "peer":
        from benchmarks.peer import PEER_STEPS

        return PEER_STEPS[name]
    from benchmarks.documents import DOCUMENT_STEPS

    return DOCUMENT_STEPS[name]


def peak_bytes() -> int:
    """Return the most memory that this process has had resident."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def main() -> None:
    """Make the step ready, run it once, print processor seconds, peak bytes and its count."""
    side, name, folder = sys.argv[1:]
    timed = _step(side, name)(Path(folder))
    before = time.process_time()
    count = timed()
    seconds = time.process_time() - before
    print(json.dumps({"seconds": seconds, "peak": peak_bytes(), "count": count}))


if __name__ == "__main__":
    main()
