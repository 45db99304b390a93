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


class FileInTheWay(Refusal):
    """A backup never overwrites a file. Facts: `path`."""

    code = "file_in_the_way"


class BackupMissing(Refusal):
    """There is no such file. Facts: `path`."""

    code = "backup_missing"


class BackupBroken(Refusal):
    """A file in the backup is not the one that was backed up. Facts: `path`, `name`."""

    code = "backup_broken"


class BackupOfOtherEngine(Refusal):
    """The backup is of the other database engine. Facts: `engine`, `here`."""

    code = "backup_of_other_engine"


class DataInTheWay(Refusal):
    """There are data here, and nobody asked to replace them. Facts: `data`."""

    code = "data_in_the_way"


class ToolMissing(Refusal):
    """A program of PostgreSQL's is not installed. Facts: `tool`."""

    code = "tool_missing"


class TargetMalformed(Refusal):
    """The address to move to is not one of PostgreSQL. Facts: `address`."""

    code = "target_malformed"


class MoveFromElsewhere(Refusal):
    """Only data in SQLite can be moved."""

    code = "move_from_elsewhere"


class TargetHasData(Refusal):
    """Somebody can sign in at the target already."""

    code = "target_has_data"


class MoveDiffers(Refusal):
    """A table is not the same on both sides. Facts: `table`, `rows`, `rows_there`."""

    code = "move_differs"


class TermsFileUnreadable(Refusal):
    """The file is neither TOML nor YAML, or holds no terms. Facts: `path`, `where`."""

    code = "terms_file_unreadable"


class TermsFieldMissing(Refusal):
    """Terms need a field that is not there. Facts: `field`, `terms`."""

    code = "terms_field_missing"


class TermsFieldUnknown(Refusal):
    """Terms have no such field, or not beside the others. Facts: `field`, `terms`."""

    code = "terms_field_unknown"


class TermsFieldWrong(Refusal):
    """What a field of terms says cannot be read. Facts: `field`, `terms`, `text`."""

    code = "terms_field_wrong"


class TermsNotNamed(Refusal):
    """The file has no terms of that name. Facts: `name`, `names`."""

    code = "terms_not_named"


class OutputNeedsFile(Refusal):
    """Such output is not for a terminal. Facts: `format`."""

    code = "output_needs_file"


class LoginMayNot(Refusal):
    """The person named has not the right this needs. Facts: `login`, `right`."""

    code = "login_may_not"
