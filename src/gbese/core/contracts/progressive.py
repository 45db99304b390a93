"""What a loan agrees whose plan is worked out anew from what has happened."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from gbese.core.calendars.frequencies import Frequency
from gbese.core.money import Rounding

WORKING_DIGITS = 19


class FactorBasis(StrEnum):
    """How long a period counts as when its rate factor is worked out."""

    DAYS = "days"  # by the days of the month and of the year that the contract names
    WHOLE_PERIOD = "whole_period"  # rate times the frequency's part of a year, whatever the days


class MonthDays(StrEnum):
    """The days a month counts as."""

    ACTUAL = "actual"
    THIRTY = "30"


class YearDays(StrEnum):
    """The days a year counts as."""

    ACTUAL = "actual"
    D360 = "360"
    D364 = "364"
    D365 = "365"


class InterestMethod(StrEnum):
    """What interest is counted on."""

    DECLINING_BALANCE = "declining_balance"
    FLAT = "flat"  # on all that was drawn, whatever has been repaid


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanConventions:
    """How a progressive plan turns a rate into interest and a debt into level payments.

    `has_leap_period_only`: with actual years, 366 days count only where the period holds
    29 February. `year_ends_on_new_year`: a day belongs to the date it begins on, so a period over
    New Year is cut at 1 January and not at 31 December, and the first day is one of interest. A
    level payment is a multiple of `level_multiple` minor units.
    """

    frequency: Frequency
    factor_basis: FactorBasis = FactorBasis.DAYS
    month_days: MonthDays = MonthDays.ACTUAL
    year_days: YearDays = YearDays.ACTUAL
    has_leap_period_only: bool = False
    year_ends_on_new_year: bool = False
    counts_part_periods: bool = True
    interest_method: InterestMethod = InterestMethod.DECLINING_BALANCE
    rounding: Rounding = Rounding.HALF_EVEN
    level_multiple: int = 1
    level_rounding: Rounding = Rounding.HALF_EVEN  # to the multiple
    interest_grace_periods: int = 0
    principal_grace_periods: int = 0
    working_digits: int = WORKING_DIGITS


class DueClass(StrEnum):
    """How an instalment stands to the day of a payment."""

    PAST_DUE = "past_due"
    DUE = "due"
    IN_ADVANCE = "in_advance"


class Owed(StrEnum):
    """The parts an instalment is owed in."""

    PRINCIPAL = "principal"
    INTEREST = "interest"
    FEE = "fee"
    PENALTY = "penalty"


class Place(StrEnum):
    """One place in the order in which a payment is used."""

    PAST_DUE_PENALTY = "past_due.penalty"
    PAST_DUE_FEE = "past_due.fee"
    PAST_DUE_PRINCIPAL = "past_due.principal"
    PAST_DUE_INTEREST = "past_due.interest"
    DUE_PENALTY = "due.penalty"
    DUE_FEE = "due.fee"
    DUE_PRINCIPAL = "due.principal"
    DUE_INTEREST = "due.interest"
    IN_ADVANCE_PENALTY = "in_advance.penalty"
    IN_ADVANCE_FEE = "in_advance.fee"
    IN_ADVANCE_PRINCIPAL = "in_advance.principal"
    IN_ADVANCE_INTEREST = "in_advance.interest"

    @property
    def due_class(self) -> DueClass:
        """Which instalments it concerns."""
        return DueClass(self.value.partition(".")[0])

    @property
    def owed(self) -> Owed:
        """Which part of them."""
        return Owed(self.value.partition(".")[2])


class Processing(StrEnum):
    """Whether an instalment is finished first, or one part across all of them."""

    HORIZONTAL = "horizontal"
    VERTICAL = "vertical"


class SurplusRule(StrEnum):
    """Which instalments to come take what is beyond those due."""

    NEXT_INSTALMENT = "next_instalment"
    LAST_INSTALMENT = "last_instalment"
    REAMORTISATION = "reamortisation"  # all of them, evenly


class PaymentKind(StrEnum):
    """What a receipt is, where contracts use it differently."""

    REPAYMENT = "repayment"
    DOWN_PAYMENT = "down_payment"
    MERCHANT_ISSUED_REFUND = "merchant_issued_refund"
    PAYOUT_REFUND = "payout_refund"
    GOODWILL_CREDIT = "goodwill_credit"
    INTEREST_PAYMENT_WAIVER = "interest_payment_waiver"
    INTEREST_REFUND = "interest_refund"
    CHARGE_ADJUSTMENT = "charge_adjustment"


class ChargeOffRule(StrEnum):
    """What becomes of the plan when the loan is charged off."""

    REGULAR = "regular"  # it stays as it is that day
    ZERO_INTEREST = "zero_interest"  # no interest from that day on
    ACCELERATE_MATURITY = "accelerate_maturity"  # all that is left falls due that day


class LevyBase(StrEnum):
    """What a fee or penalty that is a fraction is counted on."""

    PRINCIPAL = "principal"
    INTEREST = "interest"
    PRINCIPAL_AND_INTEREST = "principal_and_interest"


@dataclass(frozen=True, slots=True)
class PaymentRule:
    """How payments of a kind are used; without a kind, all that have no rule of their own."""

    kind: PaymentKind | None
    surplus: SurplusRule
    order: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalculation:
    """Interest follows what was really paid.

    `rests_by_period`: it is counted to the end of the period that runs. `closes_with_period`: so
    it is where a payment pays all off. `counts_overdue`: principal paid late costs interest.
    """

    rests_by_period: bool = False
    closes_with_period: bool = False
    counts_overdue: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressiveTerms:
    """A plan of level payments that is worked out anew, and how payments are used on it.

    `down_payment` is the fraction of each drawing that falls due at once; where it
    `is_paid_automatically`, it counts as paid. `dues_by_charge_date`: a charge of an instalment to
    come counts as due from its own date. `chargeback_order` says which parts of a payment that is
    taken back come back first; empty means all of it is principal. Where it
    `is_drawn_as_agreed_only`, each drawing needs a tranche that was agreed and is not drawn yet.
    """

    plan: PlanConventions
    instalments: int
    rules: tuple[PaymentRule, ...]
    processing: Processing = Processing.HORIZONTAL
    recalculation: Recalculation | None = None
    down_payment: Decimal | None = None
    down_payment_is_automatic: bool = False
    dues_by_charge_date: bool = False
    chargeback_order: tuple[Owed, ...] = ()
    drawings_are_known_ahead: bool = False
    is_drawn_as_agreed_only: bool = False
    counts_from_signing: bool = False
    drawable_beyond: Decimal = Decimal(0)
    drawable_beyond_minor: int = 0
    fixed_length: int | None = None
    tells_activity: bool = False
    interest_refunded_for: tuple[PaymentKind, ...] = ()
    charge_off: ChargeOffRule = ChargeOffRule.REGULAR

    def rule_for(self, kind: PaymentKind) -> PaymentRule:
        """The rule of a kind of payment, or the one of all others."""
        rules = {rule.kind: rule for rule in self.rules}
        return rules.get(kind, rules[None])
