"""`kgpub validate --as-built`, in a workspace of any size: what is named is read, and no more."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.conftest import Run, create_example

OTHER = """article: other
statements:
  - words: سنبدأ بإصلاح شبكة المياه
    said-by: person/layla-hasan
    topic: water-network
"""
FACTS = "articles/example/facts.yaml"


@pytest.fixture(scope="module")
def two_articles(tmp_path_factory: pytest.TempPathFactory, kgpub: Run) -> Path:
    root = create_example(tmp_path_factory.mktemp("built") / "workspace")
    shutil.copytree(root / "articles/example", root / "articles/other")
    (root / "articles/other/facts.yaml").write_text(OTHER, encoding="utf-8")
    assert kgpub("build", cwd=root).returncode == 0
    return root


@pytest.fixture
def built(two_articles: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(two_articles, tmp_path / "workspace"))


def appended(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_what_others_have_changed_since_does_not_count(built: Path, kgpub: Run) -> None:
    appended(built / "articles/other/facts.yaml", "people: [\n")
    assert kgpub("validate", FACTS, cwd=built).returncode == 1
    told = kgpub("validate", "--as-built", FACTS, cwd=built)
    assert (told.returncode, told.stderr) == (0, "")


@pytest.mark.parametrize("options", [(), ("--as-built",)])
def test_what_a_change_breaks_in_other_files_is_not_told_of_it(
    built: Path, kgpub: Run, options: tuple[str, ...]
) -> None:
    facts = built / FACTS
    text = facts.read_text(encoding="utf-8")
    facts.write_text(text.replace("water-network", "pipes"), encoding="utf-8")
    assert "articles/other/facts.yaml:5:12: error" in kgpub("validate", cwd=built).stdout
    told = kgpub("validate", *options, FACTS, cwd=built)
    assert (told.returncode, told.stderr) == (0, "")


@pytest.mark.parametrize("options", [(), ("--as-built",)])
def test_what_differs_from_what_is_published_is_told_where_it_is_submitted(
    built: Path, kgpub: Run, options: tuple[str, ...]
) -> None:
    file = "articles/other/facts.yaml"
    name = "people: {salim-omar: {name: {ar: سالم عمر حسن}}}\n"
    (built / file).write_text(OTHER.replace("statements:", f"{name}statements:"), encoding="utf-8")
    told = kgpub("validate", *options, "--lang", "en", file, cwd=built)
    assert told.returncode == 1
    lines = told.stdout.splitlines()
    assert lines[0].startswith(f"{file}:2:34: error: Give at least one name")
    assert '    "سالم عمر"@ar stands at articles/example/facts.yaml:9:27' in lines
    assert f'    "سالم عمر حسن"@ar stands at {file}:2:34' in lines


@pytest.mark.parametrize("options", [(), ("--as-built",)])
@pytest.mark.parametrize("names", [("article.yaml",), ("article.yaml", "facts.yaml")])
def test_the_metadata_of_an_article_may_be_named(
    built: Path, kgpub: Run, options: tuple[str, ...], names: tuple[str, ...]
) -> None:
    files = [f"articles/example/{name}" for name in names]
    assert kgpub("validate", *options, *files, cwd=built).returncode == 0
    appended(built / "articles/example/article.yaml", "colour: red\n")
    told = kgpub("validate", *options, *files, cwd=built)
    assert told.returncode == 1
    assert "articles/example/article.yaml:" in told.stdout and "'colour'" in told.stdout


@pytest.mark.parametrize("options", [(), ("--as-built",)])
@pytest.mark.parametrize(
    "name", ["drafts/example/f.yaml", "f.yaml", "articles/example/article.txt"]
)
def test_what_lies_elsewhere_is_no_submission(
    built: Path, kgpub: Run, options: tuple[str, ...], name: str
) -> None:
    if not (built / name).exists():
        (built / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(built / FACTS, built / name)
    told = kgpub("validate", *options, name, cwd=built)
    assert told.returncode == 2
    assert f"{name}: is no submission of this workspace" in told.stderr


@pytest.mark.parametrize("options", [(), ("--as-built",)])
@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("article.yaml", "title: [\n", "articles/example/article.yaml:1:8: error"),
        ("article.yaml", None, "articles/example/article.yaml:1:1: error"),
        ("article.txt", "", "articles/example/article.txt:1:1: error"),
        ("article.txt", None, "articles/example/article.txt:1:1: error"),
    ],
)
def test_what_is_wrong_with_its_article_is_told_of_a_submission(
    built: Path, kgpub: Run, options: tuple[str, ...], name: str, content: str | None, place: str
) -> None:
    path = built / "articles/example" / name
    if content is None:
        path.unlink()
    else:
        path.write_text(content, encoding="utf-8")
    told = kgpub("validate", *options, FACTS, cwd=built)
    assert told.returncode == 1, told.stderr
    assert place in told.stdout


@pytest.mark.parametrize("options", [(), ("--as-built",)])
def test_files_of_links_are_validated(built: Path, kgpub: Run, options: tuple[str, ...]) -> None:
    header = "entity,item,decision,day,by,note\n"
    links = built / "links.csv"
    links.write_text(f"{header}person/nobody,Q42,accepted,,,\nperson/salim-omar,Q1,rejected,,,\n")
    told = kgpub("validate", *options, "links.csv", cwd=built)
    assert told.returncode == 1
    assert told.stdout.startswith("links.csv:2:1: error: ")
    links.write_text(f"{header}person/layla-hasan,Q42,accepted,,,\n")
    told = kgpub("validate", *options, "links.csv", cwd=built)
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.endswith("accepted: 0 errors, 0 warnings, 0 infos\n")
