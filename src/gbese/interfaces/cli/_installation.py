"""The data directory and its database: made, brought up to date, found missing, in use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from gbese.apps.identity import queries as identity
from gbese.apps.identity.acts import Act
from gbese.apps.identity.permissions import Right
from gbese.config import clock
from gbese.config.environment import Environment
from gbese.config.files import locked
from gbese.interfaces.cli._errors import (
    DatabaseNewer,
    LoginMayNot,
    MigrationsMissing,
    NotInstalled,
    ProductRunning,
)


def environment() -> Environment:
    """The settings of this installation."""
    found: Environment = settings.ENVIRONMENT
    return found


def cli_act(login: str = "operator") -> Act:
    """The act of whoever runs a command on the machine itself."""
    return Act(login=login, recorded_at=clock.now(), request_id=uuid4(), channel="cli")


def act_of(login: str, right: Right) -> Act:
    """The act of a person who is named, where their own right matters and not the machine's.

    Raises:
        UserUnknown: nobody has this login.
        LoginMayNot: they have not the right.
    """
    person = identity.user(login)
    if not identity.may(person, right):
        raise LoginMayNot(login=login, right=right)
    return cli_act(person.login)


def prepare() -> None:
    """Make the data directory where there is none, and give the database the tables of today.

    Raises:
        DatabaseNewer: the database is of a later version of the program.
    """
    environment().prepare()
    migrate()


def migrate() -> None:
    """Bring the tables up to this version.

    Raises:
        DatabaseNewer: the database is of a later version of the program.
    """
    _refuse_newer(MigrationLoader(connection))
    call_command("migrate", verbosity=0, interactive=False)


def require() -> None:
    """Refuse to go on without a database of this version.

    Raises:
        NotInstalled: there is none.
        MigrationsMissing: it is of an earlier version.
        DatabaseNewer: it is of a later version.
    """
    if not is_installed():
        raise NotInstalled(data=str(environment().data))
    executor = MigrationExecutor(connection)
    _refuse_newer(executor.loader)
    if missing := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise MigrationsMissing(count=len(missing))


def is_installed() -> bool:
    """Whether there is a database with tables; asking makes none."""
    if connection.vendor == "sqlite" and not environment().database_file.exists():
        return False
    return MigrationRecorder(connection).has_table()


def _refuse_newer(known: MigrationLoader) -> None:
    """Refuse a database that a later version of the program has worked on.

    Raises:
        DatabaseNewer: it has migrations this program does not know.
    """
    unknown = [
        f"{app}.{name}"
        for app, name in known.applied_migrations
        if app in known.migrated_apps
        and (app, name) not in known.disk_migrations
        and (app, name) not in known.replacements
    ]
    if unknown:
        raise DatabaseNewer(migrations=", ".join(sorted(unknown)))


@contextmanager
def in_use() -> Iterator[None]:
    """Say that the product runs here, so that nobody replaces the data under it."""
    with locked(environment().data / "in-use.lock", shared=True):
        yield


@contextmanager
def at_rest() -> Iterator[None]:
    """Keep the product from running here while the data are replaced or moved.

    Raises:
        ProductRunning: it runs.
    """
    environment().prepare()
    with locked(environment().data / "in-use.lock") as is_ours:
        if not is_ours:
            raise ProductRunning(data=str(environment().data))
        yield
