"""An import as a person does it in a real browser: upload, columns, dry run, commit, result."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from gbese.apps.bookkeeping.charts import usual_chart
from gbese.apps.bookkeeping.services import BooksStart, set_up_entity
from gbese.apps.identity.acts import Act
from tests.apps.imports.statement_files import row, statement
from tests.web.imports.test_imports import OWN

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def signed_in(
    page: Page,
    live_server: LiveServer,
    client_of: Callable[[str], Client],
    acts: Callable[..., Act],
    tmp_path: Path,
    settings: Settings,
) -> Page:
    settings.MEDIA_ROOT = tmp_path / "media"
    set_up_entity(
        name="Kaduna Mills",
        country="NG",
        base_currency="NGN",
        fiscal_year_start_month=1,
        time_zone="Africa/Lagos",
        sides="both",
        act=acts(),
        start=BooksStart(
            books_from=date(2025, 1, 1), open_day=date(2025, 12, 31), chart=usual_chart("NG")
        ),
    )
    session = client_of("accountant").cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies(
        [{"name": session.key, "value": session.value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/imports")
    return page


def test_a_statement_goes_in(signed_in: Page, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(statement("a.csv", row("IBRD11110"), row("IBRD22220", rate="x")).content)
    signed_in.set_input_files("#upload-files", file)
    signed_in.get_by_role("button", name="Make a dry run").click()
    expect(signed_in.get_by_role("heading", name="What would be done")).to_be_visible()
    expect(signed_in.get_by_text("This is not a number")).to_be_visible()
    assert Axe().run(signed_in).violations_count == 0
    signed_in.get_by_label(re.compile("Leave out the row")).check()
    signed_in.get_by_role("button", name="Carry out").click()
    expect(signed_in.get_by_role("heading", name="What was done")).to_be_visible()
    signed_in.get_by_role("link", name="See the loans").click()
    expect(signed_in.get_by_text("IBRD11110")).to_be_visible()


def test_columns_are_chosen(signed_in: Page, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_bytes(OWN.content)
    signed_in.set_input_files("#upload-files", file)
    signed_in.get_by_role("button", name="Make a dry run").click()
    expect(signed_in.get_by_role("heading", name="Which column is which")).to_be_visible()
    assert Axe().run(signed_in).violations_count == 0
    for fact, column in (
        ("loan_number", "Ref"),
        ("lender", "Bank name"),
        ("principal", "Sum"),
        ("signed_on", "From"),
        ("maturity_date", "Until"),
        ("nominal_rate", "Percent"),
        ("outstanding", "Left"),
        ("balance_on", "At"),
    ):
        signed_in.select_option(f"#column-{fact}", column)
    signed_in.fill("[name=constant-currency]", "NGN")
    signed_in.fill("[name=constant-side]", "borrower")
    signed_in.fill("[name=name]", "our ledger")
    signed_in.get_by_role("button", name="Make a dry run").click()
    expect(signed_in.get_by_role("heading", name="What would be done")).to_be_visible()
