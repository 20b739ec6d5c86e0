"""What a site has for search and queries: the same each time, whole, or told as missing."""

from __future__ import annotations

import gzip
import json
import os
import re
import resource
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html
from pyoxigraph import Store
from tests.conftest import REPOSITORY
from tests.service.linked_served import seed

from kgpub.documents.build import Build
from kgpub.errors import OutputError
from kgpub.messages import LANGUAGES
from kgpub.pages.rendering import Site
from kgpub.site.browser import files
from kgpub.site.browser.assets import FOLDER, WASM, WORKER
from kgpub.site.files import Opened

BASE = "https://w3id.org/kgpub/data/"
needs_assets = pytest.mark.skipif(
    not (FOLDER / WASM).exists(), reason="what pages run is not built: make query-page"
)
RULES = """
import hashlib, json
from kgpub.site.browser.rules import rules
print(hashlib.sha256(json.dumps(rules()).encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    workspace = seed(tmp_path_factory.mktemp("browser") / "workspace")
    current = workspace.generations.current()
    assert current is not None
    site = Site(BASE, "Facts", "Me", "https://example.org/licence", static=True)
    build = Build("version", Store.read_only(str(current)), site)
    dataset = workspace.root / "output/dataset.nq"
    yield Opened(build, dataset, (REPOSITORY / "queries",), workspace.prefixes)


def made(opened: Opened, folder: Path = FOLDER) -> dict[str, bytes]:
    contents = [(file.path, b"".join(file.content())) for file in files(opened, LANGUAGES, folder)]
    assert len(dict(contents)) == len(contents)
    return dict(contents)


def handed(content: bytes) -> tuple[str, str, object]:
    """What a script hands over."""
    told = re.fullmatch(rb"kgpubShard\((.*)\);\n", content, re.DOTALL)
    assert told is not None
    name, build, value = json.loads(b"[" + told[1] + b"]")
    return name, build, value


def test_where_nothing_was_built_pages_say_so_and_lead_on(opened: Opened, tmp_path: Path) -> None:
    found = made(opened, tmp_path / "nowhere")
    assert sorted(found) == sorted(
        f"{name}.{language}.html" for name in ("query", "search") for language in LANGUAGES
    )
    for path, content in found.items():
        page = html.document_fromstring(content)
        assert page.xpath("//script") == []
        (status,) = page.xpath("//main//p[@role='status']")
        assert "npm" in status.text_content() and "make query-page" in status.text_content()
        links = page.xpath("//main//li/a/@href" if "query" in path else "//main//dt/a/@href")
        assert links and all(link.startswith("./") for link in links)


@needs_assets
def test_the_licences_name_what_the_webassembly_says_that_it_is_made_of() -> None:
    trace = rb"index\.crates\.io-[0-9a-f]+/([a-z0-9_-]+?-[0-9][0-9.]*)/"
    named = {each.decode() for each in re.findall(trace, (FOLDER / WASM).read_bytes())}
    lines = (REPOSITORY / "web/crates.txt").read_text(encoding="utf-8").splitlines()
    told = re.findall(r"^(\S+) ([0-9.]+) \((.+)\)$", "\n".join(lines), re.MULTILINE)
    assert len(named) > 30 and {f"{name}-{version}" for name, version, _ in told} == named
    licences = (FOLDER / "THIRD_PARTY_LICENCES.txt").read_text(encoding="utf-8")
    assert "\n".join(lines) in licences
    listed = (REPOSITORY / "docs/dependencies.md").read_text(encoding="utf-8")
    for name, _, licence in told:
        assert re.search(rf"\b{re.escape(name)}\b", listed), name
        assert {"MIT", "Apache-2.0"} & set(licence.split(" OR "))


def test_half_of_what_pages_run_counts_as_nothing(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / WORKER).write_text("")
    assert len(made(opened, tmp_path)) == 2 * len(LANGUAGES)


@needs_assets
def test_the_same_files_each_time(opened: Opened) -> None:
    assert made(opened) == made(opened)


def test_the_rules_do_not_depend_on_how_a_process_hashes() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", RULES],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


@needs_assets
def test_the_dump_is_the_dataset_packed_and_in_scripts(opened: Opened) -> None:
    found = made(opened)
    dataset = opened.dataset.read_bytes()
    assert gzip.decompress(found["assets/browser/dataset.nq.gz"]) == dataset
    parts = sorted(path for path in found if "/dataset-" in path)
    told = [handed(found[path])[2] for path in parts]
    assert gzip.decompress(b"".join(b64decode(str(part)) for part in told)) == dataset
    settings = html.document_fromstring(found["query.en.html"]).xpath(
        "//script[@id='query-settings']/text()"
    )
    assert json.loads(settings[0])["parts"] == len(parts)
    program = handed(found["assets/browser/oxigraph.js"])[2]
    assert gzip.decompress(b64decode(str(program))) == (FOLDER / WASM).read_bytes()


@needs_assets
def test_all_parts_are_of_one_build_and_called_like_their_files(opened: Opened) -> None:
    found = {path: text for path, text in made(opened).items() if "assets/search/" in path}
    assert len({handed(text)[1] for text in found.values()}) == 1
    for path, text in found.items():
        assert path == f"assets/search/{handed(text)[0]}.js"


@needs_assets
def test_a_full_disk_is_told(opened: Opened) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        with pytest.raises(OutputError, match="the search index cannot be made"):
            made(opened)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
