"""Reads a workspace: its articles and submissions.

Each article has a folder `articles/<slug>/` with the text in `article.txt`, the
metadata in `article.yaml` (or .json), and beside them submissions as YAML, JSON, JSON-LD, CSV or
XLSX under any other name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kgpub.errors import CallError, FileProblems, Place, Problem, SubmissionErrors
from kgpub.messages import Lines, Message
from kgpub.model.slug import ValueProblem, check_slug, is_slug
from kgpub.model.submission import ArticleFile, SubmissionFile
from kgpub.model.tree import Fields, Scalar, Tree
from kgpub.sources.files import (
    MAX_SUBMISSION_BYTES,
    checksum,
    decode,
    read_bytes,
    relative,
)
from kgpub.sources.json_tree import read_json_on
from kgpub.sources.tables import TABLES, read_csv, read_xlsx
from kgpub.sources.yaml_tree import read_yaml
from kgpub.vocabulary.schema import Schema

TEXT_NAME = "article.txt"
METADATA_NAMES = ("article.yaml", "article.yml", "article.json")
ARTICLE_FILES = (TEXT_NAME, *METADATA_NAMES)
_YAML = (".yaml", ".yml")
_JSON = (".json", ".jsonld")
SUFFIXES = (*_YAML, *_JSON, ".csv", ".xlsx")


@dataclass(frozen=True)
class ArticleFolder:
    """The files of one article, not read yet; absolute paths.

    `others` are those that are no submission by their ending, notes apart, and folders.
    """

    slug: str
    text: Path
    metadata: Path
    submissions: tuple[Path, ...]
    others: tuple[Path, ...] = ()


def article_folders(root: Path) -> Iterator[ArticleFolder]:
    """Yield the workspace's articles by slug. Raises SubmissionErrors for what is missing."""
    parent = root / "articles"
    folders = sorted(path for path in parent.glob("*") if path.is_dir()) if parent.is_dir() else []
    problems: list[Problem] = []
    for folder in folders:
        if folder.name.startswith("."):
            continue
        try:
            yield article_folder(folder, root)
        except SubmissionErrors as errors:
            problems.extend(errors.problems)
    if problems:
        raise SubmissionErrors(problems)


def article_folder(folder: Path, root: Path) -> ArticleFolder:
    """Return the article in `folder`. Raises SubmissionErrors for what is missing."""
    place = Place(relative(folder, root))
    try:
        slug = check_slug(folder.name)
    except ValueProblem as problem:
        raise SubmissionErrors([Problem(place, problem.message, problem.remedy)]) from problem
    metadata = [folder / name for name in METADATA_NAMES if (folder / name).exists()]
    if len(metadata) > 1:
        names_found = Lines([path.name for path in metadata], Message("and"))
        message = Message("metadata-twice", files=names_found)
        raise SubmissionErrors([Problem(place, message, Message("join-files"))])
    missing = [] if (folder / TEXT_NAME).exists() else [TEXT_NAME]
    if not metadata:
        missing.append(METADATA_NAMES[0])
    if missing:
        raise SubmissionErrors(_without(folder / name, root) for name in missing)
    files = [path for path in _listed(folder, root) if path.name not in ARTICLE_FILES]
    files = [path for path in files if not _is_note(path)]
    submissions = tuple(path for path in files if path.suffix.lower() in SUFFIXES)
    others = tuple(path for path in files if path.suffix.lower() not in SUFFIXES)
    names: dict[str, Path] = {}
    for path in submissions:
        if names.setdefault(path.stem, path) is not path:
            message = Message("name-repeated", file=names[path.stem].name)
            remedy = Message("rename-one")
            raise SubmissionErrors([Problem(Place(relative(path, root)), message, remedy)])
    return ArticleFolder(slug, folder / TEXT_NAME, metadata[0], submissions, others)


def _without(path: Path, root: Path) -> Problem:
    """Return that an article lacks the file at `path`."""
    message = Message("article-incomplete", file=path.name)
    return Problem(Place(relative(path, root)), message, Message("add-or-remove-folder"))


