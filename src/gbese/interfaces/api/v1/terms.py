"""The terms of a loan as a request writes them and an answer tells them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from gbese.core.calendars.business_days import BusinessDayConvention
from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import Frequency, FrequencyUnit
from gbese.core.contracts.terms import (
    HOUSE_ORDER,
    AllocationClaim,
    FeeTerms,
    FeeTiming,
    PenaltyBase,
    PenaltyTerms,
    PenaltyTier,
    PlannedPrincipal,
    RateEffect,
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


class RateAsked(Asked):
    """A fixed rate, or a published reference rate and a margin on it."""

    fixed: Rate | None = None
    reference: Text60 | None = None
    margin: Rate = Field(default=Decimal(0), validate_default=False)
    floor: Rate | None = None
    cap: Rate | None = None
    effect: RateEffect = RateEffect.NEXT_PERIOD

    @model_validator(mode="after")
    def _is_one(self) -> RateAsked:
        if (self.fixed is None) == (self.reference is None):
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
        if (self.amount is None) == (self.rate is None):
            raise PydanticCustomError("one_of_two", "one of two", {"names": "amount, rate"})
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

    @model_validator(mode="after")
    def _is_one_currency(self) -> TermsAsked:
        amounts: dict[str, Amount | None] = {
            "balloon": self.balloon,
            "instalment_multiple": self.instalment_multiple,
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
            frequency=Frequency(self.frequency.count, self.frequency.unit),
            schedule_kind=self.schedule_kind,
            rate=RateTerms(**dict(self.rate)),
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
                PlannedPrincipal(row.due_date, row.principal.money) for row in self.custom_principal
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
        )

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


class RateTold(Told):
    """A fixed rate, or a reference rate and a margin."""

    fixed: RateOut | None
    reference: str | None
    margin: RateOut
    floor: RateOut | None
    cap: RateOut | None
    effect: RateEffect


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


class PlannedPrincipalTold(Told):
    """Principal that falls due on a date."""

    due_date: Day
    principal: MoneyOut


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
