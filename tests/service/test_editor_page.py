"""The page on which facts are written, in a real browser, against the server that checks them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from tests.service.browser import ARGUMENTS, CHROMIUM
from tests.service.editor_served import ARTICLE, FACTS, Place, place
from tests.service.served import fetch

import kgpub
from kgpub.service.editing.routes import FOLDER, SCRIPT

pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed"),
    pytest.mark.skipif(
        not (FOLDER / SCRIPT).exists(), reason="the editor is not built: make query-page"
    ),
]
VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
LANGUAGES = pytest.mark.parametrize("language", ["en", "ar"])
TEXT = (Path(kgpub.__file__).parent / "templates/articles/example/article.txt").read_text("utf-8")
FINE = {"en": "Nothing is wrong.", "ar": "لا خطأ فيها."}
NOT_THERE = {"en": "not in the article", "ar": "ليست في المقالة"}
BEFORE = {"en": "Received before: nothing was added.", "ar": "استُلم من قبل: لم يُضف شيء."}
RECEIVED = {"en": "Received.", "ar": "استُلم."}
HURT = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>'


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place(tmp_path_factory.mktemp("editor")) as running:
        yield running


expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(locale="en", viewport={"width": 1280, "height": 900})
    made.add_init_script(VIOLATIONS)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, served: Place) -> Iterator[Page]:
    """A page that must ask nobody but its server, and break neither its script nor its policy."""
    opened = context.new_page()
    errors: list[str] = []
    asked: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("dialog", lambda dialog: errors.append(dialog.message))
    context.on("request", lambda request: asked.append(request.url))
    opened.set_default_timeout(30_000)
    yield opened
    assert opened.evaluate("window.violations") == []
    assert opened.evaluate("window.hurt") is None
    assert errors == []
    elsewhere = [url for url in asked if not url.startswith(f"{served.origin}/")]
    assert [url for url in elsewhere if not url.startswith(("data:", "blob:"))] == []


def opened(page: Page, served: Place, language: str = "en", article: str | None = ARTICLE) -> None:
    more = "" if article is None else f"&article={article}"
    page.goto(f"{served.origin}/submit?lang={language}{more}")
    expect(page.locator("#submit-app")).to_be_visible()
    if article is not None:
        expect(page.locator("#submit-yaml .cm-content")).to_be_visible()


def write(page: Page, text: str) -> None:
    page.locator("#submit-yaml .cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def written(page: Page) -> str:
    """The facts as they stand, as the page keeps them."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    kept = page.evaluate(
        "localStorage.getItem('kgpub-draft:' + new URLSearchParams(location.search).get('article'))"
    )
    return str(json.loads(kept)["facts"])


def read(text: str) -> Any:
    """YAML as PyYAML reads it, which is none of what wrote it."""
    return yaml.safe_load(text)


def select(page: Page, words: str) -> None:
    """Select words of the article by the keyboard alone: forth is to the left."""
    page.locator("#submit-text .cm-content").focus()
    at = TEXT.index(words)
    # Through digits, which run the other way, keys would lead astray.
    if at < TEXT.index("2019"):
        page.keyboard.press("Control+Home")
        keys = ["ArrowLeft"] * at
    else:
        page.keyboard.press("Control+End")
        keys = ["ArrowRight"] * (len(TEXT) - at)
    for key in (*keys, *["Shift+ArrowLeft"] * len(words)):
        page.keyboard.press(key)


def state(page: Page) -> Any:
    return expect(page.locator("#submit-state"), "what is told of the facts")


