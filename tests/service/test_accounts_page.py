"""The page to sign in on, in a real browser: by keyboard, in three languages, day and night."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from tests.conftest import REPOSITORY
from tests.service.accounts_served import created, signing_in
from tests.service.browser import ARGUMENTS, CHROMIUM
from tests.service.openid_served import CLIENT, provider
from tests.service.served import running

from kgpub.service.application import application
from kgpub.service.tokens.token import Scope

AXE = REPOSITORY / "web/node_modules/axe-core/axe.min.js"
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed")
VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
NARROW = 320
"""The width in CSS pixels to which contents must reflow (WCAG 2.2, 1.4.10)."""
WORDS = {
    "en": ("Your token", "Sign in", "Sign out", "Signed in as", "unknown, was revoked", "You have"),
    "ar": ("رمز الدخول", "دخول", "خروج", "سُجّل الدخول باسم", "مجهول", "تم الخروج"),
    "ckb": (
        "کۆدی چوونەژوورەوەت",
        "بچۆ ژوورەوە",
        "بچۆ دەرەوە",
        "چوویتە ژوورەوە",
        "نەناسراوە",
        "دەرەوە",
    ),
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("account")


@pytest.fixture(scope="module")
def origin(root: Path) -> Iterator[str]:
    with signing_in(root) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that must not break its policy."""
    context = browser.new_context(locale="en")
    context.add_init_script(VIOLATIONS)
    opened = context.new_page()
    opened.set_default_timeout(10_000)
    yield opened
    assert opened.evaluate("window.violations") == []
    context.close()


@pytest.mark.parametrize("language", ["en", "ar", "ckb"])
def test_one_signs_in_and_out_by_keyboard(
    page: Page, origin: str, root: Path, language: str
) -> None:
    text, _ = created(root / ".kgpub", Scope.submit, Scope.review, name="ليلى حسن")
    field, enter, leave, who, wrong, ended = WORDS[language]
    page.goto(f"{origin}/sign-in?lang={language}")
    assert page.locator("html").get_attribute("dir") == ("ltr" if language == "en" else "rtl")
    token = page.get_by_label(field, exact=True)
    token.focus()
    page.keyboard.type(f"{text[:15]}{'a' * 52}")
    page.keyboard.press("Enter")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(wrong)
    assert token.get_attribute("aria-invalid") == "true"
    assert token.input_value() == ""  # it is shown to nobody who looks later
    token.focus()
    page.keyboard.type(text)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=enter, exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text(who)
    expect(page.get_by_role("main")).to_contain_text("ليلى حسن")
    assert page.evaluate("document.cookie") == ""
    button = page.get_by_role("button", name=leave, exact=True)
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text(ended)
    assert page.locator("html").get_attribute("lang") == language
    assert page.context.cookies() == []
    # Back shows nothing of who was there: it was kept nowhere.
    page.go_back()
    expect(page.get_by_label(field, exact=True)).to_be_visible()


def test_a_page_of_another_site_signs_nobody_in(page: Page, origin: str, root: Path) -> None:
    text, _ = created(root / ".kgpub", Scope.submit)

    async def form(_: Request) -> Response:
        return HTMLResponse(
            f'<form action="{origin}/sign-in" method="post">'
            f'<input name="token" value="{text}"><button>Win</button></form>'
        )

    with running(application([Route("/", form)])) as evil:
        page.goto(evil.replace("127.0.0.1", "localhost"))
        with page.expect_navigation() as answered:
            page.get_by_role("button").click()
    assert answered.value.status == 403
    expect(page.get_by_role("alert")).to_contain_text("did not come from this page")
    assert page.context.cookies() == []


def test_one_comes_back_from_the_provider(page: Page, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("a-secret-of-the-client", encoding="utf-8")
    with provider() as found:
        openid = {"issuer": found.origin, "client": CLIENT, "secret_file": "secret"}
        with signing_in(tmp_path, accounts={"openid": openid, "submit": ["sub:1"]}) as origin:
            found.redirect = f"{origin}/sign-in/openid/back"
            page.goto(f"{origin}/sign-in?lang=en&next=/who")
            page.get_by_role("link", name="Sign in with your organisation").click()
            page.wait_for_url(f"{origin}/who")
            assert '["oidc/1",["submit"]]' in page.content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_shuts_nobody_out(
    browser: Browser, origin: str, root: Path, language: str, scheme: str
) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: cd web && npm ci")
    text, _ = created(root / ".kgpub", Scope.submit, Scope.review)
    # The policy of the page would keep the rules out; it is tested elsewhere.
    context = browser.new_context(locale=language, color_scheme=scheme, bypass_csp=True)
    shown = context.new_page()
    address = f"{origin}/sign-in?lang={language}"

    def look() -> None:
        shown.evaluate(AXE.read_text(encoding="utf-8"))
        found = shown.evaluate("axe.run(document, {resultTypes: ['violations']})")
        hard = [each for each in found["violations"] if each["impact"] in ("serious", "critical")]
        assert hard == []
        shown.set_viewport_size({"width": NARROW, "height": 640})
        assert shown.evaluate("document.documentElement.scrollWidth") <= NARROW
        shown.set_viewport_size({"width": 1280, "height": 720})

    shown.goto(address)
    look()
    shown.locator("#token").fill("wrong")
    shown.locator(".account-sign-in button").click()
    look()
    shown.locator("#token").fill(text)
    shown.locator(".account-sign-in button").click()
    shown.locator(".account").wait_for()
    look()
    shown.locator(".account button").click()
    look()
    context.close()
