"""The page on which facts are written, for those with small screens, by night, with a reader."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.conftest import REPOSITORY
from tests.service.browser import ARGUMENTS, CHROMIUM
from tests.service.editor_served import ARTICLE, FACTS, Place, place

from kgpub.service.editing.routes import FOLDER, SCRIPT

AXE = REPOSITORY / "web/node_modules/axe-core/axe.min.js"
NARROW = 320
"""The width in CSS pixels to which contents must reflow (WCAG 2.2, 1.4.10)."""
WIDE = """
() => [...document.querySelectorAll("body *")].filter((element) => {
  const box = element.getBoundingClientRect(), width = document.documentElement.clientWidth;
  return box.width && (box.right > width + 1 || box.left < -1);
}).map((element) => element.outerHTML.slice(0, 200))
"""
pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed"),
    pytest.mark.skipif(
        not (FOLDER / SCRIPT).exists(), reason="the editor is not built: make query-page"
    ),
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place(tmp_path_factory.mktemp("everyone")) as running:
        yield running


expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield launched
        launched.close()


def opened(page: Page, served: Place, language: str) -> None:
    """Open the page as it is in the middle of work: facts with a mistake, a form, an outcome."""
    page.goto(f"{served.origin}/submit?lang={language}&article={ARTICLE}")
    page.locator("#submit-yaml .cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(FACTS.replace("المهندسة ليلى", "المهندسه ليلى"))
    expect(page.locator("#submit-problems li").first).to_be_attached()
    page.locator("#submit-forms summary").click()
    page.locator("#submit-kind").select_option("tenure")
    page.locator("#submit-button").click()
    expect(page.locator("#submit-outcome")).not_to_be_empty()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar", "ckb"])
def test_shuts_nobody_out(browser: Browser, served: Place, language: str, scheme: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: cd web && npm ci")
    # The policy of the page would keep the rules out; it is tested elsewhere.
    context = browser.new_context(
        locale=language,
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=True,
        viewport={"width": 1280, "height": 900},
    )
    page = context.new_page()
    for stage in ("choosing", "writing"):
        if stage == "writing":
            opened(page, served, language)
        else:
            page.goto(f"{served.origin}/submit?lang={language}")
            expect(page.locator("#submit-found li")).to_have_count(1)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        hard = [each for each in found["violations"] if each["impact"] in ("serious", "critical")]
        told = [(each["id"], [node["html"] for node in each["nodes"][:3]]) for each in hard]
        assert told == [], (stage, json.dumps(told, ensure_ascii=False))
    context.close()


@pytest.mark.parametrize("language", ["en", "ar", "ckb"])
def test_fits_a_phone(browser: Browser, served: Place, language: str) -> None:
    context = browser.new_context(
        locale=language, viewport={"width": NARROW, "height": 640}, has_touch=True
    )
    page = context.new_page()
    page.goto(f"{served.origin}/submit?lang={language}&article={ARTICLE}")
    article, facts = page.locator("#submit-article"), page.locator("#submit-facts")
    expect(article).to_be_visible()
    expect(facts).to_be_hidden()
    assert page.evaluate(WIDE) == []
    page.locator("[data-side=facts]").tap()
    expect(facts).to_be_visible()
    expect(article).to_be_hidden()
    expect(page.locator("[data-side=facts]")).to_have_attribute("aria-pressed", "true")
    page.locator("#submit-yaml .cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(FACTS.replace("المهندسة ليلى", "المهندسه ليلى"))
    expect(page.locator("#submit-problems li").first).to_be_visible()
    page.locator("#submit-forms summary").tap()
    for kind in ("person", "office", "tenure", "quotation"):
        page.locator("#submit-kind").select_option(kind)
        assert page.evaluate(WIDE) == [], kind
    # Whoever selects words comes to where they are written.
    page.locator("[data-side=article]").tap()
    page.locator("#submit-text .cm-content").focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Shift+End")
    page.locator("#submit-start").tap()
    expect(facts).to_be_visible()
    page.locator("#submit-other").tap()
    assert page.evaluate(WIDE) == []
    page.locator("#submit-new").tap()
    assert page.evaluate(WIDE) == []
    context.close()


@pytest.mark.parametrize("language", ["en", "ar", "ckb"])
def test_reads_from_its_own_side(browser: Browser, served: Place, language: str) -> None:
    context = browser.new_context(locale=language, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{served.origin}/submit?lang={language}&article={ARTICLE}")
    assert page.locator("html").get_attribute("lang") == language
    boxes = [page.locator(f"#submit-{side}").bounding_box() for side in ("article", "facts")]
    assert boxes[0] is not None and boxes[1] is not None
    # The article is the first side: on the left in English, on the right in the others.
    assert (boxes[0]["x"] < boxes[1]["x"]) == (language == "en")
    # Of the article each line begins at its own side, whatever the language of the page.
    line = page.locator("#submit-text .cm-line").first
    edges = line.evaluate(
        """line => {
          const range = document.createRange();
          range.selectNodeContents(line);
          const text = range.getBoundingClientRect(), whole = line.getBoundingClientRect();
          return [text.left - whole.left, whole.right - text.right];
        }"""
    )
    assert edges[1] < edges[0]
    # And the facts from the left, as YAML is indented there.
    assert page.locator("#submit-yaml .cm-content").evaluate(
        "each => getComputedStyle(each).direction"
    ) == ("ltr")
    context.close()