@LANGUAGES
def test_from_a_mistake_to_what_is_received(page: Page, served: Place, language: str) -> None:
    before = len(served.queued())
    # Comments tell the two apart: what is sent again would be the same submission.
    facts = FACTS.replace("# Who", f"# {language}: who")
    opened(page, served, language)
    write(page, facts.replace("المهندسة ليلى", "المهندسه ليلى"))
    marked = page.locator("#submit-yaml .cm-lintRange-error")
    expect(marked.first).to_contain_text("المهندسه ليلى")
    told = page.locator("#submit-problems li").first
    expect(told).to_contain_text("9")
    expect(told.locator(f"span[lang={language}]")).to_contain_text(NOT_THERE[language])
    marked.first.hover()
    expect(page.locator(".cm-tooltip .cm-diagnostic")).to_contain_text(NOT_THERE[language])
    page.locator("#submit-token").fill(served.token)
    page.locator("#submit-button").click()
    expect(page.locator("#submit-outcome")).not_to_be_empty()
    expect(page.locator("#submit-outcome")).not_to_contain_text(RECEIVED[language])
    assert len(served.queued()) == before
    write(page, facts)
    state(page).to_contain_text(FINE[language])
    expect(page.locator("#submit-problems li")).to_have_count(0)
    page.locator("#submit-button").click()
    expect(page.locator("#submit-outcome")).to_contain_text(RECEIVED[language])
    assert served.queued()[before:] == [("waiting", ARTICLE, facts, None)]
    # What was received is kept no longer, and sent again it is the same.
    assert page.evaluate("Object.keys(localStorage)") == []
    page.locator("#submit-button").click()
    expect(page.locator("#submit-outcome p").first).to_have_text(BEFORE[language])
    assert len(served.queued()) == before + 1
    page.locator("#submit-outcome button").click()
    expect(page.locator("#submit-outcome [data-state=waiting]")).to_be_visible()


@LANGUAGES
def test_quotes_are_marked_in_the_article(page: Page, served: Place, language: str) -> None:
    opened(page, served, language)
    write(page, FACTS)
    marked = page.locator("#submit-text .cm-quoted")
    expect(marked).to_have_text("المهندسة ليلى حسن رئيسة للبلدية")
    line = page.locator("#submit-text .cm-line", has_text="انتخب")
    assert line.evaluate("each => getComputedStyle(each).direction") == "rtl"
    box, whole = marked.bounding_box(), line.bounding_box()
    assert box is not None and whole is not None
    # The line begins at its right end, with other words.
    begins = line.evaluate(
        """line => {
          const range = document.createRange();
          range.setStart(line.firstChild, 0);
          range.setEnd(line.firstChild, 5);
          return range.getBoundingClientRect().right;
        }"""
    )
    assert begins > whole["x"] + 0.9 * whole["width"]
    assert box["x"] < begins - 30
    page.keyboard.press("Control+Home")
    expect(page.locator("#submit-text .cm-current")).to_have_count(0)
    page.locator("#submit-yaml .cm-line", has_text="words:").click()
    expect(page.locator("#submit-text .cm-current")).to_have_text("المهندسة ليلى حسن رئيسة للبلدية")


def test_arabic_words_do_not_turn_what_stands_around_them(page: Page, served: Place) -> None:
    opened(page, served)
    write(page, FACTS)
    name = page.locator("#submit-yaml .cm-line", has_text="layla-hasan: {name")
    expect(name.locator(".cm-isolated")).to_have_text("ليلى حسن")
    places = name.evaluate(
        """line => ["ar", "ليلى", "en", "Layla"].map((word) => {
          const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
          for (let node = walk.nextNode(); node; node = walk.nextNode()) {
            const at = node.data.indexOf(word);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + word.length);
            return range.getBoundingClientRect().left;
          }
          const whole = line.textContent.indexOf(word);
          return whole < 0 ? null : -1;
        })"""
    )
    assert None not in places and -1 not in places
    # From left to right as they are written.
    assert places == sorted(places)


def test_selected_words_start_a_statement(page: Page, served: Place) -> None:
    opened(page, served)
    write(page, FACTS)
    select(page, "وقالت حسن")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#submit-yaml .cm-content")).to_be_focused()
    page.keyboard.type("\nsaid-by: person/layla-hasan")
    told = read(written(page))["statements"]
    assert told[1:] == [{"words": "وقالت حسن", "said-by": "person/layla-hasan"}]
    assert told[:1] == read(FACTS)["statements"]
    # The same by the button; a word that stands there twice is told apart.
    select(page, "حسن")
    page.locator("#submit-start").click()
    assert read(written(page))["statements"][2:] == [{"words": "حسن", "occurrence": 1}]
    assert written(page).startswith(FACTS.rstrip("\n"))


