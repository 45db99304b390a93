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
        "password_missing": _("No password came on standard input; give one there, or use --link."),
    }
)
