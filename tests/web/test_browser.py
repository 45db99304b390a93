"""The product as a person has it: served from an empty directory, in a real browser, by keyboard."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX"),
]

PASSWORD = "five green ladders"
LOAN = "L-2026/0001"
PAGES = (
    "/",
    "/loans",
    f"/loan/{LOAN}",
    f"/loan/{LOAN}/record/repayment",
    f"/loan/{LOAN}?why=interest",
    "/loans/new",
    "/debt-by-term",
    "/imports",
    "/rates",
    "/people",
    "/audit",
    "/books",
    "/books/trial-balance",
    "/books/day-book",
    "/help",
    "/help/tour",
)
WAITS_MILLISECONDS = 30_000


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where `gbese serve` answers, on a directory that was empty before."""
    data: Path = tmp_path_factory.mktemp("served") / "data"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {name: told for name, told in os.environ.items() if not name.startswith("GBESE_")}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    environment |= {
        "GBESE_DATA": str(data),
        "GBESE_PREVIEW_LANGUAGES": "true",
        "PYTHONPATH": os.pathsep.join(sys.path),  # the program under test, not another installed
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "gbese", "serve", "--port", str(port), "--no-timed-work"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    served = f"http://127.0.0.1:{port}"
    try:
        _wait(served, process)
        yield served
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _wait(served: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert process.poll() is None
        try:
            with urllib.request.urlopen(f"{served}/ready", timeout=5) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(served)


@pytest.fixture(scope="module")
def amina(browser: Browser, address: str) -> Iterator[dict[str, object]]:
    """Amina's cookies after she made the company and one loan, all by keyboard."""
    context = browser.new_context(locale="en-NG", timezone_id="Africa/Lagos")
    page = context.new_page()
    page.set_default_timeout(WAITS_MILLISECONDS)
    _first_start(page, address)
    _new_loan(page, address)
    yield {"cookies": context.cookies()}
    context.close()


def _first_start(page: Page, address: str) -> None:
    page.goto(address)
    expect(page).to_have_url(f"{address}/first-start")
    page.get_by_label("Name of the company").focus()
    keys = page.keyboard
    keys.type("Ilé Ìṣura Ltd")
    page.get_by_label("Country").focus()
    keys.type("Nigeria")
    assert page.get_by_label("Time zone").input_value() == "Africa/Lagos"  # this computer's
    page.get_by_label("Your name").focus()
    for text in ("Amina Bello", "amina", PASSWORD, PASSWORD):
        keys.type(text)
        keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    expect(page.get_by_text("There are no loans yet")).to_be_visible()


def _new_loan(page: Page, address: str) -> None:
    page.goto(f"{address}/loans")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="New loan")).to_be_visible()
    for label, text in (
        ("Loan number", LOAN),
        ("Lender", "First Harmattan Bank"),
        ("Amount or limit", "1,200,000"),
        ("Signed on", "2026-01-01"),
        ("Interest from", "2026-01-01"),
        ("First due date", "2026-02-01"),
        ("Maturity", "2027-01-01"),
        ("Drawn in full on (optional)", "2026-01-01"),
        ("Rate a year, per cent", "12"),
    ):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("Principal is repaid").select_option("linear")
    page.get_by_label("Day count").select_option("thirty_e_360")
    # Equal principal of 100,000.00 and interest 12,000.00 falling by 1,000.00: 78,000.00 in all.
    expect(page.locator("#preview")).to_contain_text("78,000.00")
    page.get_by_label("Loan number").press("Enter")
    expect(page).to_have_url(re.compile(r"/loan/L-2026/0001$"))


def opened(browser: Browser, amina: dict[str, object], **options: object) -> Page:
    """A page of Amina's in a window with these options."""
    context = browser.new_context(**options)  # type: ignore[arg-type]
    context.add_cookies(amina["cookies"])  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(WAITS_MILLISECONDS)
    return page