HOSTILE = ("a: b # c", "- 'x' \"y\"", "{z}: [1, *2]", "~", "tab\there", "\u200fمن\u200e: # هنا")


@pytest.mark.parametrize("words", HOSTILE)
def test_selected_words_are_quoted_rightly(page: Page, served: Place, words: str) -> None:
    opened(page, served, article="")
    page.locator("#submit-text .cm-content").click()
    page.keyboard.insert_text(words)
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#submit-yaml .cm-content")).to_be_focused()
    assert read(written(page))["statements"] == [{"words": words}]
    expect(page.locator("#submit-text .cm-quoted").first).to_be_attached()


def add(page: Page, kind: str, fields: dict[str, str]) -> str:
    """Fill in a form, and return what it shows before it is sent."""
    page.locator("#submit-kind").select_option(kind)
    form = page.locator(f"#form-{kind}")
    for name, value in fields.items():
        form.locator(f"[name={name}]").fill(value)
    shown = page.locator("#submit-preview").inner_text()
    form.get_by_role("button").last.click()
    return shown


@LANGUAGES
def test_forms_write_the_yaml_that_they_show(page: Page, served: Place, language: str) -> None:
    opened(page, served, language)
    write(page, FACTS)
    page.locator("#submit-forms summary").click()
    salim = {"name-ar": "سالم عمر", "name-en": "Salim Omar"}
    shown = [add(page, "person", salim)]
    office = {"name-en": "Head of the Council", "slug": "head", "jurisdiction": "al-waha"}
    shown.append(add(page, "office", office))
    select(page, "لسالم عمر الذي تولى المنصب")
    page.locator("#submit-kind").select_option("tenure")
    page.locator("#form-tenure .submit-take").click()
    words = page.locator("#tenure-words").input_value()
    assert words == "لسالم عمر الذي تولى المنصب"
    tenure = {"person": "salim-omar", "office": "mayor-of-al-waha", "start": "2019"}
    shown.append(add(page, "tenure", tenure))
    quotation = {"words": "سنبدأ بإصلاح شبكة المياه", "said-by": "person/layla-hasan"}
    shown.append(add(page, "quotation", quotation))
    text = written(page)
    facts, before = read(text), read(FACTS)
    assert facts["people"] == {
        **before["people"],
        "salim-omar": {"name": {"en": "Salim Omar", "ar": "سالم عمر"}},
    }
    assert facts["offices"]["head"] == {
        "name": {"en": "Head of the Council"},
        "jurisdiction": "al-waha",
    }
    assert facts["statements"][1:] == [
        {
            "words": words,
            "asserts": [
                {
                    "type": "Tenure",
                    "person": "salim-omar",
                    "office": "mayor-of-al-waha",
                    "start": 2019,
                }
            ],
        },
        quotation,
    ]
    for line in FACTS.splitlines():
        assert line in text.splitlines()
    for each in shown:
        # What is shown is what is written, below the name of its section.
        lines = each.strip().splitlines()[1:]
        assert "\n".join(lines) in text
    expect(page.locator("#submit-people option")).to_have_count(2)


def test_a_form_says_what_is_missing(page: Page, served: Place) -> None:
    opened(page, served)
    write(page, FACTS)
    page.locator("#submit-forms summary").click()
    add(page, "person", {"slug": "nobody"})
    expect(page.locator("#submit-notice")).to_have_text("Give a name in one language at least.")
    expect(page.locator("#person-en")).to_be_focused()
    add(page, "person", {"name-en": "Layla", "slug": "layla-hasan"})
    expect(page.locator("#submit-notice")).to_contain_text("is there already")
    assert written(page) == FACTS


def accept(page: Page) -> None:
    """Accept a completion; CodeMirror takes no key for that which comes with what was typed."""
    page.wait_for_timeout(200)
    page.keyboard.press("Enter")


