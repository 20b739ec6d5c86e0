"""What is accepted becomes a file and is built: once, whole, and in nobody's place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyoxigraph import QueryBoolean
from tests.service.review_served import NEW, new_workspace

from kgpub.pipeline.workspace import STATE, Workspace
from kgpub.store.locking import locked
from kgpub.submissions.acceptance import Acceptance, published_content
from kgpub.submissions.checking import shapes_digest
from kgpub.submissions.kept import Queue
from kgpub.submissions.placing import Occupied, Place
from kgpub.submissions.publishing import FOLDER, Outcome, Publisher
from kgpub.submissions.submission import Account, Action, Article, Content, State, Submission

ANNA = Account("token/a", "Anna")
METADATA = b"title: {en: The council met}\nlanguage: en\npublisher: the-example-paper\n"
ARTICLE = Article(b"Nadia spoke.\n", METADATA)
ABOUT_NEW = b"article: new-one\npeople: {nadia: {name: {en: Nadia}}}\n"


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return new_workspace(tmp_path)


@pytest.fixture
def queue(place: Workspace) -> Queue:
    return Queue(place.root / STATE, lambda: datetime.now(UTC))


@pytest.fixture
def publisher(place: Workspace, queue: Queue) -> Iterator[Publisher]:
    yield Publisher(place, queue)


def accepted(queue: Queue, content: Content | str) -> Submission:
    if isinstance(content, str):
        content = Content("example", ".yaml", content.encode())
    digest = hashlib.sha256(content.body).hexdigest()
    found = queue.receive(content, digest, ANNA).submission
    return queue.note(found.id, found.version, Action.accepted, ANNA, shapes=shapes_digest())


def path_of(place: Workspace, submission: Submission) -> Path:
    slug = submission.revision.content.slug
    return place.root / f"articles/{slug}/submission-{submission.id}.yaml"


def says(place: Workspace, name: str) -> bool:
    answer = place.query(f'ASK {{ ?p kg:name "{name}"@en }}')
    assert isinstance(answer, QueryBoolean)
    return bool(answer)


def test_accepted_ones_are_built_and_noted(
    place: Workspace, queue: Queue, publisher: Publisher
) -> None:
    one, new = (
        accepted(queue, NEW),
        accepted(queue, Content("new-one", ".yaml", ABOUT_NEW, ARTICLE)),
    )
    assert publisher.publish() == Outcome((one.id, new.id))
    assert [queue.get(each.id).state for each in (one, new)] == [State.published] * 2
    assert says(place, "Nadia Karim") and says(place, "Nadia")
    names = {path.name for path in path_of(place, new).parent.iterdir()}
    assert names == {"article.txt", "article.yaml", path_of(place, new).name}
    assert publisher.publish() == Outcome()


def test_what_the_build_refuses_leaves_nothing_behind(
    place: Workspace, queue: Queue, publisher: Publisher
) -> None:
    wrong = accepted(queue, NEW.replace("وقالت حسن", "these are not there"))
    new = accepted(queue, Content("new-one", ".yaml", ABOUT_NEW + b"x: y\n", ARTICLE))
    right = accepted(queue, NEW)
    assert publisher.publish() == Outcome((right.id,), (wrong.id, new.id))
    for each in (wrong, new):
        found = queue.get(each.id)
        assert found.state is State.waiting and not path_of(place, each).exists()
        assert path_of(place, each).name in found.events[-1].reason
    assert not (place.root / "articles/new-one").exists()
    assert place.build().unchanged


def test_a_workspace_that_is_wrong_by_itself_is_no_submission_s_fault(
    place: Workspace, queue: Queue, publisher: Publisher
) -> None:
    other = place.root / "articles/example/broken.yaml"
    other.write_text("article: example\nx: y\n")
    one = accepted(queue, NEW)
    outcome = publisher.publish()
    assert outcome.published == outcome.refused == () and "broken.yaml" in outcome.left
    assert queue.get(one.id).state is State.accepted and not path_of(place, one).exists()
    other.unlink()
    assert publisher.publish() == Outcome((one.id,))


def test_it_goes_on_where_it_was_ended(
    place: Workspace, queue: Queue, publisher: Publisher
) -> None:
    """With the file there, with the folder half made, and built but not noted."""
    one = accepted(queue, NEW)
    new = accepted(queue, Content("new-one", ".yaml", ABOUT_NEW, ARTICLE))
    path = path_of(place, one)
    path.write_bytes(published_content(one, Acceptance.of(one), place.schema))
    (path.parent / f".submission-{one.id}.new").write_bytes(b"half")
    half = place.root / f"articles/.submission-{new.id}"
    half.mkdir()
    (half / "article.txt").write_bytes(b"Nad")
    place.build()
    assert publisher.publish() == Outcome((one.id, new.id))
    assert list(place.root.glob("articles/**/.submission-*")) == []
    assert (place.root / "articles/new-one/article.txt").read_bytes() == ARTICLE.text


@pytest.mark.parametrize("kind", ["file", "link", "folder", "dangling"])
def test_what_is_there_already_is_not_overwritten(
    place: Workspace, queue: Queue, publisher: Publisher, kind: str
) -> None:
    one, other = accepted(queue, NEW), accepted(queue, NEW.replace("nadia", "dunya"))
    path, target = path_of(place, one), place.root / "target.yaml"
    if kind == "file":
        path.write_text("# somebody's own\narticle: example\n")
    elif kind == "folder":
        path.mkdir()
    else:
        if kind == "link":
            target.write_text("secret")
        path.symlink_to(target)
    before = path.lstat()
    outcome = publisher.publish()
    assert one.id in outcome.refused
    assert "is there already" in queue.get(one.id).events[-1].reason
    assert path.lstat().st_ino == before.st_ino and target.exists() is (kind == "link")
    assert other.id in outcome.published or outcome.left


@pytest.mark.parametrize("slug", ["..", "../x", "a/b", "/etc", "", ".hidden", "A"])
def test_a_slug_leads_nowhere_else(
    place: Workspace, queue: Queue, publisher: Publisher, slug: str
) -> None:
    one = accepted(queue, Content(slug, ".yaml", b"article: x\n", ARTICLE))
    before = sorted(place.root.parent.rglob("*.txt"))
    assert publisher.publish() == Outcome((), (one.id,))
    assert queue.get(one.id).events[-1].reason.endswith("is no slug")
    assert sorted(place.root.parent.rglob("*.txt")) == before


def test_the_folder_of_an_article_that_others_have_goes_with_nobody(
    place: Workspace, queue: Queue, publisher: Publisher
) -> None:
    folder = place.root / "articles/new-one"
    folder.mkdir()
    (folder / "article.txt").write_bytes(ARTICLE.text)
    (folder / "article.yaml").write_bytes(METADATA)
    wrong = accepted(queue, Content("new-one", ".yaml", ABOUT_NEW + b"x: y\n", ARTICLE))
    assert publisher.publish() == Outcome((), (wrong.id,))
    assert {path.name for path in folder.iterdir()} == {"article.txt", "article.yaml"}
    right = accepted(queue, Content("new-one", ".yaml", ABOUT_NEW, ARTICLE))
    assert publisher.publish() == Outcome((right.id,))


def test_another_article_of_the_same_name_stays(
    place: Workspace, queue: Queue, publisher: Publisher
) -> None:
    own = Content("example", ".yaml", b"article: example\n", ARTICLE)
    text = (place.root / "articles/example/article.txt").read_bytes()
    one, gone = accepted(queue, own), accepted(queue, Content("gone", ".yaml", b"article: gone\n"))
    assert publisher.publish() == Outcome((), (one.id, gone.id))
    assert "another article of this name" in queue.get(one.id).events[-1].reason
    assert "no such article" in queue.get(gone.id).events[-1].reason
    assert (place.root / "articles/example/article.txt").read_bytes() == text


def test_one_publishes_at_a_time(place: Workspace, queue: Queue, publisher: Publisher) -> None:
    one = accepted(queue, NEW)
    with locked(place.root / STATE / FOLDER, 0):
        assert publisher.publish() == Outcome(left="another process publishes")
    assert queue.get(one.id).state is State.accepted


def test_while_somebody_builds_it_waits(
    place: Workspace, queue: Queue, publisher: Publisher
) -> None:
    one = accepted(queue, NEW)
    with locked(place.root / STATE, 0):
        outcome = publisher.publish()
    assert outcome.published == () and "is building" in outcome.left
    assert publisher.publish() == Outcome((one.id,))


def test_a_place_is_taken_away_only_with_what_was_put_there(place: Workspace) -> None:
    where = Place(place.root, "a", Content("example", ".yaml", b""), "submission-a.yaml")
    path = place.root / where.file
    where.put(b"one")
    where.put(b"one")
    with pytest.raises(Occupied):
        where.put(b"other")
    where.take_away(b"other")
    assert path.read_bytes() == b"one"
    where.take_away(b"one")
    where.take_away(b"one")
    assert not path.exists()
