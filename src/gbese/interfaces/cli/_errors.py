"""What the commands themselves refuse."""

from __future__ import annotations

from gbese.core.errors import Refusal


class NotInstalled(Refusal):
    """There is no database here yet. Facts: `data`."""

    code = "not_installed"


class MigrationsMissing(Refusal):
    """The database is of an earlier version. Facts: `count`."""

    code = "migrations_missing"


class DatabaseNewer(Refusal):
    """The database is of a later version than the program. Facts: `migrations`."""

    code = "database_newer"


class ProductRunning(Refusal):
    """The product runs on this data directory. Facts: `data`."""

    code = "product_running"


class DebugServed(Refusal):
    """Debug pages must not be served."""

    code = "debug_served"


class TlsMissing(Refusal):
    """Beyond this machine, passwords need TLS. Facts: `host`."""

    code = "tls_missing"


class PortTaken(Refusal):
    """Another program listens there. Facts: `host`, `port`."""

    code = "port_taken"


class PasswordMissing(Refusal):
    """No password came on standard input."""

    code = "password_missing"