def test_completion_and_explanation_are_in_the_language_of_the_page(
    page: Page, served: Place
) -> None:
    with page.expect_response(re.compile(r"submission\.ar\.schema\.json")):
        opened(page, served, "ar")
    write(page, FACTS.rstrip("\n") + "\n    ")
    page.keyboard.type("said")
    option = page.locator(".cm-tooltip-autocomplete li").first
    expect(option).to_contain_text("said-by")
    expect(page.locator(".cm-completionInfo div")).to_have_text(re.compile("[\u0600-\u06ff]{3}"))
    accept(page)
    page.keyboard.type("per")
    expect(page.locator(".cm-tooltip-autocomplete li").first).to_contain_text("person/layla-hasan")
    accept(page)
    assert read(written(page))["statements"][0]["said-by"] == "person/layla-hasan"
    page.locator("#submit-yaml .cm-line", has_text="type: Tenure").get_by_text("office").hover()
    expect(page.locator(".cm-explanation")).to_have_text(re.compile("[\u0600-\u06ff]{3}"))


def test_what_is_written_survives_a_reload(page: Page, served: Place) -> None:
    opened(page, served)
    write(page, FACTS)
    page.reload()
    expect(page.locator("#submit-yaml .cm-content")).to_contain_text("# Who has been elected.")
    assert written(page) == FACTS
    # Of a new article the text and the fields as well; each article has what is its own.
    opened(page, served, article="")
    page.locator("#new-title").fill("عنوان")
    page.locator("#submit-text .cm-content").click()
    page.keyboard.insert_text("نص جديد")
    page.reload()
    expect(page.locator("#submit-text .cm-content")).to_have_text("نص جديد")
    expect(page.locator("#new-title")).to_have_value("عنوان")
    page.locator("#submit-other").click()
    begun = page.locator("#submit-drafts button")
    expect(begun).to_have_count(2)
    begun.nth(1).click()
    expect(page.locator("#submit-yaml .cm-content")).to_contain_text("# Who has been elected.")
    for _ in range(2):
        page.locator("#submit-discard").click()
    expect(page.locator("#submit-drafts button")).to_have_count(1)


@LANGUAGES
def test_a_lost_connection_loses_nothing(
    context: BrowserContext, page: Page, served: Place, language: str
) -> None:
    before = len(served.queued())
    facts = FACTS.replace("# Who", f"# offline {language}: who")
    opened(page, served, language)
    page.locator("#submit-token").fill(served.token)
    context.set_offline(True)
    notice = page.locator("#submit-notice")
    expect(notice).not_to_be_empty()
    # What the page can tell by itself is marked without the server.
    write(page, facts.replace("المهندسة", "المهندسه").replace("offices:", "offises:"))
    marked = page.locator("#submit-yaml .cm-lintRange-error")
    expect(marked).to_have_count(2)
    write(page, facts)
    expect(marked).to_have_count(0)
    page.locator("#submit-button").click()
    outcome = page.locator("#submit-outcome")
    expect(outcome).not_to_be_empty()
    expect(outcome).not_to_contain_text(RECEIVED[language])
    assert len(served.queued()) == before
    context.set_offline(False)
    expect(outcome).to_contain_text(RECEIVED[language])
    state(page).to_contain_text(FINE[language])
    assert [each[2] for each in served.queued()[before:]] == [facts]


def test_what_waits_to_be_sent_is_sent_after_a_reload(
    context: BrowserContext, page: Page, served: Place
) -> None:
    before = len(served.queued())
    opened(page, served)
    page.locator("#submit-token").fill(served.token)
    facts = FACTS.replace("# Who", "# after a reload: who")
    write(page, facts)
    context.route("**/api/submissions*", lambda route: route.abort())
    page.locator("#submit-button").click()
    expect(page.locator("#submit-outcome")).to_contain_text("Not received yet")
    context.unroute("**/api/submissions*")
    page.reload()
    expect(page.locator("#submit-outcome")).to_contain_text("Received.")
    assert [each[2] for each in served.queued()[before:]] == [facts]


