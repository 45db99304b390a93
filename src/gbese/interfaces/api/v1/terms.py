"""The terms of a loan as a request writes them and an answer tells them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from gbese.core.calendars.business_days import BusinessDayConvention
from gbese.core.calendars.cycles import Cycle
from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import Frequency, FrequencyUnit
from gbese.core.calendars.periods import StubKind
from gbese.core.contracts.terms import (
    HOUSE_ORDER,
    AllocationClaim,
    FeeTerms,
    FeeTiming,
    Graduation,
    InterestBase,
    InterestSpread,
    MinimumPayment,
    PenaltyBase,
    PenaltyTerms,
    PenaltyTier,
    PlannedPrincipal,
    RateEffect,
    RateStep,
    RateTerms,
    ScheduleKind,
    Terms,
)
from gbese.core.money import Money, Rounding
from gbese.interfaces.api.schemas import (
    Amount,
    Asked,
    CurrencyOut,
    Day,
    MoneyOut,
    Note60,
    Rate,
    RateOut,
    Text60,
    Told,
    YesNo,
    money_told,
    same_currency,
    whole_of_json,
)

DUE_DATES_MAX = 1_200
_DAYS_OF_UNIT = {
    FrequencyUnit.DAY: 1,
    FrequencyUnit.WEEK: 7,
    FrequencyUnit.MONTH: 28,
    FrequencyUnit.YEAR: 365,
}

Count = Annotated[StrictInt, Field(ge=1, le=3_660), BeforeValidator(whole_of_json)]
CountOrNone = Annotated[StrictInt, Field(ge=0, le=3_660), BeforeValidator(whole_of_json)]


class FrequencyAsked(Asked):
    """Every `count` units: quarterly is 3 months."""

    count: Count = 1
    unit: FrequencyUnit

    def frequency(self) -> Frequency:
        """As the core counts by it."""
        return Frequency(self.count, self.unit)


class CycleAsked(Asked):
    """Dates that come back from a first one on; `at_maturity` is the first date alone."""

    first_date: Day
    frequency: FrequencyAsked
    final_stub: StubKind = StubKind.SHORT

    def cycle(self) -> Cycle:
        """As the core counts by it."""
        return Cycle(self.first_date, self.frequency.frequency(), self.final_stub)


def _require_one(given: Mapping[str, object]) -> None:
    """Two fields of which one is given and the other not."""
    if sum(value is not None for value in given.values()) != 1:
        raise PydanticCustomError("one_of_two", "one of two", {"names": ", ".join(given)})


class RateStepAsked(Asked):
    """From a day on: a rate, or another margin on the reference."""

    from_day: Day
    rate: Rate | None = None
    margin: Rate | None = None


class RateAsked(Asked):
    """A fixed rate, or a published reference rate and a margin on it.

    Where the terms say when the rate is fixed anew (`resets`, `steps`), `fixed` may stand beside
    the reference and holds until then.
    """

    fixed: Rate | None = None
    reference: Text60 | None = None
    margin: Rate = Field(default=Decimal(0), validate_default=False)
    floor: Rate | None = None
    cap: Rate | None = None
    effect: RateEffect = RateEffect.NEXT_PERIOD
    multiplier: Rate = Field(default=Decimal(1), validate_default=False)
    resets: CycleAsked | None = None
    reset_lag_days: CountOrNone = 0
    next_reset_rate: Rate | None = None
    rise_max: Rate | None = None
    fall_max: Rate | None = None
    steps: Annotated[list[RateStepAsked], Field(max_length=DUE_DATES_MAX)] = []

    @model_validator(mode="after")
    def _is_one(self) -> RateAsked:
        neither = self.fixed is None and self.reference is None
        both = self.fixed is not None and self.reference is not None
        if neither or (both and self.resets is None and not self.steps):
            raise PydanticCustomError("one_of_two", "one of two", {"names": "fixed, reference"})
        return self


class FeeAsked(Asked):
    """A fee: an amount, or a fraction of what is drawn."""

    fee_kind: Text60
    timing: FeeTiming
    amount: Amount | None = None
    rate: Rate | None = None

    @model_validator(mode="after")
    def _is_one(self) -> FeeAsked:
        _require_one({"amount": self.amount, "rate": self.rate})
        return self


class PenaltyTierAsked(Asked):
    """A fraction a day, from a day late."""

    from_day: Count
    daily_rate: Rate


class PenaltyAsked(Asked):
    """What being late costs."""

    tiers: Annotated[list[PenaltyTierAsked], Field(min_length=1, max_length=20)]
    base: PenaltyBase = PenaltyBase.OVERDUE_PRINCIPAL
    grace_days: CountOrNone = 0
    cap_of_principal: Rate | None = None
    cap_is_yearly: YesNo = False


class PlannedPrincipalAsked(Asked):
    """Principal that falls due on a date."""

    due_date: Day
    principal: Amount
    pays_interest: YesNo = True


class GraduationAsked(Asked):
    """Payments that rise or fall after every so many instalments: by a fraction or an amount."""

    every: Count = 1
    rate: Rate | None = None
    amount: Amount | None = None

    @model_validator(mode="after")
    def _is_one(self) -> GraduationAsked:
        _require_one({"amount": self.amount, "rate": self.rate})
        return self

    def graduation(self) -> Graduation:
        """As the core counts by it."""
        amount = self.amount.money if self.amount else None
        return Graduation(every=self.every, rate=self.rate, amount=amount)


class MinimumPaymentAsked(Asked):
    """What of a revolving balance falls due each time: a fraction of it, and at least `floor`."""

    fraction: Rate
    floor: Amount | None = None

    def minimum_payment(self) -> MinimumPayment:
        """As the core counts by it."""
        floor = self.floor.money if self.floor else None
        return MinimumPayment(fraction=self.fraction, floor=floor)


class TermsAsked(Asked):
    """Everything agreed that a figure may depend on; all amounts are in the principal's currency.

    `maturity_date` is left out only of a loan repayable on demand.
    """

    principal: Amount
    signed_on: Day
    interest_from: Day
    first_due_date: Day
    maturity_date: Day | None = None
    frequency: FrequencyAsked
    schedule_kind: ScheduleKind
    rate: RateAsked
    day_count: DayCount
    end_of_month: YesNo = False
    business_days: BusinessDayConvention = BusinessDayConvention.UNADJUSTED
    calendar_code: Note60 = ""
    rounding: Rounding = Rounding.HALF_UP
    instalment_rounding: Rounding = Rounding.HALF_UP
    instalment_multiple: Amount | None = None
    balloon: Amount | None = None
    principal_grace_instalments: CountOrNone = 0
    first_principal_date: Day | None = None
    custom_principal: Annotated[list[PlannedPrincipalAsked], Field(max_length=DUE_DATES_MAX)] = []
    interest_runs_on_overdue: YesNo = True
    fees: Annotated[list[FeeAsked], Field(max_length=20)] = []
    penalty: PenaltyAsked | None = None
    allocation_order: Annotated[list[AllocationClaim], Field(min_length=7, max_length=7)] = list(
        HOUSE_ORDER
    )
    charges_ceiling: Rate | None = None
    final_stub: StubKind = StubKind.SHORT
    adjusts_periods: YesNo = False
    adjusts_maturity: YesNo = True
    counts_last_day: YesNo = False
    principal_cycle: CycleAsked | None = None
    first_interest_date: Day | None = None
    capitalises_until: Day | None = None
    given_instalment: Amount | None = None
    instalment_follows_rate: YesNo = True
    allows_growth: YesNo = False
    amortises_until: Day | None = None
    interest_base: InterestBase = InterestBase.OUTSTANDING
    interest_base_cycle: CycleAsked | None = None
    interest_spread: InterestSpread = InterestSpread.EVEN
    graduation: GraduationAsked | None = None
    minimum_payment: MinimumPaymentAsked | None = None

    @model_validator(mode="after")
    def _is_one_currency(self) -> TermsAsked:
        amounts: dict[str, Amount | None] = {
            "balloon": self.balloon,
            "instalment_multiple": self.instalment_multiple,
            "given_instalment": self.given_instalment,
            "graduation.amount": self.graduation.amount if self.graduation else None,
            "minimum_payment.floor": self.minimum_payment.floor if self.minimum_payment else None,
        }
        amounts |= {f"fees.{place}": fee.amount for place, fee in enumerate(self.fees)}
        amounts |= {
            f"custom_principal.{place}": row.principal
            for place, row in enumerate(self.custom_principal)
        }
        same_currency(amounts, self.principal.currency)
        return self

    @model_validator(mode="after")
    def _is_bounded(self) -> TermsAsked:
        """A schedule of a due date a day for three hundred years helps nobody."""
        if self.maturity_date is None or self.frequency.unit not in _DAYS_OF_UNIT:
            return self
        days = max((self.maturity_date - self.interest_from).days, 0)
        period_days = self.frequency.count * _DAYS_OF_UNIT[self.frequency.unit]
        if days // period_days > DUE_DATES_MAX:
            raise PydanticCustomError("too_many_periods", "too many", {"most": DUE_DATES_MAX})
        return self

    def terms(self) -> Terms:
        """The terms as the core counts by them; the caller has them checked as a whole."""
        multiple = self.instalment_multiple
        return Terms(
            currency=self.principal.money.currency,
            principal=self.principal.money,
            signed_on=self.signed_on,
            interest_from=self.interest_from,
            first_due_date=self.first_due_date,
            maturity_date=self.maturity_date,
            frequency=self.frequency.frequency(),
            schedule_kind=self.schedule_kind,
            rate=self._rate(),
            day_count=self.day_count,
            end_of_month=self.end_of_month,
            business_days=self.business_days,
            calendar_code=self.calendar_code,
            rounding=self.rounding,
            instalment_rounding=self.instalment_rounding,
            instalment_multiple_minor=multiple.money.minor if multiple else 1,
            balloon=self.balloon.money if self.balloon else None,
            principal_grace_instalments=self.principal_grace_instalments,
            first_principal_date=self.first_principal_date,
            custom_principal=tuple(
                PlannedPrincipal(row.due_date, row.principal.money, row.pays_interest)
                for row in self.custom_principal
            ),
            interest_runs_on_overdue=self.interest_runs_on_overdue,
            fees=tuple(
                FeeTerms(
                    fee_kind=fee.fee_kind,
                    timing=fee.timing,
                    amount=fee.amount.money if fee.amount else None,
                    rate=fee.rate,
                )
                for fee in self.fees
            ),
            penalty=self._penalty(),
            allocation_order=tuple(self.allocation_order),
            charges_ceiling=self.charges_ceiling,
            final_stub=self.final_stub,
            adjusts_periods=self.adjusts_periods,
            adjusts_maturity=self.adjusts_maturity,
            counts_last_day=self.counts_last_day,
            principal_cycle=self.principal_cycle.cycle() if self.principal_cycle else None,
            first_interest_date=self.first_interest_date,
            capitalises_until=self.capitalises_until,
            given_instalment=self.given_instalment.money if self.given_instalment else None,
            instalment_follows_rate=self.instalment_follows_rate,
            allows_growth=self.allows_growth,
            amortises_until=self.amortises_until,
            interest_base=self.interest_base,
            interest_base_cycle=(
                self.interest_base_cycle.cycle() if self.interest_base_cycle else None
            ),
            interest_spread=self.interest_spread,
            graduation=self.graduation.graduation() if self.graduation else None,
            minimum_payment=(
                self.minimum_payment.minimum_payment() if self.minimum_payment else None
            ),
        )

    def _rate(self) -> RateTerms:
        resets = self.rate.resets
        steps = tuple(RateStep(step.from_day, step.rate, step.margin) for step in self.rate.steps)
        asked = dict(self.rate) | {"resets": resets.cycle() if resets else None, "steps": steps}
        return RateTerms(**asked)

    def _penalty(self) -> PenaltyTerms | None:
        if self.penalty is None:
            return None
        return PenaltyTerms(
            tiers=tuple(PenaltyTier(tier.from_day, tier.daily_rate) for tier in self.penalty.tiers),
            base=self.penalty.base,
            grace_days=self.penalty.grace_days,
            cap_of_principal=self.penalty.cap_of_principal,
            cap_is_yearly=self.penalty.cap_is_yearly,
        )


class FrequencyTold(Told):
    """Every `count` units."""

    count: int
    unit: FrequencyUnit


class CycleTold(Told):
    """Dates that come back from a first one on."""

    first_date: Day
    frequency: FrequencyTold
    final_stub: StubKind


class RateStepTold(Told):
    """From a day on: a rate, or another margin on the reference."""

    from_day: Day
    rate: RateOut | None
    margin: RateOut | None


class RateTold(Told):
    """A fixed rate, or a reference rate and a margin."""

    fixed: RateOut | None
    reference: str | None
    margin: RateOut
    floor: RateOut | None
    cap: RateOut | None
    effect: RateEffect
    multiplier: RateOut
    resets: CycleTold | None
    reset_lag_days: int
    next_reset_rate: RateOut | None
    rise_max: RateOut | None
    fall_max: RateOut | None
    steps: list[RateStepTold]


class FeeTold(Told):
    """A fee of the terms."""

    fee_kind: str
    timing: FeeTiming
    amount: MoneyOut | None
    rate: RateOut | None


class PenaltyTierTold(Told):
    """A fraction a day, from a day late."""

    from_day: int
    daily_rate: RateOut


class PenaltyTold(Told):
    """What being late costs."""

    tiers: list[PenaltyTierTold]
    base: PenaltyBase
    grace_days: int
    cap_of_principal: RateOut | None
    cap_is_yearly: bool


class GraduationTold(Told):
    """Payments that rise or fall."""

    every: int
    rate: RateOut | None
    amount: MoneyOut | None


class MinimumPaymentTold(Told):
    """What of a revolving balance falls due each time."""

    fraction: RateOut
    floor: MoneyOut | None


class PlannedPrincipalTold(Told):
    """Principal that falls due on a date."""

    due_date: Day
    principal: MoneyOut
    pays_interest: bool


class TermsTold(Told):
    """The terms in force; `assumed` names what the contract did not say and an import filled in."""

    currency: CurrencyOut
    principal: MoneyOut
    signed_on: Day
    interest_from: Day
    first_due_date: Day
    maturity_date: Day | None
    frequency: FrequencyTold
    schedule_kind: ScheduleKind
    rate: RateTold
    day_count: DayCount
    end_of_month: bool
    business_days: BusinessDayConvention
    calendar_code: str
    rounding: Rounding
    instalment_rounding: Rounding
    instalment_multiple: MoneyOut
    balloon: MoneyOut | None
    principal_grace_instalments: int
    first_principal_date: Day | None
    custom_principal: list[PlannedPrincipalTold]
    interest_runs_on_overdue: bool
    fees: list[FeeTold]
    penalty: PenaltyTold | None
    allocation_order: list[AllocationClaim]
    charges_ceiling: RateOut | None
    final_stub: StubKind
    adjusts_periods: bool
    adjusts_maturity: bool
    counts_last_day: bool
    principal_cycle: CycleTold | None
    first_interest_date: Day | None
    capitalises_until: Day | None
    given_instalment: MoneyOut | None
    instalment_follows_rate: bool
    allows_growth: bool
    amortises_until: Day | None
    interest_base: InterestBase
    interest_base_cycle: CycleTold | None
    interest_spread: InterestSpread
    graduation: GraduationTold | None
    minimum_payment: MinimumPaymentTold | None
    follows_statements: bool
    assumed: list[str]


def terms_told(terms: Terms) -> TermsTold:
    """Terms of the core as they go out."""
    given = {
        name: getattr(terms, name)
        for name in TermsTold.model_fields
        if name != "instalment_multiple"
    }
    multiple = Money(terms.instalment_multiple_minor, terms.currency)
    return TermsTold.model_validate(
        given | {"instalment_multiple": money_told(multiple)}, from_attributes=True
    )
