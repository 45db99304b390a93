"""What lending can refuse, besides what the core refuses."""

from __future__ import annotations

from gbese.core.errors import Refusal


class LoanUnknown(Refusal):
    """There is no loan with this number."""

    code = "loan_unknown"


class LoanNumberTaken(Refusal):
    """A loan with this number exists already."""

    code = "loan_number_taken"


class LoanSetAside(Refusal):
    """The loan cannot be computed; nothing but its repair may be recorded on it."""

    code = "loan_set_aside"


class LoanWrittenOff(Refusal):
    """The loan was written off; only recoveries may be recorded on it."""

    code = "loan_written_off"


class RequestReused(Refusal):
    """The same request has already recorded something else."""

    code = "request_reused"


class AmountNotPositive(Refusal):
    """The amount must be above zero; an earlier one is undone by reversing it."""

    code = "amount_not_positive"


class ValueDateBeforeDrawdown(Refusal):
    """Nothing was owed on the value date."""

    code = "value_date_before_drawdown"


class ValueDateBeforeTakeover(Refusal):
    """The loan was taken over with its balances later than the value date."""

    code = "value_date_before_takeover"


class DrawdownAfterMaturity(Refusal):
    """The contract had ended on the value date."""

    code = "drawdown_after_maturity"


class WaiverExceedsClaim(Refusal):
    """More would be waived than is owed of the component."""

    code = "waiver_exceeds_claim"


class NothingToWriteOff(Refusal):
    """Nothing is owed on the loan."""

    code = "nothing_to_write_off"


class EventUnknown(Refusal):
    """The loan has no event with this number."""

    code = "event_unknown"


class EventReversedAlready(Refusal):
    """The event was reversed before."""

    code = "event_reversed_already"


class ImportBuiltUpon(Refusal):
    """Something else was recorded on loans of the import; it can no longer be undone."""

    code = "import_built_upon"


class SideNotKept(Refusal):
    """The books do not keep loans of this side."""

    code = "side_not_kept"


class LenderIsBorrower(Refusal):
    """Nobody lends to themselves; the entity and its branches are one."""

    code = "lender_is_borrower"


class EntityOnOtherSide(Refusal):
    """The entity would borrow a loan issued, or lend a loan received."""

    code = "entity_on_other_side"


class EntityNotParty(Refusal):
    """The entity is neither lender nor borrower, so the loan is not one of these books."""

    code = "entity_not_party"


class MethodChangesNothing(Refusal):
    """Every version in force is what this program computes; there is nothing to propose."""

    code = "method_changes_nothing"


class MethodChangeUnknown(Refusal):
    """There is no proposed change of method with this number."""

    code = "method_change_unknown"


class MethodChangeApproved(Refusal):
    """The change of method was approved before."""

    code = "method_change_approved"


class MethodChangeOutdated(Refusal):
    """What was shown when the change was proposed is no longer what it would book."""

    code = "method_change_outdated"


class ApprovedByProposer(Refusal):
    """Whoever proposed a change of method cannot be the one who approves it."""

    code = "approved_by_proposer"


class ReasonMissing(Refusal):
    """A change of method needs a reason that others can read."""

    code = "reason_missing"


class BooksMovedOn(Refusal):
    """What loans were worked out from changed before they could be opened; do it again."""

    code = "books_moved_on"


class ChargeAboveCeiling(Refusal):
    """Interest and penalties together would pass the ceiling of the contract."""

    code = "charge_above_ceiling"