def test_an_answer_that_got_lost_gives_no_second_submission(
    context: BrowserContext, page: Page, served: Place
) -> None:
    before = len(served.queued())
    opened(page, served)
    page.locator("#submit-token").fill(served.token)
    write(page, FACTS.replace("# Who", "# answered in vain: who"))

    def lost(route: Any) -> None:
        route.fetch()
        route.abort()

    context.route("**/api/submissions*", lost)
    page.locator("#submit-button").click()
    expect(page.locator("#submit-outcome")).to_contain_text("Not received yet")
    assert len(served.queued()) == before + 1
    context.unroute("**/api/submissions*")
    page.locator("#submit-button").click()
    expect(page.locator("#submit-outcome")).to_contain_text("Received before")
    assert len(served.queued()) == before + 1


def test_what_is_written_on_is_not_sent_unasked(
    context: BrowserContext, page: Page, served: Place
) -> None:
    before = len(served.queued())
    opened(page, served)
    page.locator("#submit-token").fill(served.token)
    context.set_offline(True)
    facts = FACTS.replace("# Who", "# half written: who")
    write(page, facts)
    page.locator("#submit-button").click()
    expect(page.locator("#submit-outcome")).to_contain_text("Not received yet")
    write(page, facts.replace("# half", "# wholly"))
    expect(page.locator("#submit-outcome")).to_contain_text("until you submit it again")
    context.set_offline(False)
    state(page).to_contain_text(FINE["en"])
    assert len(served.queued()) == before


def test_what_is_written_while_it_is_sent_is_kept(
    context: BrowserContext, page: Page, served: Place
) -> None:
    before = len(served.queued())
    opened(page, served)
    page.locator("#submit-token").fill(served.token)
    facts = FACTS.replace("# Who", "# while it is sent: who")
    write(page, facts)
    waiting: list[Any] = []
    context.route("**/api/submissions*", lambda route: waiting.append(route))
    page.locator("#submit-button").click()
    expect(page.locator("#submit-outcome")).to_contain_text("Sending")
    write(page, f"{facts}# and more\n")
    waiting[0].continue_()
    expect(page.locator("#submit-outcome")).to_contain_text("Received.")
    assert [each[2] for each in served.queued()[before:]] == [facts]
    assert written(page) == f"{facts}# and more\n"


def test_what_is_mended_takes_the_place_of_what_was_received(page: Page, served: Place) -> None:
    before = len(served.queued())
    opened(page, served)
    page.locator("#submit-token").fill(served.token)
    outcome = page.locator("#submit-outcome")
    facts = FACTS.replace("# Who", "# mended: who")
    for number, text in enumerate((facts, f"{facts}# once\n", f"{facts}# twice\n")):
        write(page, text)
        if number == 2:
            # It is known after a reload, too.
            written(page)
            page.reload()
            expect(page.locator("#submit-yaml .cm-content")).to_contain_text("# twice")
        page.locator("#submit-button").click()
        expect(outcome).to_contain_text("takes the place" if number else "Received.")
        assert [each[2] for each in served.queued()[before:]] == [text]
    # What is decided is left alone.
    address = outcome.locator("a").get_attribute("href")
    withdrawn = fetch(
        f"{served.origin}{address}", method="DELETE", authorization=f"Bearer {served.token}"
    )
    assert withdrawn.status == 200
    outcome.get_by_role("button").click()
    expect(outcome.locator("[data-state=withdrawn]")).to_be_visible()
    write(page, f"{facts}# anew\n")
    page.locator("#submit-button").click()
    expect(outcome).to_contain_text("Received.")
    assert [each[0] for each in served.queued()[before:]] == ["withdrawn", "waiting"]


