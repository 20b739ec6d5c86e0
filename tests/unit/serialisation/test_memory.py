"""That the memory of dumps is bounded: seen in the peaks of processes that write two sizes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[3] / "src"
BASE = "https://example.org/data/"
KG = "https://w3id.org/kgpub/ontology#"
OA = "http://www.w3.org/ns/oa#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
# Twelve quads in a graph of five statements; facts and passages follow their statements.
STATEMENT = """\
<{b}statement/{n:08x}> <{t}> <{k}Statement> <{b}submission/{g}> .
<{b}statement/{n:08x}> <{k}words> "قيل {n} مرة في هذا المقال الطويل"@ar <{b}submission/{g}> .
<{b}statement/{n:08x}> <{k}asserts> <{b}fact/{n:08x}> <{b}submission/{g}> .
<{b}statement/{n:08x}> <{k}passage> <{b}article/{g}/article.txt#char={n},9> <{b}submission/{g}> .
<{b}fact/{n:08x}> <{t}> <{k}Tenure> <{b}submission/{g}> .
<{b}fact/{n:08x}> <{k}person> <{b}person/{n}> <{b}submission/{g}> .
<{b}person/{n}> <{t}> <{k}Person> <{b}submission/{g}> .
<{b}person/{n}> <{k}name> "Somebody {n}"@en <{b}submission/{g}> .
<{b}article/{g}/article.txt#char={n},9> <{t}> <{k}Passage> <{b}submission/{g}> .
<{b}article/{g}/article.txt#char={n},9> <{o}exact> "قيل {n} مرة" <{b}submission/{g}> .
<{b}submission/{g}> <{k}records> <{b}statement/{n:08x}> <{b}submission/{g}> .
<{b}submission/{g}> <{k}describes> <{b}person/{n}> <{b}submission/{g}> .
"""
PROGRAM = """
import resource, sys
from pathlib import Path
import pyoxigraph
from kgpub.serialisation import graph_portions
from kgpub.serialisation.sorted_dataset import SortedDataset
from kgpub.vocabulary import context, prefixes
base, path, folder, which = sys.argv[1:]
graph_portions.PORTION_BYTES = 1 << 20
quads = pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.N_QUADS)
with SortedDataset.of(quads, Path(folder), part_bytes=1 << 20) as dataset:
    chunks = {
        "nquads": dataset.nquads,
        "turtle": lambda: dataset.turtle(prefixes(base)),
        "trig": lambda: dataset.trig(prefixes(base)),
        "jsonld": lambda: dataset.jsonld(context(base)),
    }[which]()
    size = sum(map(len, chunks))
print(size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""


def written_and_peak(path: Path, which: str) -> tuple[int, int]:
    """Bytes of the dump, and those that the process had resident at most."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, BASE, str(path), str(path.parent), which],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        check=True,
        capture_output=True,
        text=True,
    )
    size, peak = map(int, done.stdout.split())
    return size, peak


def dataset(path: Path, statements: int) -> Path:
    with path.open("w", encoding="utf-8") as stream:
        for n in range(statements):
            stream.write(STATEMENT.format(b=BASE, k=KG, o=OA, t=TYPE, n=n, g=n // 5))
    return path


@pytest.mark.skipif(sys.platform != "linux", reason="pages are given back, and counted so, there")
@pytest.mark.parametrize("which", ["nquads", "turtle", "trig", "jsonld"])
def test_eight_times_the_quads_take_no_more_memory(tmp_path: Path, which: str) -> None:
    """Where all are in memory, 96,000 quads take 65 MB and more beyond what 12,000 take."""
    small, few = written_and_peak(dataset(tmp_path / "small.nq", 1_000), which)
    large, many = written_and_peak(dataset(tmp_path / "large.nq", 8_000), which)
    assert large > 7 * small
    assert many - few < 24e6
