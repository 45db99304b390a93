"""List, dossier and payment in Chromium with 10,000 loans: from the click to the page loaded.

One user, warm, 200 samples each; the aim is p95 ≤ 200 ms on two cores. GBESE_BENCH_LOANS and
GBESE_BENCH_SAMPLES change the numbers, GBESE_BENCH_DATA keeps the portfolio for the next time,
GBESE_BENCH_PAGES measures some of the lines alone, by their names with a semicolon between them.

The browser's own clock measures, from the click's time to the end of the first frame in which the
page is loaded: its address is in the bar, what was clicked for is in it, and the document and its
fonts are complete. A page opened by its address is measured from the start of its navigation. Each
payment is found on the loan before its time counts.
"""

from __future__ import annotations

import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench._machine import percentile
from tests.servers import CHROMIUM_FLAGS, chromium

LOANS = int(os.environ.get("GBESE_BENCH_LOANS", "10000"))
SAMPLES = int(os.environ.get("GBESE_BENCH_SAMPLES", "200"))
PAGES = frozenset(filter(None, os.environ.get("GBESE_BENCH_PAGES", "").split(";")))
WARM_UP = 10
AIM_MILLISECONDS = 200
START_SECONDS = 60

# Runs in every page before its own scripts. The click may be in an earlier document than the page.
# It looks when something changes, not all the time, so that looking costs the page nothing.
_WATCH = """
let isLooking = false;
const look = () => {
  const { path, selector } = JSON.parse(sessionStorage.getItem("asked") ?? "{}");
  if (isLooking || path !== location.pathname || document.readyState !== "complete"
      || !document.querySelector(selector)) return;
  isLooking = true;
  requestAnimationFrame(() => {
    document.body.getBoundingClientRect();  // now it knows which fonts it needs
    const isWhole = document.fonts.status === "loaded";
    document.fonts.ready.then(() => (isWhole ? tell() : requestAnimationFrame(tell)));
  });
};
// What is posted in a frame arrives when the frame is done.
const tell = () => {
  const painted = new MessageChannel();
  painted.port1.onmessage = () => {
    const began = Number(sessionStorage.getItem("began") ?? performance.timeOrigin);
    const now = performance.timeOrigin + performance.now();
    sessionStorage.clear();
    isLooking = false;
    console.debug(`loaded ${now - began}`);
  };
  painted.port2.postMessage("");
};
addEventListener("click", (event) => {
  sessionStorage.setItem("began", String(performance.timeOrigin + event.timeStamp));
}, true);
addEventListener("load", () => {
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  setTimeout(look);
});
"""
_LOADED = "loaded "


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is clicked for: the path of a page, and what only that page has."""

    path: str
    selector: str


@dataclass(frozen=True, slots=True)
class Sample:
    """What is measured again and again: what is made ready, the act, and the page it leads to."""

    name: str
    before: Callable[[int], None]
    act: Callable[[int], object]
    wanted: Callable[[int], Wanted]
    after: Callable[[int], None] = lambda _: None


def measure() -> None:
    kept = os.environ.get("GBESE_BENCH_DATA")
    with tempfile.TemporaryDirectory() as scratch:
        environment = {
            **os.environ,
            "GBESE_DATA": kept or str(Path(scratch) / "data"),
            "GBESE_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "gbese.config.settings",
        }
        if not (Path(environment["GBESE_DATA"]) / "gbese.sqlite3").exists():
            began = time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "bench._portfolio", str(LOANS)],
                env=environment,
                check=True,
                stdout=subprocess.DEVNULL,
            )
            print(f"  {LOANS} loans made in {time.perf_counter() - began:.0f} s")
        with _served(environment) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium(), args=list(CHROMIUM_FLAGS)
            )
            page = browser.new_page()
            page.add_init_script(_WATCH)
            _sign_in(page, environment, address)
            _measure_pages(page, address)
            browser.close()


def _measure_pages(page: Page, address: str) -> None:
    trouble_free = f"{address}/loans?status=on_schedule&side=lender"
    page.goto(trouble_free)
    links = page.locator("a.row-link")
    loans = [str(links.nth(place).get_attribute("href")) for place in range(links.count())]

    def loan_of(number: int) -> str:
        return loans[number % len(loans)]

    def dossier_of(number: int) -> Wanted:
        return Wanted(loan_of(number), "#schedule")

    def fill(number: int) -> None:
        page.goto(f"{address}{loan_of(number)}/record/repayment")
        page.locator('form[hx-post] input[name="amount"]').fill(f"{100 + number}.25")
        page.wait_for_load_state("networkidle")

    def is_there(number: int) -> None:
        if f"{100 + number}.25" not in page.locator("main").inner_text():
            raise AssertionError(f"payment {number} is not on the page of its loan")

    a_list = Wanted("/loans", "table[data-rows]")
    samples = [
        Sample(
            "list",
            lambda _: _rested(page, f"{address}/"),
            lambda _: page.locator('nav a[href="/loans"]').first.click(),
            lambda _: a_list,
        ),
        Sample(
            "dossier",
            lambda _: _rested(page, trouble_free),
            lambda number: links.nth(number % len(loans)).click(),
            dossier_of,
        ),
        Sample(
            "payment",
            fill,
            lambda _: page.locator('form[hx-post] button[type="submit"]').click(),
            dossier_of,
            is_there,
        ),
        Sample(
            "list, by its address",
            lambda _: _rested(page, f"{address}/help"),
            lambda _: _open(page, a_list.path),
            lambda _: a_list,
        ),
        Sample(
            "dossier, by its address",
            lambda _: _rested(page, f"{address}/help"),
            lambda number: _open(page, loan_of(number)),
            dossier_of,
        ),
    ]
    for sample in samples:
        if not PAGES or sample.name in PAGES:
            _print(sample.name, _times(page, sample))


def _rested(page: Page, address: str) -> None:
    """Open a page and leave it alone until it is done with everything, its pictures too."""
    page.goto(address)
    page.wait_for_load_state("networkidle")


def _open(page: Page, path: str) -> None:
    page.evaluate("path => { location.href = path; }", path)


def _times(page: Page, sample: Sample) -> Sequence[float]:
    """Milliseconds from each act to the page it leads to, as the browser tells them."""
    times = []
    for number in range(WARM_UP + SAMPLES):
        sample.before(number)
        page.evaluate(
            "asked => sessionStorage.setItem('asked', asked)",
            json.dumps(asdict(sample.wanted(number))),
        )
        with page.expect_console_message(lambda line: line.text.startswith(_LOADED)) as told:
            sample.act(number)
        times.append(float(told.value.text.removeprefix(_LOADED)))
        sample.after(number)
    return times[WARM_UP:]


def _print(name: str, milliseconds: Sequence[float]) -> None:
    p95 = percentile(milliseconds, 95)
    print(
        f"  {name:24} median {statistics.median(milliseconds):6.0f} ms   p95 {p95:6.0f} ms"
        f"   worst {max(milliseconds):6.0f} ms   {'within' if p95 <= AIM_MILLISECONDS else 'OVER'}"
        f" {AIM_MILLISECONDS} ms"
    )


@contextmanager
def _served(environment: dict[str, str]) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "gbese", "serve", "--port", str(port), "--no-timed-work"],
        env=environment,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address)
        yield address
    finally:
        server.terminate()
        server.wait()


def _wait_for(address: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{address}/sign-in", timeout=30).close()  # noqa: S310 - our own
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the product did not start")


def _sign_in(page: Page, environment: dict[str, str], address: str) -> None:
    command = [sys.executable, "-m", "gbese", "sign-in-link", "--login", "adunni"]
    told = subprocess.run(
        [*command, "--address", address],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    link = re.search(r"http://\S+", told)
    if link is None:
        raise AssertionError(told)
    page.goto(link[0])
    with page.expect_event("load"):
        page.locator("button[autofocus]").click()


if __name__ == "__main__":
    measure()