def unread(root: Path, folders: Iterable[ArticleFolder]) -> Iterator[Problem]:
    """Yield a warning for each file among the articles that is not read."""
    parent = root / "articles"
    listed = _listed(parent, root) if parent.is_dir() else []
    strays = [path for path in listed if not path.is_dir() and not _is_note(path)]
    others = [path for folder in folders for path in folder.others]
    endings = ", ".join(SUFFIXES)
    for path in (*strays, *others):
        message, remedy = Message("not-read", endings=endings), Message("move-or-rename")
        yield Problem(Place(relative(path, root)), message, remedy, "warning")


def _is_note(path: Path) -> bool:
    """Whether a file is for people or programs that edit: hidden, a backup, a lock, Markdown."""
    return path.name.startswith((".", "~")) or path.name.endswith("~") or path.suffix == ".md"


def _listed(folder: Path, root: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        message = Message("unreadable", reason=str(error.strerror))
        raise SubmissionErrors([Problem(Place(relative(folder, root)), message)]) from error


def read_article(folder: ArticleFolder, root: Path, text: bytes, metadata: bytes) -> ArticleFile:
    """Read an article from the bytes of its two files. Raises SubmissionErrors."""
    decoded = decode(text, relative(folder.text, root))
    file = relative(folder.metadata, root)
    problems = FileProblems(file)
    tree = _tree(decode(metadata, file), folder.metadata.suffix.lower(), problems)
    found = tuple(problems.problems)
    return ArticleFile(folder.slug, file, decoded, checksum(text), tree, found)


def read_submission(content: bytes, file: str, article: str, schema: Schema) -> SubmissionFile:
    """Read a submission about the article with slug `article` from the bytes of `file`.

    What leaves the rest of it certain is among its problems. Raises SubmissionErrors.
    """
    path = PurePosixPath(file)
    suffix = path.suffix.lower()
    if not is_slug(path.stem):
        message = Message("submission-name-invalid")
        raise SubmissionErrors([Problem(Place(file), message, Message("rename-it"))])
    problems = FileProblems(file)
    if suffix == ".xlsx":
        tree = read_xlsx(content, problems, article, schema)
    elif suffix == ".csv":
        tree = read_csv(decode(content, file), problems, _table(path.stem, file), article, schema)
    elif suffix in SUFFIXES:
        tree = _tree(decode(content, file), suffix, problems)
    else:
        message = Message("submission-ending", ending=suffix or Message("nothing"))
        remedy = Message("endings", endings=", ".join(SUFFIXES))
        raise SubmissionErrors([Problem(Place(file), message, remedy)])
    found = tuple(problems.problems)
    return SubmissionFile(article, path.stem, file, checksum(content), tree, found)


def article_of(path: Path, schema: Schema) -> str:
    """Return the slug of the article that a submission outside any workspace is about.

    Raises SubmissionErrors where the file cannot be read or does not name its article, CallError
    where its name is not that of a submission.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise CallError(f"{path}: is no submission", f"Endings: {', '.join(SUFFIXES)}.")
    content = read_bytes(path, path.parent, MAX_SUBMISSION_BYTES)
    return article_named(content, path.as_posix(), schema)


def article_named(content: bytes, file: str, schema: Schema) -> str:
    """Return the slug of the article that the `content` of a submission says it is about.

    It is as it is written there, and may be no slug. Raises SubmissionErrors where it cannot be
    read or says nothing.
    """
    read = read_submission(content, file, "", schema)
    value = read.tree.get("article") if isinstance(read.tree, Fields) else None
    if isinstance(value, Scalar) and value.text:
        return value.text
    if read.problems:
        raise SubmissionErrors(read.problems)
    message, remedy = Message("article-not-named"), Message("name-article")
    raise SubmissionErrors([Problem(Place(file), message, remedy)])


def _tree(text: str, suffix: str, problems: FileProblems) -> Tree:
    text = text.removeprefix("\ufeff")
    read = read_yaml if suffix in _YAML else read_json_on
    try:
        return read(text, problems)
    except SubmissionErrors as errors:
        raise SubmissionErrors([*problems.problems, *errors.problems]) from errors


def _table(stem: str, file: str) -> str:
    for name in TABLES:
        if stem == name or stem.startswith(f"{name}-"):
            return name
    names = ", ".join(f"{name}.csv" for name in TABLES)
    remedy = Message("name-table", names=names, example=f"{TABLES[0]}-2.csv")
    raise SubmissionErrors([Problem(Place(file), Message("table-not-named"), remedy)])