def test_a_payment_is_found_previewed_and_recorded_by_keyboard(
    browser: Browser, amina: dict[str, object], address: str
) -> None:
    page = opened(browser, amina)
    keys = page.keyboard
    page.goto(address)
    keys.press("/")
    keys.type("harmattan")
    keys.press("Enter")
    expect(page).to_have_url(re.compile("text=harmattan"))
    keys.press("Escape")
    page.locator("main").focus()
    keys.press("j")  # the first row
    keys.press("Enter")
    expect(page.get_by_role("heading", name=LOAN)).to_be_visible()
    keys.press("n")
    amount = page.get_by_label("Amount paid")
    expect(amount).to_be_visible()
    expect(page.locator("#preview")).to_contain_text("What it settles")
    amount.focus()
    keys.press("Control+A")
    keys.type("112,000.00")
    expect(page.locator("#preview")).to_contain_text("100,000.00")  # of principal
    keys.press("Enter")
    expect(page.get_by_role("status").get_by_text("Recorded.")).to_be_visible()
    expect(page.locator("#event-2")).to_contain_text("112,000.00")
    page.context.close()


def test_the_keys_are_shown_and_put_away(
    browser: Browser, amina: dict[str, object], address: str
) -> None:
    page = opened(browser, amina)
    page.goto(address)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("g")
    page.keyboard.press("t")
    expect(page).to_have_url(re.compile("/debt-by-term$"))
    page.context.close()


def test_dark_follows_the_system_until_it_is_chosen(
    browser: Browser, amina: dict[str, object], address: str
) -> None:
    page = opened(browser, amina, color_scheme="dark")
    page.goto(f"{address}/help")
    root = page.locator("html")
    expect(root).to_have_attribute("data-bs-theme", "dark")
    page.get_by_label("Light or dark").click()
    with page.expect_response("**/theme"):
        page.get_by_role("button", name="Light", exact=True).click()
    expect(root).to_have_attribute("data-bs-theme", "light")
    page.reload()
    expect(root).to_have_attribute("data-bs-theme", "light")
    page.context.close()


@pytest.mark.parametrize("mode", ["light", "dark", "right to left", "Yorùbá"])
def test_pages_are_accessible_and_break_no_policy(
    browser: Browser, amina: dict[str, object], address: str, mode: str
) -> None:
    page = opened(browser, amina, color_scheme="dark" if mode == "dark" else "light")
    language = {"right to left": "ar-xb", "Yorùbá": "yo"}.get(mode, "en")
    page.context.add_cookies([{"name": "language", "value": language, "url": address}])
    told: list[str] = []
    page.on("console", lambda line: told.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: told.append(str(error)))
    axe = Axe()
    for path in PAGES:
        page.goto(f"{address}{path}")
        page.wait_for_load_state("networkidle")
        found = [
            (path, one["id"], one["nodes"][0]["html"][:200])
            for one in axe.run(page).response["violations"]
            if one["impact"] in {"serious", "critical"}
        ]
        assert not found
        assert not told, path
    page.context.close()


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_no_page_is_wider_than_its_window(
    browser: Browser, amina: dict[str, object], address: str, width: int
) -> None:
    page = opened(browser, amina, viewport={"width": width, "height": 800})
    for path in PAGES:
        page.goto(f"{address}{path}")
        beyond = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert beyond <= 0, path
    page.context.close()


def test_charts_are_drawn_and_have_their_figures_beside_them(
    browser: Browser, amina: dict[str, object], address: str
) -> None:
    page = opened(browser, amina)
    page.goto(f"{address}/loan/{LOAN}")
    figure = page.locator("figure[data-chart]").first
    figure.scroll_into_view_if_needed()
    expect(figure).to_have_attribute("data-drawn", "true")
    figure.get_by_role("link", name="The figures are in the table below").click()
    schedule = page.get_by_role("region", name="The schedule")
    expect(schedule).to_be_in_viewport()
    expect(schedule.get_by_role("table")).to_contain_text("100,000.00")
    page.goto(f"{address}/")
    figure = page.locator("figure[data-chart]").first
    figure.get_by_text("The figures as a table").click()
    expect(figure.get_by_role("table")).to_be_visible()
    page.context.close()


