"""Measures `kgpub site` on a synthetic workspace: `python -m benchmarks.siting --facts 1000`.

Beside it, in the same run, the same documents are fetched from `kgpub serve` one after another over
one connection, as a program that mirrors a site does. Where other work shares the processors, what
counts is their time.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from benchmarks.corpus import write_workspace
from benchmarks.measuring import ROOT, StepFailed

FACTS = 1_000
PAGES_A_SECOND = 200
"""What is to be reached."""
_READY = re.compile(r"http://[\d.]+:(\d+)")
_DOCUMENTS = {".html", ".ttl", ".jsonld", ".nt"}


@dataclass(frozen=True)
class Run:
    """A run of `kgpub site`: seconds by the clock and of the processors, and files written."""

    elapsed: float
    seconds: float
    files: int
    written: int


def run(workspace: Path) -> Run:
    """Run `kgpub site` on a workspace that is built. Raises StepFailed."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "kgpub", "site", "--workspace", str(workspace)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = status
    elapsed = time.perf_counter() - began
    if status:
        raise StepFailed(f"kgpub site failed: {told}")
    counts = re.search(r"([\d,]+) files \(([\d,]+) written", told)
    files, written = (int(each.replace(",", "")) for each in counts.groups()) if counts else (0, 0)
    return Run(elapsed, used.ru_utime + used.ru_stime, files, written)


def build(workspace: Path) -> None:
    """Build a workspace. Raises StepFailed."""
    command = [sys.executable, "-m", "kgpub", "build", "--workspace", str(workspace)]
    if subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode:
        raise StepFailed("kgpub build failed")


def change(workspace: Path) -> None:
    """Add a name to the first person of the first article."""
    path = min((workspace / "articles").glob("*/facts.yaml"))
    text = path.read_text(encoding="utf-8")
    changed = re.sub(r"(\npeople:\n.*?name: \{)", r"\1ku: Nav, ", text, count=1, flags=re.DOTALL)
    if changed == text:
        raise StepFailed(f"{path}: has no name to change")
    path.write_text(changed, encoding="utf-8")


def mirrored(workspace: Path, paths: Sequence[str]) -> float:
    """Fetch documents from the service; return the seconds of the processors that it took."""
    command = [sys.executable, "-m", "kgpub", "serve", "--port", "0", "-w", str(workspace)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        try:
            assert server.stdout is not None
            lines = (_READY.search(line) for line in server.stdout)
            port = next(found[1] for found in lines if found)
            with closing(HTTPConnection("127.0.0.1", int(port))) as connection:
                for path in paths:
                    connection.request("GET", f"/{quote(path)}")
                    answer = connection.getresponse()
                    answer.read()
                    if answer.status != 200:
                        raise StepFailed(f"{path}: {answer.status}")
        finally:
            server.terminate()
            _, server.returncode, used = os.wait4(server.pid, 0)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=int, default=FACTS, help="facts in the workspace")
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        workspace = Path(folder) / "workspace"
        write_workspace(workspace, arguments.facts)
        build(workspace)
        first, again = run(workspace), run(workspace)
        site = workspace / "site"
        paths = [each.relative_to(site).as_posix() for each in site.rglob("*") if each.is_file()]
        pages = [each for each in paths if each.endswith(".html")]
        base = [each for each in paths if each.startswith("data/") and _is_document(each)]
        crawl = mirrored(workspace, base)
        change(workspace)
        build(workspace)
        changed = run(workspace)
    rate = len(pages) / first.seconds
    documents = (first.files / first.seconds) / (len(base) / crawl)
    reached = "yes" if rate >= PAGES_A_SECOND else "NO"
    print(f"{first.files:,} files, of which {len(pages):,} pages, of {arguments.facts:,} facts")
    print(f"from nothing: {first.elapsed:.1f} s, of the processors {first.seconds:.1f} s")
    print(f"pages a second: {len(pages) / first.elapsed:,.0f}, with all other files beside them")
    print(f"pages a second of one processor: {rate:,.0f} (at least {PAGES_A_SECOND}: {reached})")
    print(f"files of a second of a processor: {documents:.2f} times those of kgpub serve")
    print(f"with nothing to do: {again.elapsed:.1f} s, {again.written:,} files written")
    print(f"with one name changed: {changed.seconds:.1f} s of the processors,")
    print(f"  {changed.written:,} files written")


def _is_document(path: str) -> bool:
    return Path(path).suffix in _DOCUMENTS


if __name__ == "__main__":
    main()