def test_a_token_is_kept_for_the_tab_alone(page: Page, served: Place) -> None:
    opened(page, served)
    page.locator("#submit-token").fill("kgpub_wrong")
    write(page, FACTS)
    page.locator("#submit-button").click()
    expect(page.locator("#submit-outcome")).to_contain_text("not valid")
    written(page)
    assert "kgpub_wrong" in page.evaluate("JSON.stringify(sessionStorage)")
    assert "kgpub_wrong" not in page.evaluate("JSON.stringify(localStorage)")
    assert "kgpub_wrong" not in page.url
    page.locator("#submit-token").fill("")
    page.locator("#submit-button").click()
    expect(page.locator("#submit-outcome")).to_contain_text("Give a token")
    assert page.evaluate("sessionStorage.length") == 0


def test_who_has_signed_in_needs_no_token(page: Page, served: Place) -> None:
    before = len(served.queued())
    opened(page, served)
    page.locator("#submit-token-note a").click()
    page.locator("#token").fill(served.token)
    page.locator("form.account-sign-in button").click()
    page.wait_for_url(re.compile("/submit"))
    opened(page, served)
    expect(page.locator("#submit-token")).to_have_count(0)
    write(page, FACTS.replace("# Who", "# signed in: who"))
    page.locator("#submit-button").click()
    expect(page.locator("#submit-outcome")).to_contain_text("Received.")
    assert len(served.queued()) == before + 1


@LANGUAGES
def test_a_new_article_is_submitted_with_its_facts(
    page: Page, served: Place, language: str
) -> None:
    before = len(served.queued())
    opened(page, served, language, None)
    page.locator("#submit-new").click()
    slug = f"flood-{language}"
    text = "فيضان في البصرة\nقال سالم عمر: «سنبني السد».\n"
    page.locator("#new-title").fill("فيضان: في البصرة")
    page.locator("#new-slug").fill(slug)
    page.locator("#new-publisher").fill("basra-news")
    page.locator("#new-published").fill("2026-11-29")
    page.locator("#new-source").fill("https://example.org/flood?a=1#b")
    page.locator("#submit-text .cm-content").click()
    page.keyboard.insert_text(text)
    facts = (
        f"article: {slug}\n"
        "organisations:\n"
        "  basra-news: {name: {en: Basra News}, kind: media-outlet}\n"
        "people:\n  salim-omar: {name: {ar: سالم عمر}}\n"
        "statements:\n  - words: سنبني السد\n    said-by: person/salim-omar\n"
    )
    assert read(written(page))["article"] == slug
    write(page, facts)
    state(page).to_contain_text(FINE[language])
    expect(page.locator("#submit-text .cm-quoted")).to_have_text("سنبني السد")
    page.locator("#submit-token").fill(served.token)
    page.locator("#submit-button").click()
    expect(page.locator("#submit-outcome")).to_contain_text(RECEIVED[language])
    assert served.queued()[before:] == [("waiting", slug, facts, text)]