def test_another_page_is_shown_in_the_frame_that_stands(
    browser: Browser, amina: dict[str, object], address: str
) -> None:
    page = opened(browser, amina, viewport={"width": 1280, "height": 400})
    page.goto(f"{address}/help")
    _mark_the_frame(page)
    page.evaluate("scrollTo(0, 120)")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Loans").click()
    expect(page).to_have_url(f"{address}/loans")
    expect(page).to_have_title("Loans · Gbese")
    expect(page.get_by_role("heading", name="Loans", level=1)).to_be_focused()
    current = page.get_by_role("navigation", name="Main").locator("[aria-current]")
    expect(current).to_have_text("Loans")
    assert page.evaluate("scrollY") == 0
    page.locator("#f-status").focus()
    page.locator("#f-status").select_option("settled")  # a filter applies at once
    expect(page).to_have_url(f"{address}/loans?status=settled")
    expect(page.locator("#f-status")).to_be_focused()
    assert _is_the_frame_that_was_marked(page)
    assert not [one for one in Axe().run(page).response["violations"] if one["impact"] == "serious"]

    page.go_back()
    expect(page.get_by_role("link", name=LOAN)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Help", level=1)).to_be_visible()
    expect(page.get_by_role("navigation", name="Main").locator("[aria-current]")).to_have_text(
        "Help"
    )
    assert page.evaluate("scrollY") == 120
    assert _is_the_frame_that_was_marked(page)
    page.go_forward()
    expect(page.get_by_role("link", name=LOAN)).to_be_visible()
    page.context.close()


def test_a_wrong_form_comes_back_and_a_right_one_leads_on(
    browser: Browser, amina: dict[str, object], address: str
) -> None:
    page = opened(browser, amina)
    page.goto(f"{address}/loan/{LOAN}")
    _mark_the_frame(page)
    page.get_by_role("link", name="Repayment").click()
    page.get_by_label("Amount paid").fill("nothing much")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".field-wrong")).to_have_count(1)
    expect(page.get_by_label("Amount paid")).to_be_focused()
    expect(page).to_have_url(f"{address}/loan/{LOAN}/record/repayment")
    page.get_by_label("Amount paid").fill("543.21")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(f"{address}/loan/{LOAN}")
    expect(page.get_by_role("status").get_by_text("Recorded.")).to_be_visible()
    expect(page.locator("tr[id^=event-]", has_text="543.21")).to_have_count(1)
    assert _is_the_frame_that_was_marked(page)
    page.context.close()


def test_what_cannot_be_exchanged_is_loaded_whole(
    browser: Browser, amina: dict[str, object], address: str
) -> None:
    page = opened(browser, amina)
    page.goto(f"{address}/help")
    _mark_the_frame(page)
    page.context.add_cookies([{"name": "language", "value": "yo", "url": address}])
    page.get_by_role("link", name="Loans").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "yo")
    expect(page).to_have_url(f"{address}/loans")
    assert not _is_the_frame_that_was_marked(page)

    _mark_the_frame(page)
    page.context.clear_cookies(name="session")
    page.locator('nav a[href="/debt-by-term"]').click()
    expect(page).to_have_url(f"{address}/sign-in?next=%2Fdebt-by-term")
    assert not _is_the_frame_that_was_marked(page)
    page.context.close()


def test_a_payment_that_cannot_be_sent_may_be_sent_again(
    browser: Browser, amina: dict[str, object], address: str
) -> None:
    page = opened(browser, amina)
    page.goto(f"{address}/loan/{LOAN}/record/repayment")
    page.get_by_label("Amount paid").fill("654.32")
    page.context.set_offline(True)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").get_by_text("This could not be done.").first).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(f"{address}/loan/{LOAN}")
    expect(page.locator("tr[id^=event-]", has_text="654.32")).to_have_count(1)
    page.context.close()


def test_without_script_a_payment_is_recorded_all_the_same(
    browser: Browser, amina: dict[str, object], address: str
) -> None:
    page = opened(browser, amina, java_script_enabled=False)
    page.goto(address)
    page.get_by_role("link", name="Loans").first.click()
    page.get_by_role("link", name=LOAN).click()
    page.get_by_role("link", name="Repayment").click()
    page.get_by_label("Amount paid").fill("321.09")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(f"{address}/loan/{LOAN}")
    expect(page.locator("tr[id^=event-]", has_text="321.09")).to_have_count(1)
    page.context.close()


def _mark_the_frame(page: Page) -> None:
    """A page that is loaded whole has no mark."""
    page.evaluate("document.documentElement.dataset.marked = 'yes'")


def _is_the_frame_that_was_marked(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.dataset.marked === 'yes'"))


def test_a_page_says_when_the_server_is_away(
    browser: Browser, amina: dict[str, object], address: str
) -> None:
    page = opened(browser, amina)
    page.goto(f"{address}/help")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.context.set_offline(True)
    page.goto(f"{address}/loans")
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    page.context.close()
