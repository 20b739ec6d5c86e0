"""A process that publishes what was accepted, and tells what became of it.

It is started as `python -m kgpub.service.reviewing.builder FOLDER` and may be killed at any moment:
see `kgpub.submissions.publishing`.
"""

from __future__ import annotations

import json
import signal
import sys
from dataclasses import asdict
from datetime import UTC, datetime

from kgpub.errors import KgpubError
from kgpub.pipeline.workspace import STATE, Workspace
from kgpub.service.confinement import end_with_parent, leave_network
from kgpub.submissions.kept import Queue
from kgpub.submissions.publishing import Outcome, Publisher


def main(folder: str) -> None:
    """Publish what is accepted in the workspace in `folder`; the outcome goes to the output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends its own
    end_with_parent()
    leave_network()
    try:
        place = Workspace(folder)
        outcome = Publisher(place, Queue(place.root / STATE, lambda: datetime.now(UTC))).publish()
    except (KgpubError, OSError, MemoryError) as error:
        outcome = Outcome(left=str(error) or type(error).__name__)
    sys.stdout.write(json.dumps(asdict(outcome)))


if __name__ == "__main__":
    main(sys.argv[1])
