"""The terms of a loan: agreed once, never edited; an amendment is a new value from a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from gbese.core.calendars.business_days import BusinessDayConvention
from gbese.core.calendars.cycles import Cycle
from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import Frequency
from gbese.core.calendars.periods import StubKind
from gbese.core.contracts.progressive import ProgressiveTerms
from gbese.core.money import Currency, Money, Rounding


class Side(StrEnum):
    """Whose books a contract is kept in."""

    BORROWER = "borrower"  # a loan received: a debt
    LENDER = "lender"  # a loan issued: an asset


class ScheduleKind(StrEnum):
    """How principal falls due."""

    ANNUITY = "annuity"  # level payments; with a balloon, the rest at the end
    LINEAR = "linear"  # equal principal
    BULLET = "bullet"  # all principal at maturity, interest by the frequency
    CUSTOM = "custom"  # listed dates and amounts
    ON_DEMAND = "on_demand"  # no maturity: principal is repaid when it is asked for
    REVOLVING = "revolving"  # drawn and repaid again; at least a part of the balance each time


class InterestBase(StrEnum):
    """What interest is counted on."""

    OUTSTANDING = "outstanding"  # principal as it stands
    AS_DRAWN = "as_drawn"  # all that was drawn, whatever has been repaid: a flat rate
    LAGGED = "lagged"  # principal as it stood on the last date of a cycle of its own


class InterestSpread(StrEnum):
    """How the interest of a flat rate is spread over its periods."""

    EVEN = "even"  # by their time
    SUM_OF_DIGITS = "sum_of_digits"  # most in the first, least in the last: the rule of 78


class RateEffect(StrEnum):
    """From when a new rate counts."""

    NEXT_PERIOD = "next_period"
    SAME_DAY = "same_day"


@dataclass(frozen=True, slots=True)
class RateStep:
    """From the night of a day on: a rate (`rate`), or another margin on the reference (`margin`).

    Exactly one of the two is given. Promotional, rising and falling rates are rows of these.
    """

    from_day: date
    rate: Decimal | None = None
    margin: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RateTerms:
    """The price of the money: a fixed rate, or a reference rate plus a margin.

    Rates are fractions of one a year (`Decimal("0.24")`). `fixed` and `reference` exclude each
    other, unless the terms say when the rate is reset: then `fixed` holds until the first reset,
    and `next_reset_rate` is what that one is known to come to. A reset for which nothing is
    published leaves the rate as it is. A rate entered later on the loan itself (a `RateSet` event)
    replaces all of these.

    Source: resets after ACTUS, state transition RR; worked in docs/methods/rate-resets.md.
    """

    fixed: Decimal | None = None
    reference: str | None = None  # the code of a published series, such as SOFR
    margin: Decimal = Decimal(0)
    floor: Decimal | None = None
    cap: Decimal | None = None
    effect: RateEffect = RateEffect.NEXT_PERIOD
    multiplier: Decimal = Decimal(1)  # of the reference, before the margin
    resets: Cycle | None = None  # the rate is fixed on these days, and holds until the next
    reset_lag_days: int = 0  # the fixing of so many business days before counts
    next_reset_rate: Decimal | None = None
    rise_max: Decimal | None = None  # at one reset
    fall_max: Decimal | None = None
    steps: tuple[RateStep, ...] = ()  # ascending


class FeeTiming(StrEnum):
    """When a fee of the terms is taken."""

    WITHHELD_AT_DRAWDOWN = "withheld_at_drawdown"
    PAID_AT_DRAWDOWN = "paid_at_drawdown"
    WITH_EACH_INSTALMENT = "with_each_instalment"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeTerms:
    """One fee: a fixed amount, or a fraction of what is drawn (exactly one of the two)."""

    fee_kind: str
    timing: FeeTiming
    amount: Money | None = None
    rate: Decimal | None = None


class PenaltyBase(StrEnum):
    """What a penalty is counted on."""

    OVERDUE_PRINCIPAL = "overdue_principal"
    OVERDUE_PRINCIPAL_AND_INTEREST = "overdue_principal_and_interest"


@dataclass(frozen=True, slots=True)
class PenaltyTier:
    """`daily_rate`, a fraction a day, from day `from_day` late (1 is the first day that counts)."""

    from_day: int
    daily_rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PenaltyTerms:
    """What being late costs. Tiers ascend by `from_day`; a tier with rate 0 stops the penalty.

    `cap_of_principal` limits the penalties of the whole loan to that fraction of the principal
    drawn: over its life, or within each contract year where `cap_is_yearly`.
    """

    tiers: tuple[PenaltyTier, ...]
    base: PenaltyBase = PenaltyBase.OVERDUE_PRINCIPAL
    grace_days: int = 0
    cap_of_principal: Decimal | None = None
    cap_is_yearly: bool = False


class AllocationClaim(StrEnum):
    """A kind of claim in the order of allocation."""

    COSTS = "costs"
    FEE = "fee"
    PENALTY = "penalty"
    OVERDUE_INTEREST = "overdue_interest"
    OVERDUE_PRINCIPAL = "overdue_principal"
    CURRENT_INTEREST = "current_interest"
    CURRENT_PRINCIPAL = "current_principal"


HOUSE_ORDER = (
    AllocationClaim.OVERDUE_INTEREST,
    AllocationClaim.OVERDUE_PRINCIPAL,
    AllocationClaim.CURRENT_INTEREST,
    AllocationClaim.CURRENT_PRINCIPAL,
    AllocationClaim.FEE,
    AllocationClaim.PENALTY,
    AllocationClaim.COSTS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Graduation:
    """Payments that rise or fall: after `every` instalments by a fraction, or by an amount.

    Exactly one of `rate` and `amount` is given; both may be below zero.
    """

    every: int = 1
    rate: Decimal | None = None
    amount: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimumPayment:
    """What of a revolving balance falls due each time: a fraction of it, and at least `floor`."""

    fraction: Decimal
    floor: Money | None = None


@dataclass(frozen=True, slots=True)
class PlannedPrincipal:
    """One row of a custom schedule: principal that falls due on a date, and whether interest too.

    Interest that a row does not ask for runs on, and falls due with the next one that does.
    """

    due_date: date
    principal: Money
    pays_interest: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Everything agreed that a figure may depend on.

    `principal` is the amount lent, or the limit that may be drawn in parts. Interest periods are
    anchored on `first_due_date` and repeat by `frequency` up to `maturity_date`; the period before
    the first due date starts at `interest_from` and may be a stub. Principal may have a cycle of
    its own. Interest that falls due up to `capitalises_until` joins principal instead of being
    paid. A fact missing from the contract and filled in by an import is named in `assumed`.

    A loan that `follows_statements` has no payments recorded one by one: what falls due after its
    latest statement counts as paid on its day, as an expectation that is never booked, until the
    next statement tells.
    """

    currency: Currency
    principal: Money
    signed_on: date
    interest_from: date
    first_due_date: date
    maturity_date: date | None  # None only for ON_DEMAND
    frequency: Frequency
    schedule_kind: ScheduleKind
    rate: RateTerms
    day_count: DayCount
    end_of_month: bool = False
    business_days: BusinessDayConvention = BusinessDayConvention.UNADJUSTED
    calendar_code: str = ""  # whose holidays; empty means no day is off
    rounding: Rounding = Rounding.HALF_UP
    instalment_rounding: Rounding = Rounding.HALF_UP
    instalment_multiple_minor: int = 1
    balloon: Money | None = None
    principal_grace_instalments: int = 0  # first instalments that carry interest only
    first_principal_date: date | None = None  # LINEAR: principal starts here, interest before
    final_stub: StubKind = StubKind.SHORT  # of the interest periods
    adjusts_periods: bool = False  # days off move the ends of periods too, not payments alone
    adjusts_maturity: bool = True  # days off move the payment at maturity as well
    counts_last_day: bool = False  # interest is owed for the maturity date itself too
    principal_cycle: Cycle | None = None  # where principal is not due with each interest
    first_interest_date: date | None = None  # interest runs on until then, and is due together
    capitalises_until: date | None = None  # and on that day; `date.max` is until maturity
    given_instalment: Money | None = None  # ANNUITY: payment agreed; LINEAR: principal part agreed
    instalment_follows_rate: bool = True  # ANNUITY: a reset of the rate makes another payment
    allows_growth: bool = False  # a payment may be less than the interest; the rest joins principal
    amortises_until: date | None = None  # ANNUITY: the payment would repay all by then
    interest_base: InterestBase = InterestBase.OUTSTANDING
    interest_base_cycle: Cycle | None = None  # LAGGED
    interest_spread: InterestSpread = InterestSpread.EVEN  # AS_DRAWN
    graduation: Graduation | None = None  # ANNUITY
    minimum_payment: MinimumPayment | None = None  # REVOLVING
    custom_principal: tuple[PlannedPrincipal, ...] = ()
    interest_runs_on_overdue: bool = True
    fees: tuple[FeeTerms, ...] = ()
    penalty: PenaltyTerms | None = None
    allocation_order: tuple[AllocationClaim, ...] = HOUSE_ORDER
    charges_ceiling: Decimal | None = (
        None  # interest and penalties ≤ this fraction of what is drawn
    )
    progressive: ProgressiveTerms | None = None  # a plan worked out anew from what has happened
    follows_statements: bool = False  # known by the other side's statements of balances alone
    assumed: tuple[str, ...] = ()
