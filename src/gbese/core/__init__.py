"""What a loan is and does: plain Python, without a database, a clock or screen wording.

Terms and events come in; schedules, projections, positions, statuses and journal entries go out.
A module imports only what stands above it in this order: errors, money, calendars, rates, rulebook,
ledger, contracts, schedules, servicing, accruals, projections, status, derivations, posting,
closing, reports.

What other programs may build on is named here; it is told by example in docs/library.md. The
modules below are the engine's own, and each name is imported from its module within it.
"""

from gbese.core.calendars.business_days import EVERY_DAY, BusinessDayConvention, Calendar
from gbese.core.calendars.cycles import Cycle
from gbese.core.calendars.day_counts import DayCount, year_fraction
from gbese.core.calendars.frequencies import (
    AT_MATURITY,
    DAILY,
    FORTNIGHTLY,
    FOUR_WEEKLY,
    HALF_YEARLY,
    MONTHLY,
    QUARTERLY,
    TWO_MONTHLY,
    WEEKLY,
    YEARLY,
    Frequency,
    FrequencyUnit,
)
from gbese.core.calendars.periods import StubKind
from gbese.core.contracts.analysis import for_analysis
from gbese.core.contracts.checks import TermsRefused, require_sound
from gbese.core.contracts.common_loans import common_terms
from gbese.core.contracts.terms import (
    AllocationClaim,
    FeeTerms,
    FeeTiming,
    InterestBase,
    PenaltyBase,
    PenaltyTerms,
    PenaltyTier,
    PlannedPrincipal,
    RateEffect,
    RateStep,
    RateTerms,
    ScheduleKind,
    Side,
    Terms,
)
from gbese.core.errors import Refusal
from gbese.core.money import (
    Currency,
    Money,
    Rounding,
    money_from_text,
    round_money,
    share,
    total,
    zero,
)
from gbese.core.projections.cash_flows import CashFlow, Deal, FlowKind, cash_flows
from gbese.core.projections.facts import LoanFacts, SharedFacts
from gbese.core.projections.position import Position, overdue, position
from gbese.core.projections.project import project
from gbese.core.projections.rows import Cause, Life, Projection
from gbese.core.projections.schedule import Schedule, schedule
from gbese.core.rates.reference import Fixing, Fixings
from gbese.core.schedules.instalments import PlannedInstalment
from gbese.core.servicing.events import (
    Amended,
    Charged,
    Component,
    Drawn,
    LoanEvent,
    Opened,
    RateSet,
    Received,
    Refunded,
    Restated,
    ReversalReason,
    Reversed,
    SurplusUse,
    Waived,
    WrittenOff,
)
from gbese.core.yields.effective import xirr
from gbese.core.yields.flows import DatedFlow
from gbese.core.yields.roots import NoRateExists, SeveralRatesExist

__all__ = [
    "AT_MATURITY",
    "DAILY",
    "EVERY_DAY",
    "FORTNIGHTLY",
    "FOUR_WEEKLY",
    "HALF_YEARLY",
    "MONTHLY",
    "QUARTERLY",
    "TWO_MONTHLY",
    "WEEKLY",
    "YEARLY",
    "AllocationClaim",
    "Amended",
    "BusinessDayConvention",
    "Calendar",
    "CashFlow",
    "Cause",
    "Charged",
    "Component",
    "Currency",
    "Cycle",
    "DatedFlow",
    "DayCount",
    "Deal",
    "Drawn",
    "FeeTerms",
    "FeeTiming",
    "Fixing",
    "Fixings",
    "FlowKind",
    "Frequency",
    "FrequencyUnit",
    "InterestBase",
    "Life",
    "LoanEvent",
    "LoanFacts",
    "Money",
    "NoRateExists",
    "Opened",
    "PenaltyBase",
    "PenaltyTerms",
    "PenaltyTier",
    "PlannedInstalment",
    "PlannedPrincipal",
    "Position",
    "Projection",
    "RateEffect",
    "RateSet",
    "RateStep",
    "RateTerms",
    "Received",
    "Refunded",
    "Refusal",
    "Restated",
    "ReversalReason",
    "Reversed",
    "Rounding",
    "Schedule",
    "ScheduleKind",
    "SeveralRatesExist",
    "SharedFacts",
    "Side",
    "StubKind",
    "SurplusUse",
    "Terms",
    "TermsRefused",
    "Waived",
    "WrittenOff",
    "cash_flows",
    "common_terms",
    "for_analysis",
    "money_from_text",
    "overdue",
    "position",
    "project",
    "require_sound",
    "round_money",
    "schedule",
    "share",
    "total",
    "xirr",
    "year_fraction",
    "zero",
]
