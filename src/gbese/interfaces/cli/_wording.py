"""The sentences of what the commands refuse."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gbese.interfaces.web.wording import word_refusals

word_refusals(
    {
        "not_installed": _("There is no database in %(data)s yet; run `gbese init` first."),
        "migrations_missing": _(
            "The database is of an earlier version of Gbese; run `gbese migrate` first."
        ),
        "database_newer": _(
            "The database was used by a later version of Gbese (%(migrations)s); install that one."
        ),
        "product_running": _("Gbese runs on %(data)s; stop `serve` and `worker` first."),
        "debug_served": _("GBESE_DEBUG is on; debug pages tell too much to be served."),
        "tls_missing": _(
            "%(host)s can be reached from other machines; add --tls, so that passwords are "
            "encrypted."
        ),
        "port_taken": _(
            "Another program listens on %(host)s, port %(port)s; choose another with --port."
        ),
        "file_in_the_way": _("%(path)s is there already; a backup never overwrites a file."),
        "backup_missing": _("There is no file %(path)s."),
        "backup_broken": _(
            "%(path)s is damaged (%(name)s): it is not what was backed up. Nothing was changed."
        ),
        "backup_of_other_engine": _(
            "The backup is of %(engine)s and the data here are in %(here)s; restore it there, then "
            "use `gbese move`."
        ),
        "data_in_the_way": _(
            "There are data in %(data)s; add --replace to lose them for the backup's."
        ),
        "tool_missing": _("PostgreSQL's program %(tool)s is not installed."),
        "target_malformed": _("%(address)s is not an address of PostgreSQL: postgres://…"),
        "move_from_elsewhere": _("Only data in SQLite can be moved; these are in PostgreSQL."),
        "target_has_data": _("Somebody can sign in at the target already; it must be empty."),
        "move_differs": _(
            "Table %(table)s is not the same on both sides (%(rows)s rows here, %(rows_there)s "
            "there); nothing was kept there."
        ),
        "terms_file_unreadable": _("%(path)s holds no terms in TOML or YAML (%(where)s)."),
        "terms_field_missing": _("The terms “%(terms)s” need %(field)s."),
        "terms_field_unknown": _(
            "The terms “%(terms)s” cannot have %(field)s; `gbese schedule --help` lists what may "
            "be said."
        ),
        "terms_field_wrong": _(
            "The terms “%(terms)s” say %(text)s for %(field)s, which cannot be read. Days are "
            "YYYY-MM-DD, amounts 1234.50, rates 0.24 or with a per cent sign."
        ),
        "terms_not_named": _("No terms are called “%(name)s”; there are %(names)s."),
        "output_needs_file": _("Say with --to where the %(format)s goes."),
        "login_may_not": _("%(login)s has not the right %(right)s that this needs."),
        "password_missing": _("No password came on standard input; give one there, or use --link."),
    }
)
