"""The wheel by itself: away from the repository, with nothing but its dependencies."""

from __future__ import annotations

import os
import site
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from tests.conftest import REPOSITORY

pytestmark = pytest.mark.xdist_group("wheel")


def run(*command: str | Path, cwd: Path) -> str:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, encoding="utf-8", env=environment, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The wheel made from the source distribution, as an installer would make it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, REPOSITORY, cwd=folder)
    yield next(folder.glob("*.whl"))


def test_the_wheel_carries_all_that_is_read_at_run_time(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, pattern in (("ontology", "*"), ("shapes", "*.ttl"), ("queries", "*.rq")):
        files = [path for path in (REPOSITORY / folder).glob(pattern) if path.is_file()]
        assert files
        assert {f"kgpub/{folder}/{path.name}" for path in files} <= names
    of_pages = ("pages/templates", "pages/assets", "pages/words")
    for folder in (
        *of_pages,
        "service/query_page/assets",
        "service/editing/assets",
        "site/browser/assets",
        "service/reconciliation",
    ):
        files = (REPOSITORY / "src/kgpub" / folder).glob("*.*")
        assert {f"kgpub/{folder}/{path.name}" for path in files} <= names
    assert "kgpub/templates/articles/example/facts.yaml" in names
    assert "kgpub/py.typed" in names
    assert not any(name.startswith(("tests", "benchmarks")) for name in names)


def test_it_works_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "venv", tmp_path / "venv", cwd=tmp_path)
    python = tmp_path / "venv/bin/python"
    run(python, "-m", "pip", "install", "--no-index", "--no-deps", wheel, cwd=tmp_path)
    packages = run(python, "-c", "import site; print(site.getsitepackages()[0])", cwd=tmp_path)
    # The dependencies, without a network: a path in a .pth file is searched after the
    # environment's own packages, and its own .pth files (an editable kgpub) are not followed.
    (Path(packages.strip()) / "dependencies.pth").write_text("\n".join(site.getsitepackages()))
    where = run(python, "-c", "import kgpub; print(kgpub.__file__)", cwd=tmp_path)
    assert where.startswith(str(tmp_path / "venv"))

    kgpub = tmp_path / "venv/bin/kgpub"
    run(kgpub, "init", "news", cwd=tmp_path)
    run(kgpub, "build", cwd=tmp_path / "news")
    assert (tmp_path / "news/output/SHA256SUMS").is_file()
    assert (tmp_path / "news/output/ontology/kgpub.ttl").is_file()
    answer = run(kgpub, "query", "quotations", "--format", "csv", cwd=tmp_path / "news")
    assert "سنبدأ بإصلاح شبكة المياه" in answer
    run(kgpub, "validate", "--engine", "pyshacl", cwd=tmp_path / "news")
    assert "ليلى" in served(kgpub, tmp_path / "news", "search?q=ليلى&lang=ar")


def served(kgpub: Path, workspace: Path, address: str) -> str:
    """Serve a workspace, and return what stands at an address below its home page."""
    with subprocess.Popen(
        [kgpub, "serve", "--port", "0"],
        cwd=workspace,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            home = process.stdout.readline().strip()
            until = time.monotonic() + 60
            while True:  # until the index of the search is made
                try:
                    with urlopen(home + quote(address, safe="?=&"), timeout=30) as answer:
                        return str(answer.read().decode())
                except HTTPError as error:
                    assert error.code == 503 and time.monotonic() < until, error
                    time.sleep(0.2)
        finally:
            process.terminate()
