"""What all tests share: profiles of Hypothesis, acts with a fixed clock, people by role, the data."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

import pytest
from hypothesis import HealthCheck, settings

from tests import servers

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Browser, Page

    from gbese.apps.identity.acts import Act

REPOSITORY = Path(__file__).resolve().parent.parent
NAMESPACE = UUID("6f0d4b1e-6f0e-4c57-9d55-1f1d5c0f7b2a")
RECORDED_AT = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
PASSWORD = "a long sentence for tests"

settings.register_profile("dev", deadline=None)
settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("night", deadline=None, max_examples=5_000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked `postgres` run in the run on PostgreSQL; the others wherever they are."""
    if os.environ["GBESE_TEST_DATABASE"] == "postgres":
        return
    skip = pytest.mark.skip(reason="runs with GBESE_TEST_DATABASE=postgres")
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of data beside the project; the test is skipped where there is none."""
    folder = Path(os.environ.get("GBESE_SHARED", REPOSITORY.parent / "shared")).resolve()
    if not (folder / "data").is_dir():
        pytest.skip(f"needs the data in {folder}; GBESE_SHARED says where they are")
    return folder


@pytest.fixture(scope="session")
def shared_data(shared: Path) -> Path:
    """Real loans, payments and rates, in the folders borrower, lender and rates."""
    return shared / "data"


@pytest.fixture(scope="session")
def shared_cases(shared: Path) -> Path:
    """Published loan cases, a family a file, a case a line."""
    return shared / "cases"


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None,
    django_db_blocker: Any,
) -> Iterator[None]:
    """A fresh database; after a test with real transactions it is as fresh again."""
    from tests.emptying import empty_as_migrated

    with django_db_blocker.unblock():
        undo = empty_as_migrated()
    yield
    undo()


@pytest.fixture
def act() -> Act:
    """An act of `amina`, at a fixed time."""
    return _act("amina", "act")


@pytest.fixture
def acts() -> Callable[..., Act]:
    """Acts in a row: `acts()` has a new request each time, `acts(login="timur")` another person."""
    numbers: Iterator[int] = iter(range(1, 1_000_000))

    def next_act(*, login: str = "amina", recorded_at: datetime = RECORDED_AT) -> Act:
        return _act(login, str(next(numbers)), recorded_at)

    return next_act


def _act(login: str, request: str, recorded_at: datetime = RECORDED_AT) -> Act:
    from gbese.apps.identity.acts import Act  # Django must be set up first

    return Act(
        login=login,
        recorded_at=recorded_at,
        request_id=uuid5(NAMESPACE, request),
        channel="web",
    )


@pytest.fixture
def client_of(db: None) -> Callable[[str], Client]:
    """A signed-in client by role: `client_of("cashier")`; the login is the role's name."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    def signed_in(role: str) -> Client:
        users: Any = get_user_model().objects
        user = users.filter(login=role).first() or users.create(
            login=role,
            full_name=role.replace("_", " ").title(),
            role=role,
            created_at=RECORDED_AT,
        )
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a real Chromium."""
    return servers.chromium()


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for the whole run; each test opens a context of its own."""
    from playwright.sync_api import sync_playwright

    # Playwright runs an event loop in this thread, where Django would refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium, args=list(servers.CHROMIUM_FLAGS)
        )
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page, as a person with a clean browser has it."""
    context = browser.new_context()
    yield context.new_page()
    context.close()
