"""The whole way in a real browser: signed in, a submission reviewed, published, and asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.conftest import REPOSITORY
from tests.service.browser import ARGUMENTS, CHROMIUM
from tests.service.review_served import CONTRADICTING, NEW, Desk, desk, eventually, new_workspace
from tests.service.served import fetch

AXE = REPOSITORY / "web/node_modules/axe-core/axe.min.js"
VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
NARROW = 320
WORDS = {
    "en": {"go": "Sign in", "accept": "Accept", "edit": "Edit and accept", "list": "to review"},
    "ar": {"go": "دخول", "accept": "قبول", "edit": "تحرير وقبول", "list": "للمراجعة"},
}
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    root = tmp_path_factory.mktemp("review")
    new_workspace(root)
    with desk(root) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield launched
        launched.close()


def _signed_in(browser: Browser, served: Desk, language: str, scheme: str = "light") -> Page:
    """A page of somebody who has come from the list and signed in with their token."""
    context = browser.new_context(locale=language, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto(f"{served.origin}/review?lang={language}")
    page.locator("#token").fill(served.tokens["editor"])
    page.locator("form.account-sign-in button").click()
    expect(page.locator("h1")).to_contain_text(WORDS[language]["list"])
    return page


@pytest.mark.parametrize("language", ["en", "ar"])
def test_from_a_submission_to_what_is_published(
    browser: Browser, served: Desk, language: str
) -> None:
    slug = f"nadia-{language}"
    id_ = served.submit(NEW.replace("nadia-karim", slug))["id"]
    page = _signed_in(browser, served, language)
    page.locator(f'a[href*="{id_}"]').click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    expect(page.locator(".words mark")).to_contain_text("وقالت حسن")
    page.locator("#reason").fill("كما في الجريدة")
    page.get_by_role("button", name=WORDS[language]["accept"], exact=True).click()
    expect(page.locator(".events")).to_contain_text("كما في الجريدة")
    served.published(id_)
    page.reload()
    expect(page.locator(".events")).to_contain_text(f"submission-{id_}.yaml")
    expect(page.locator("form.decide")).to_have_count(0)
    person = f"{served.origin}/data/person/{slug}.{language}.html"
    eventually(lambda: fetch(person).status == 200)
    page.goto(person)
    expect(page.locator("h1")).to_contain_text("نادية كريم" if language == "ar" else "Nadia Karim")
    query = f"SELECT ?by {{ ?s kg:describes person:{slug} ; kg:acceptance/kg:acceptedBy ?by }}"
    page.goto(f"{served.origin}/query?lang={language}")
    answer = page.evaluate(
        "async (query) => (await fetch('sparql', {method: 'POST', headers: {Accept:"
        " 'application/json'}, body: new URLSearchParams({query})})).json()",
        query,
    )
    assert [each["by"]["value"] for each in answer["results"]["bindings"]] == ["Layla the editor"]
    page.context.close()


def test_without_a_mouse_and_without_scripts(browser: Browser, served: Desk) -> None:
    id_ = served.submit(NEW.replace("nadia-karim", "by-keyboard"))["id"]
    context = browser.new_context(
        java_script_enabled=False, extra_http_headers=served.as_("editor"), locale="en"
    )
    page = context.new_page()
    page.goto(f"{served.origin}/review/{id_}")
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+End")
    page.keyboard.type("# looked at\n")
    page.keyboard.press("Tab")
    page.keyboard.type("A note was added.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".events")).to_contain_text("A note was added.")
    file = served.root / served.published(id_)["events"][-1]["file"]
    assert "# looked at\n" in file.read_text(encoding="utf-8")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_page_shuts_anybody_out(
    browser: Browser, served: Desk, language: str, scheme: str
) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: cd web && npm ci")
    odd = NEW.replace("nadia-karim", "odd-one").replace("Karim", "Kаrim")
    ids = [served.submit(each)["id"] for each in (CONTRADICTING, odd)]
    page = _signed_in(browser, served, language, scheme)
    for address in ("/review", *(f"/review/{id_}" for id_ in ids)):
        page.goto(f"{served.origin}{address}?lang={language}")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        hard = [each for each in found["violations"] if each["impact"] in ("serious", "critical")]
        told = [(each["id"], [node["html"] for node in each["nodes"][:3]]) for each in hard]
        assert told == [], (address, json.dumps(told, ensure_ascii=False))
        page.set_viewport_size({"width": NARROW, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    page.context.close()


def test_nothing_runs_and_the_policy_is_kept(browser: Browser, served: Desk) -> None:
    hurt = "<script>window.hurt = 1</script><img src=x onerror='window.hurt = 1'>"
    facts = (
        f'article: example\ncontributor: "{hurt}"\npeople:\n'
        f'  hurting: {{name: {{en: "{hurt}"}}}}\n'
        "statements:\n  - {words: وقالت حسن, about: [person/hurting]}\n"
    )
    id_ = served.submit(facts)["id"]
    context = browser.new_context(extra_http_headers=served.as_("editor"))
    context.add_init_script(VIOLATIONS)
    page = context.new_page()
    for address in ("/review", f"/review/{id_}"):
        page.goto(served.origin + address)
        assert page.evaluate("[window.hurt ?? null, window.violations]") == [None, []]
    context.close()


def test_a_form_of_another_site_decides_nothing(
    browser: Browser, served: Desk, tmp_path: Path
) -> None:
    id_ = served.submit(NEW.replace("nadia-karim", "forged"))["id"]
    page = _signed_in(browser, served, "en")
    page.goto(f"{served.origin}/review/{id_}")
    article = page.locator("input[name=article]").first.get_attribute("value")
    forged = tmp_path / "forged.html"
    forged.write_text(
        f'<form method="post" action="{served.origin}/review/{id_}">'
        f'<input name="version" value="1"><input name="article" value="{article}">'
        '<button name="action" value="accept">x</button></form>'
    )
    page.goto(forged.as_uri())
    page.get_by_role("button").click()
    page.wait_for_load_state()
    assert served.submission(id_)["state"] == "waiting"
    # Nor does one of this site without what the page has given.
    page.goto(f"{served.origin}/review/{id_}")
    page.evaluate("document.querySelector('form.decide input[name=csrf]').value = 'x'")
    page.get_by_role("button", name="Accept", exact=True).click()
    page.wait_for_load_state()
    assert served.submission(id_)["state"] == "waiting"
    page.context.close()
