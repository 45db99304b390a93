"""Show, propose and approve what a new version of the program computes otherwise.

A preview is free. A proposal names who makes it and why; another person approves it, on the same
business day; only then is it booked. Both need the right books.close.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable

from gbese.apps.bookkeeping import queries as books
from gbese.apps.identity.permissions import Right
from gbese.apps.lending import services
from gbese.apps.lending.services import LoanMoved, MethodProposal
from gbese.core.money import Money
from gbese.core.projections.position import TotalKey
from gbese.interfaces.cli._installation import act_of
from gbese.interfaces.web.books import wording


def configure(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("preview", help="what would move, loan by loan and in all")
    acts.add_parser("list", help="what was proposed, and approved by whom")
    proposing = acts.add_parser("propose", help="put it forward as it is shown now")
    proposing.add_argument("--login", required=True, help="who proposes")
    proposing.add_argument("--reason", required=True, help="what others will read")
    approving = acts.add_parser("approve", help="book a proposal")
    approving.add_argument("number", type=int)
    approving.add_argument("--login", required=True, help="who approves: not who proposed")


def run(arguments: argparse.Namespace) -> int:
    match arguments.act:
        case "preview":
            _preview()
        case "list":
            for proposal in services.method_proposals():
                _tell(proposal)
        case "propose":
            act = act_of(arguments.login, Right.BOOKS_CLOSE)
            _tell(services.propose_method(reason=arguments.reason, act=act))
        case _:
            act = act_of(arguments.login, Right.BOOKS_CLOSE)
            _tell(services.approve_method(number=arguments.number, act=act))
    return 0


def _preview() -> None:
    accounts, moved = books.accounts(), list[LoanMoved]()
    for one in services.method_preview():
        sys.stdout.write(f"{one.loan_number} (method {one.stored_method})\n")
        _write_sums((place, Money(minor, one.currency)) for place, minor in one.moved.items())
        for entry in one.entries:
            for line in entry.lines:
                account = wording.account_name(accounts, line.account)
                told = f"{line.direction} {account} {line.amount.plain()}"
                sys.stdout.write(f"  {entry.posting_date} {entry.kind} {told}\n")
        moved.append(one)
    sys.stdout.write(f"{len(moved)} loans differ.\n")
    currencies = {one.currency.code: one.currency for one in moved}
    _write_sums(
        (place, Money(minor, currencies[code]))
        for (code, place), minor in services.moved_in_all(moved).items()
    )


def _write_sums(sums: Iterable[tuple[TotalKey, Money]]) -> None:
    for (component, cause), amount in sums:
        sys.stdout.write(
            f"  {component or 'cash'} {cause} {amount.plain()} {amount.currency.code}\n"
        )


def _tell(proposal: MethodProposal) -> None:
    state = "waits for another person"
    if proposal.approved_at is not None:
        state = f"approved by {proposal.approved_by}, {proposal.booked_loans} booked"
    sys.stdout.write(
        f"{proposal.number}: method {proposal.method}, {proposal.loans} loans on "
        f"{proposal.open_day}, proposed by {proposal.proposed_by} ({proposal.reason}); {state}.\n"
    )
