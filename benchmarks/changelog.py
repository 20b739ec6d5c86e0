"""Measures `kgpub changelog` on two releases: `python -m benchmarks.changelog`.

The releases are those of benchmarks.differences. What a client fetches to keep a copy in step is
told beside what it would fetch to load the second release whole.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.differences import QUADS, Run, release, run
from benchmarks.measuring import StepFailed

_BASE = "https://example.org/data/"
_SETTINGS = f"""\
base = "{_BASE}"
title = "Measured"
publisher = "Me"
licence = "https://creativecommons.org/licenses/by/4.0/"
"""


def put(releases: Path, version: str, quads: int, year: int) -> int:
    """Write a release of about so many quads; return how many it has."""
    folder = releases / version
    folder.mkdir(parents=True)
    count = release(folder / "dataset.nq", quads, year)
    with (folder / "dataset.nq").open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    record = {
        "version": version,
        "previous": "",
        "issued": "2026-11-24",
        "iri": f"{_BASE}release/{version}",
        "hash": digest,
    }
    (folder / "release.json").write_text(json.dumps(record), encoding="utf-8")
    return count


def changelog(workspace: Path) -> Run:
    """Run `kgpub changelog` as a user does, start-up included. Raises StepFailed."""
    return run(["-m", "kgpub", "changelog", "-w", str(workspace)])


def streamed(releases: Path, version: str) -> int:
    """Return the bytes of a release's nodes of the event stream."""
    nodes = (releases / "changes" / version).glob("*.trig")
    return sum(path.stat().st_size for path in nodes)


def measure(quads: int, workspace: Path) -> Iterator[str]:
    """Yield the lines of the table of results."""
    releases = workspace / "releases"
    (workspace / "kgpub.toml").write_text(_SETTINGS, encoding="utf-8")
    yield "| release | quads | processor seconds | peak MiB | bytes of its stream | dataset |"
    yield "|---|--:|--:|--:|--:|--:|"
    for version, year in (("1", 1990), ("2", 1991)):
        count = put(releases, version, quads, year)
        measured = changelog(workspace)
        size = (releases / version / "dataset.nq").stat().st_size
        ours = streamed(releases, version)
        yield (
            f"| {version} | {count:,} | {measured.seconds:.1f} | {measured.peak / 2**20:,.0f} |"
            f" {ours:,} ({ours / size:.1%}) | {size:,} |"
        )


def main() -> int:
    """Measure as the command line says; return 1 where a command fails."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.changelog", description=__doc__)
    parser.add_argument("--quads", type=int, default=QUADS, help="of each release")
    options = parser.parse_args()
    with TemporaryDirectory(prefix="kgpub-changelog-") as folder:
        try:
            for line in measure(options.quads, Path(folder)):
                print(line, flush=True)
        except StepFailed as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
