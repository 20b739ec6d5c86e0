"""The feeds: all that happens for reviewers, what was published for everyone."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest
from lxml import etree
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from tests.service.accounts_served import SITE, Client, created
from tests.service.served import Got, fetch, running

from kgpub.service.accounts.letting_in import letting_in, recorded
from kgpub.service.application import application
from kgpub.service.limits import DEFAULT_LIMITS
from kgpub.service.notifying.feeds import Feeds
from kgpub.service.tokens.admission import Admission
from kgpub.service.tokens.keeping import KeptTokens
from kgpub.service.tokens.token import Scope
from kgpub.service.work import Work
from kgpub.settings import Serving
from kgpub.submissions.kept import Queue
from kgpub.submissions.submission import SERVER, Account, Action, Content

REVIEW, PUBLISHED = "/feeds/review.atom", "/feeds/published.atom"
LAYLA = Account("token/layla", "<b>Layla</b>")
REASON = 'No <script>alert(1)</script> & "\x00\x1b[2J" ]]>'
ATOM = "{http://www.w3.org/2005/Atom}"


@dataclass(frozen=True)
class Place:
    state: Path
    origin: str
    reviewer: str
    submitter: str
    id: str

    def get(self, path: str, **headers: str) -> Got:
        return fetch(self.origin + path, **headers)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    root = tmp_path_factory.mktemp("feeds")
    state = root / ".kgpub"
    queue = Queue(state, lambda: datetime.now(UTC))
    published = queue.receive(Content("al-waha", ".yaml", b"a"), "", LAYLA).submission.id
    queue.note(published, 1, Action.accepted, LAYLA, reason="Yes.")
    queue.note(published, 2, Action.published, SERVER, file="articles/al-waha/facts.yaml")
    rejected = queue.receive(Content("<i>", ".yaml", b"b"), "", LAYLA).submission.id
    queue.note(rejected, 1, Action.rejected, LAYLA, reason=REASON)
    serve = Serving(submissions=True)
    noted = recorded(state, serve)
    admission = Admission(
        KeptTokens(state), lambda: datetime.now(UTC), time.monotonic, tell=noted.failed
    )
    let_in = letting_in(root, state, serve, SITE, admission, noted)
    work = Work(DEFAULT_LIMITS, time.monotonic)
    feeds = Feeds(SITE, queue, let_in.accounts, work).routes()

    async def nothing(_: Request) -> Response:
        return Response("")

    reviewer, _ = created(state, Scope.review)
    submitter, _ = created(state, Scope.submit)
    with running(application([*let_in.routes, *feeds, Route("/x", nothing)])) as origin:
        yield Place(state, origin, reviewer, submitter, rejected)


def basic(password: str, user: str = "anyone") -> str:
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


def test_reviewers_read_all_that_happens(place: Place) -> None:
    got = place.get(f"{REVIEW}?lang=en", Authorization=f"Bearer {place.reviewer}")
    assert got.status == 200
    assert got.headers["content-type"] == "application/atom+xml; charset=utf-8"
    read = feedparser.parse(got.body)
    assert not read.bozo
    assert read.version == "atom10"
    titles = [each.title for each in read.entries]
    assert titles == [
        "Rejected: <i>",
        "Received: <i>",
        "Published: al-waha",
        "Accepted: al-waha",
        "Received: al-waha",
    ]
    first = read.entries[0]
    assert first.link == f"{place.origin}/review/{place.id}"
    assert first.author == "<b>Layla</b>"
    assert len({each.id for each in read.entries}) == 5
    assert all(each.id.startswith("tag:example.org,2026-") for each in read.entries)
    assert read.feed.links[0].href == f"{place.origin}{REVIEW}?lang=en"
    # What stands in it is text, whatever it says (RFC 4287, section 3.1.1.1).
    summary = etree.fromstring(got.body).find(f"{ATOM}entry/{ATOM}summary")
    assert summary is not None and summary.get("type", "text") == "text"
    assert summary.text == REASON.replace("\x00", "\\u0000").replace("\x1b", "\\u001b")


@pytest.mark.parametrize(("language", "word"), [("ar", "رُفضت"), ("ckb", "ڕەت کرایەوە")])
def test_in_the_reader_s_language(place: Place, language: str, word: str) -> None:
    asked = {"Authorization": f"Bearer {place.reviewer}", "Accept-Language": language}
    read = feedparser.parse(place.get(REVIEW, **asked).body)
    assert read.feed.language == language
    assert read.entries[0].title == f"{word}: <i>"


def test_a_reader_of_feeds_gives_the_token_as_a_password(place: Place) -> None:
    asked = place.get(REVIEW)
    assert asked.status == 401
    assert asked.headers["www-authenticate"].startswith('Basic realm="kgpub"')
    assert place.get(REVIEW, Authorization=basic(place.reviewer)).status == 200
    assert place.get(REVIEW, Authorization=basic(place.submitter)).status == 403
    for wrong in (basic(""), basic("wrong"), basic(place.reviewer[:-1]), "Basic !", "Basic"):
        got = place.get(REVIEW, Authorization=wrong)
        assert got.status == 401, wrong
    # A password is a token here and nowhere else.
    assert place.get("/sign-in", Authorization=basic(place.reviewer)).status == 401


def test_whoever_has_signed_in_reads_it_too(place: Place) -> None:
    client = Client(place.origin)
    client.sign_in(place.submitter)
    assert client.get(REVIEW).status == 403
    client.sign_in(place.reviewer)
    assert client.get(REVIEW).status == 200


def test_what_is_not_published_is_kept_nowhere(place: Place) -> None:
    got = place.get(REVIEW, Authorization=f"Bearer {place.reviewer}")
    assert got.headers["cache-control"] == "no-store"
    assert got.headers["etag"] is None


def test_everyone_reads_what_was_published_and_nothing_else(place: Place) -> None:
    got = place.get(f"{PUBLISHED}?lang=en")
    read = feedparser.parse(got.body)
    assert not read.bozo
    [only] = read.entries
    assert only.title == "Published: al-waha"
    assert only.link == f"{place.origin}/data/article/al-waha.en.html"
    assert not any(each in got.body for each in (b"Layla", b"Yes.", b"facts.yaml", b"&lt;i&gt;"))
    assert place.get(f"{PUBLISHED}?lang=en", If_None_Match=got.headers["etag"]).status == 304
    assert place.get(f"{PUBLISHED}?lang=ar", If_None_Match=got.headers["etag"]).status == 200


def test_where_nothing_has_happened_there_is_a_feed_all_the_same(tmp_path: Path) -> None:
    from kgpub.pages.submission_feed import Feed, atom

    read = feedparser.parse(atom(Feed(SITE, "en", "published", "https://example.org/f"), []))
    assert (read.bozo, read.entries, bool(read.feed.updated)) == (False, [], True)