def test_an_article_is_found_and_facts_are_submitted_by_the_keyboard_alone(
    page: Page, served: Place
) -> None:
    before = len(served.queued())
    opened(page, served, article=None)
    expect(page.locator("#submit-q")).to_be_focused()
    page.keyboard.type("بلدية الواحه")
    page.keyboard.press("Enter")
    expect(page.locator("#submit-found li")).to_have_count(1)
    press_until(page, "#submit-found button")
    page.keyboard.press("Enter")
    press_until(page, "#submit-text .cm-content")
    # Neither editor is a trap.
    press_until(page, "#submit-yaml .cm-content")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(FACTS.replace("# Who", "# by keys: who").replace("words:", "word:"))
    expect(page.locator("#submit-yaml .cm-lintRange-error").first).to_be_attached()
    press_until(page, "#submit-problems button")
    page.keyboard.press("Enter")
    expect(page.locator("#submit-yaml .cm-content")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(FACTS.replace("# Who", "# by keys: who"))
    state(page).to_contain_text(FINE["en"])
    press_until(page, "#submit-token")
    page.keyboard.type(served.token)
    page.keyboard.press("Enter")
    expect(page.locator("#submit-outcome")).to_contain_text("Received.")
    assert len(served.queued()) == before + 1


def press_until(page: Page, selector: str) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.locator(selector).first.evaluate(
            "each => each.getRootNode().activeElement === each"
            " && (each.getRootNode() === document"
            " || document.activeElement === each.getRootNode().host)"
        ):
            return
    raise AssertionError(f"no way by keys to {selector}")


def test_another_window_that_writes_the_same_is_told_of(
    context: BrowserContext, page: Page, served: Place
) -> None:
    opened(page, served)
    other = context.new_page()
    opened(other, served)
    write(other, FACTS)
    written(other)
    expect(page.locator("#submit-notice")).to_contain_text("another window")
    other.close()


@LANGUAGES
def test_nothing_that_is_written_is_markup(page: Page, served: Place, language: str) -> None:
    opened(page, served, language, "")
    for field in ("title", "slug", "publisher", "published"):
        page.locator(f"#new-{field}").fill(HURT)
    page.locator("#new-source").fill(f"javascript:{HURT}")
    page.locator("#submit-text .cm-content").click()
    page.keyboard.insert_text(f"{HURT} قال")
    quoted = f"'{HURT} قال'"
    write(
        page,
        f"article: '{HURT}'\npeople:\n  '{HURT}': {{name: {{'{HURT}': '{HURT}'}}}}\n"
        f"statements:\n  - words: {quoted}\n    '{HURT}': x\n",
    )
    expect(page.locator("#submit-problems li").first).to_be_attached()
    page.locator("#submit-forms summary").click()
    page.locator("#submit-kind").select_option("tenure")
    page.locator("#tenure-words").fill(HURT)
    page.locator("#tenure-person").fill(HURT)
    expect(page.locator("#submit-preview")).to_contain_text("<img")
    page.locator("#submit-other").click()
    expect(page.locator("#submit-drafts button")).to_contain_text("<img")
    page.locator("#submit-q").fill(HURT)
    page.locator("#submit-search button").first.click()
    expect(page.locator("#submit-found p")).not_to_be_empty()
    assert page.locator("img, main script:not([type='application/json'])").count() == 0
    page.goto(f"{served.origin}/submit?lang={language}&article={HURT}")
    expect(page.locator("#submit-notice")).to_contain_text("<img")


def test_a_draft_that_others_have_written_does_no_harm(page: Page, served: Place) -> None:
    opened(page, served, article=None)
    page.evaluate(
        """hurt => {
          localStorage.setItem("kgpub-draft:" + hurt, JSON.stringify({title: hurt, at: "x"}));
          localStorage.setItem("kgpub-draft:example", "{");
          localStorage.setItem("kgpub-draft:b", JSON.stringify({fields: 3, facts: [hurt]}));
        }""",
        HURT,
    )
    page.reload()
    expect(page.locator("#submit-drafts button")).to_have_count(2)
    page.locator("#submit-drafts button", has_text="<img").click()
    expect(page.locator("#submit-notice")).to_contain_text("<img")


def test_who_writes_faster_than_the_server_checks_is_told_so(
    browser: Browser, tmp_path: Path
) -> None:
    with place(tmp_path, submission_limits_per_minute="1") as slow:
        page = browser.new_page()
        opened(page, slow, "ar")
        state(page).not_to_be_empty()
        write(page, FACTS.replace("المهندسة ليلى", "المهندسه ليلى"))
        state(page).to_contain_text("الخادم مشغول")
        # What the page can tell by itself is marked meanwhile.
        expect(page.locator("#submit-yaml .cm-lintRange-error")).to_contain_text("المهندسه ليلى")
        page.close()


def test_a_file_is_checked_without_javascript(
    browser: Browser, served: Place, tmp_path: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.origin}/submit?lang=ar")
    file = tmp_path / "facts.yaml"
    file.write_text(FACTS.replace("المهندسة", "المهندسه"), encoding="utf-8")
    page.locator("#plain-facts").set_input_files(file)
    page.locator(".submit-plain button").click()
    page.wait_for_url("**/api/validate*")
    assert page.locator("html").get_attribute("lang") == "ar"
    expect(page.locator("body")).to_contain_text("المهندسه")
    context.close()
