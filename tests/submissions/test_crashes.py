"""kill -9 at random moments while somebody submits, decides and publishes: nothing is lost.

`make crash` sets KGPUB_CRASHES to 1,000 moments. KGPUB_SEED repeats a run, as far as moments can.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from tests.submissions.crashing import observe

MOMENTS = int(os.environ.get("KGPUB_CRASHES", "12"))


def test_nothing_acknowledged_is_lost_published_twice_or_half(tmp_path: Path) -> None:
    seed = int(os.environ.get("KGPUB_SEED", secrets.randbelow(2**32)))
    print(f"KGPUB_SEED={seed}")
    observer = observe(tmp_path, MOMENTS, seed)
    if MOMENTS >= 12:
        assert observer.acknowledged and observer.files()
