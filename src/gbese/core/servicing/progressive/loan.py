"""A progressive loan: facts by date, instalments and postings out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from gbese.core.calendars.frequencies import Frequency, roll
from gbese.core.contracts.progressive import (
    DueClass,
    LevyBase,
    Owed,
    PaymentKind,
    PaymentRule,
    Place,
    Processing,
    ProgressiveTerms,
)
from gbese.core.contracts.terms import Terms
from gbese.core.money import round_minor
from gbese.core.schedules.progressive.periods import periods_between
from gbese.core.schedules.progressive.plan import ProgressivePlan
from gbese.core.servicing.events import (
    Charged,
    ChargedBack,
    Component,
    Drawn,
    DueDateMoved,
    EventNotForTheseTerms,
    InterestPaused,
    Lengthened,
    Levied,
    LevyWaived,
    LoanEvent,
    RateSet,
    Received,
    Refunded,
    WrittenOff,
)
from gbese.core.servicing.progressive.instalments import (
    PARTS,
    Instalment,
    InstalmentKind,
    Levy,
    LevyState,
    no_parts,
    unpaid,
)
from gbese.core.servicing.progressive.postings import Posting, PostingKind
from gbese.core.servicing.progressive.using import Payment, Use, use_payment

_NIGHT = timedelta(days=1)
_PARTS_OF = {Component.FEE: Owed.FEE, Component.PENALTY: Owed.PENALTY}


@dataclass(frozen=True, slots=True)
class Settled:
    """A part of an instalment that was paid on a day, in minor units."""

    event: int
    day: date
    instalment: Instalment
    owed: Owed
    amount: int


@dataclass(slots=True)
class ProgressiveLoan:
    """The loan on one day, built by letting its facts happen in order."""

    terms: Terms
    agreed: ProgressiveTerms
    plan: ProgressivePlan
    instalments: list[Instalment]
    day: date
    event: int = 0
    settled: list[Settled] = field(default_factory=list)
    drawn: int = 0
    interest_refunded: int = 0
    interest_without: Callable[[Received], int] | None = None  # if what is returned were not lent
    planned_drawings: int = 0
    tranches: list[tuple[date, int]] = field(default_factory=list)  # to be drawn, day and amount
    expected: int = 0  # to be drawn on the first day, as long as nothing is
    overpaid: int = 0
    first_drawn_on: date | None = None
    written_off_on: date | None = None
    levies: list[Levy] = field(default_factory=list)
    each_instalment: list[Levied] = field(default_factory=list)
    postings: list[Posting] = field(default_factory=list)
    known_ahead: set[int] = field(default_factory=set)  # drawings the plan has already
    down_payments_undone: set[int] = field(default_factory=set)  # of these drawings
    is_paying_off: bool = False
    given_up: dict[int, int] = field(default_factory=dict)  # by the fact that gave it up
    charged_back: dict[int, int] = field(default_factory=dict)  # event and the payment it took back

    @property
    def recalculates(self) -> bool:
        """Whether interest follows what was really paid."""
        return self.agreed.recalculation is not None

    @property
    def planned(self) -> list[Instalment]:
        """The instalments of the plan."""
        return [each for each in self.instalments if each.kind is InstalmentKind.PLANNED]

    @property
    def outstanding(self) -> int:
        """All that is still to be paid by the instalments as they stand."""
        return sum(each.outstanding for each in self.instalments)

    @property
    def principal_left(self) -> int:
        """Principal that is still to be paid."""
        return sum(each.left(Owed.PRINCIPAL) for each in self.instalments)

    def levied(self) -> tuple[LevyState, ...]:
        """The fees and penalties levied so far, one a fact, in the order of recording."""
        numbers = sorted({levy.number for levy in self.levies})
        return tuple(
            LevyState.of([levy for levy in self.levies if levy.number == number])
            for number in numbers
        )

    @property
    def is_paid_off(self) -> bool:
        """Whether something was drawn and nothing is left to pay."""
        return bool(self.drawn) and not unpaid(self.instalments)

    @property
    def last_paid_on(self) -> date | None:
        """The day of the last payment; None where there is none."""
        return max((each.day for each in self.settled), default=None)

    def overdue(self, day: date) -> int:
        """What was due before a day and is not paid."""
        return sum(each.outstanding for each in self.instalments if each.due < day)

    def amount_to_pay_off(self, day: date) -> int:
        """What has to be paid on a day so that nothing is left."""
        left = self.outstanding
        if self.recalculates and self.written_off_on is None:
            agreed = self.agreed.recalculation
            current = self.plan.periods.holding(day)
            if agreed and agreed.closes_with_period and current is not None:
                day = current.due
            principal, interest = self.plan.outstanding_on(day)
            beside = sum(
                each.left(Owed.PRINCIPAL) + each.left(Owed.INTEREST)
                for each in self.instalments
                if each.period is None
            )
            levied = sum(each.left(Owed.FEE) + each.left(Owed.PENALTY) for each in self.instalments)
            left = principal + interest + beside + levied
        return max(left - self.overpaid, 0)

    def earned(self) -> dict[Owed, int]:
        """All interest, fees and penalties that are asked for and were not given up."""
        parts = no_parts()
        for instalment in self.instalments:
            parts[Owed.INTEREST] += instalment.charged[Owed.INTEREST] - instalment.credited_interest
            for owed in (Owed.FEE, Owed.PENALTY):
                parts[owed] += instalment.charged[owed] - instalment.waived[owed]
        return parts

    def earned_by(self, day: date) -> dict[Owed, int]:
        """Interest earned by a day, and the fees and penalties due by it."""
        parts = no_parts()
        bears_to = day + _NIGHT if self.agreed.plan.year_ends_on_new_year else day
        for instalment in self.instalments:
            for levy in instalment.levies:
                if levy.due <= day:
                    parts[levy.owed] += levy.amount - levy.waived
            if instalment.due <= bears_to or instalment.start < bears_to:
                parts[Owed.INTEREST] += self._interest_by(instalment, bears_to)
        return parts

    def _interest_by(self, instalment: Instalment, day: date) -> int:
        charged = instalment.charged[Owed.INTEREST] - instalment.credited_interest
        if instalment.period is None or (
            instalment.due < day and not instalment.period.interest_pulled
        ):
            return charged
        if not self.agreed.drawings_are_known_ahead:
            plan = self.plan.as_of(day)
            period = plan.periods[self.plan.periods.index(instalment.period)]
            return plan.row(period).interest_earned - period.credited_interest
        days = (instalment.due - instalment.start).days
        exact = Decimal(charged) * (day - instalment.start).days / days
        return round_minor(*exact.as_integer_ratio(), self.agreed.plan.rounding)

    # Facts

    def happen(self, event: LoanEvent) -> None:  # noqa: C901, PLR0912 - a case a kind
        """Let one fact happen; what came before it has."""
        self.day, self.event = event.value_date, event.number
        match event:
            case Drawn():
                self._draw(event)
            case Received():
                self._receive(event)
            case Levied():
                self._levy(event)
            case LevyWaived():
                self._waive_levy(event)
            case ChargedBack():
                self._charge_back(event)
            case Refunded():
                self._refund(event)
            case WrittenOff():
                self._write_off(event)
            case RateSet():
                self.plan.change_rate(event.value_date, event.rate)
                self._follow_plan_from(event.value_date)
            case InterestPaused():
                self.plan.pause(event.value_date, event.until)
                self._follow_plan_from(event.value_date)
            case DueDateMoved():
                self._move_due_date(event)
            case Lengthened():
                self._lengthen(event)
            case Charged():
                self._charge(event)
            case _:
                raise EventNotForTheseTerms(event=type(event).__name__)

    def follow_to(self, day: date) -> None:
        """Interest on principal that is late is counted up to a day."""
        agreed = self.agreed.recalculation
        if agreed is None or not agreed.counts_overdue or self.written_off_on is not None:
            return
        to_due_date = agreed.rests_by_period or self.is_paying_off
        if self.plan.follow_overdue(day, to_due_date=to_due_date):
            self._follow_plan(self.planned)

    # Drawing

    def expect(self, drawings: Sequence[Drawn]) -> None:
        """Nothing is drawn yet: the plan is the one of what is to be drawn."""
        first = self.plan.periods[0].start
        for drawing in drawings:
            self.day = max(drawing.value_date, first)
            amount = drawing.amount.minor
            down = self._down_payment(amount)
            if self.agreed.down_payment is not None:
                self._add_down_payment(down)
            self.expected += amount
            self.plan.draw(self.day, amount - down)
        self._follow_plan(self.planned)

    def _draw(self, event: Drawn) -> None:
        self.follow_to(self.day)
        amount = event.amount.minor
        posting = self._post(event.number, PostingKind.DISBURSEMENT, amount)
        overpaid = self.overpaid
        if event.number not in self.known_ahead:
            self._plan_drawing(amount)
        self.drawn += amount
        self.first_drawn_on = self.first_drawn_on or self.day
        self._spread_levies()
        self._use_overpaid(posting)
        if self.agreed.down_payment_is_automatic and (
            event.number not in self.down_payments_undone
        ):
            down = self._down_payment(amount) - overpaid
            if down > 0:
                self._pay(event.number, PaymentKind.DOWN_PAYMENT, down)

    def know_ahead(self, drawings: Sequence[Drawn]) -> None:
        """Drawings are planned for before anything happens."""
        for drawing in drawings:
            self.day = drawing.value_date
            self._plan_drawing(drawing.amount.minor)
            self.known_ahead.add(drawing.number)

    def _plan_drawing(self, amount: int) -> None:
        self.planned_drawings += amount
        down = self._down_payment(amount)
        if self.agreed.down_payment is not None:
            self._add_down_payment(down)
        day = self.day
        if self.agreed.drawings_are_known_ahead and not self.plan.rate:
            day = self.plan.periods[0].start
        self.plan.draw(day, amount - down)
        if all(each.due < day for each in self.planned):
            additional = self._additional(day)
            additional.charged[Owed.PRINCIPAL] += amount - down
        self._follow_plan([each for each in self.planned if each.due >= day])

    def _down_payment(self, amount: int) -> int:
        if self.agreed.down_payment is None:
            return 0
        exact = amount * self.agreed.down_payment
        conventions = self.agreed.plan
        minor = round_minor(*exact.as_integer_ratio(), conventions.rounding)
        multiple = conventions.level_multiple
        return round_minor(minor, multiple, conventions.rounding) * multiple

    def _add_down_payment(self, amount: int) -> None:
        instalment = Instalment(self.day, self.day, InstalmentKind.DOWN_PAYMENT)
        instalment.charged[Owed.PRINCIPAL] = amount
        instalment.check_met(self.day)
        goes_before = self.agreed.drawings_are_known_ahead
        place = sum(
            each.due < self.day
            or (each.due == self.day and not (goes_before and each.kind is InstalmentKind.PLANNED))
            for each in self.instalments
        )
        self.instalments.insert(place, instalment)

    # Payments

    def _receive(self, event: Received) -> None:
        self._pay(event.number, event.kind, event.amount.minor)
        if event.kind in self.agreed.interest_refunded_for and event.refunds_interest:
            self._refund_interest(event)

    def _refund_interest(self, event: Received) -> None:
        """Interest that a purchase returned has cost is given back, as if never borrowed."""
        if self.interest_without is None:
            return
        interest = self.plan.as_of(self.day).interest() - self.interest_refunded
        if (amount := interest - self.interest_without(event)) > 0:
            self.interest_refunded += amount
            self._pay(event.number, PaymentKind.INTEREST_REFUND, amount)

    def _pay(self, event: int, kind: PaymentKind, amount: int) -> None:
        self.is_paying_off = self._pays_off(amount)
        self.follow_to(self.day)
        posting = self._post(event, PostingKind(kind), amount)
        use = self._use(amount, self.agreed.rule_for(kind))
        posting.parts = use.parts
        posting.overpaid = use.left
        self.overpaid = self.overpaid + use.left if use.left else 0
        self.is_paying_off = False

    def _pays_off(self, amount: int) -> bool:
        """Whether a payment closes a loan whose interest is counted to the end of the period."""
        agreed = self.agreed.recalculation
        current = self.plan.periods.holding(self.day)
        if agreed is None or not agreed.closes_with_period or current is None:
            return False
        return amount >= sum(self.plan.outstanding_on(current.due))

    def _use(self, money: int, rule: PaymentRule) -> Use:
        skipped: set[int] = set()
        return use_payment(
            money,
            self.instalments,
            Payment(
                self.day,
                rule,
                self.agreed.processing,
                self.recalculates,
                self.agreed.dues_by_charge_date,
            ),
            lambda instalment, place, share: self._take(instalment, place, share, skipped),
            is_skipped=lambda instalment: id(instalment) in skipped,
        )

    def _take(self, instalment: Instalment, place: Place, money: int, skipped: set[int]) -> int:
        """Pay one part of one instalment; where interest follows payments, the plan follows."""
        if not self.recalculates or instalment.period is None:
            skipped.add(id(instalment))
            return self._take_plain(instalment, place, money)
        period, day = instalment.period, self.day
        if place.due_class is DueClass.IN_ADVANCE:
            day = self._counted_day(instalment)
            ahead = self.plan.payable_ahead(
                period, day, is_vertical=self.agreed.processing is Processing.VERTICAL
            )
            if not ahead.interest and not ahead.principal:
                skipped.add(id(instalment))
            if place.owed is Owed.INTEREST:
                instalment.charged[Owed.INTEREST] = ahead.interest
            elif place.owed is Owed.PRINCIPAL:
                instalment.charged[Owed.PRINCIPAL] = ahead.principal
        taken = self._settle(instalment, place.owed, money)
        if place.owed is Owed.PRINCIPAL:
            self.plan.pay_principal(period, day, taken)
            self._follow_plan(self.planned)
        elif place.owed is Owed.INTEREST:
            self.plan.pay_interest(period, day, taken)
            self._follow_plan(self.planned)
        return taken

    def _take_plain(self, instalment: Instalment, place: Place, money: int) -> int:
        return self._settle(instalment, place.owed, money)

    def _settle(self, instalment: Instalment, owed: Owed, money: int) -> int:
        taken = instalment.pay(owed, money, self.day)
        if taken:
            self.settled.append(Settled(self.event, self.day, instalment, owed, taken))
        return taken

    def _counted_day(self, instalment: Instalment) -> date:
        agreed = self.agreed.recalculation
        if agreed is not None and (agreed.rests_by_period or self.is_paying_off):
            is_running = instalment.start < self.day <= instalment.due
            return instalment.due if is_running else self.day
        return self.day

    def _use_overpaid(self, posting: Posting) -> None:
        """Money that met no claim before is used on what is asked for now."""
        if self.overpaid <= 0:
            return
        posting.overpaid = min(posting.amount, self.overpaid)
        rule = self.agreed.rule_for(PaymentKind.REPAYMENT)
        self.overpaid = self._use(self.overpaid, rule).left

    # Fees and penalties

    def _levy(self, event: Levied) -> None:
        if event.due_date is None:
            self.each_instalment.append(event)
            self._spread_levies()
            return
        amount = self._levied(event, self.planned_drawings, self.plan.interest())
        self._add_levy(event, event.due_date, amount)
        self._use_overpaid_payments()

    def _charge(self, event: Charged) -> None:
        """A fee or penalty charged by hand is due on its day."""
        if event.component not in _PARTS_OF:
            raise EventNotForTheseTerms(event=type(event).__name__)
        levied = Levied(
            number=event.number,
            value_date=event.value_date,
            component=event.component,
            charge_kind=event.charge_kind,
            due_date=event.value_date,
            amount=event.amount,
        )
        self._levy(levied)

    def _levied(self, event: Levied, principal: int, interest: int) -> int:
        if event.amount is not None:
            return event.amount.minor
        bases = {
            LevyBase.PRINCIPAL: principal,
            LevyBase.INTEREST: interest,
            LevyBase.PRINCIPAL_AND_INTEREST: principal + interest,
        }
        exact = bases[event.base] * (event.rate or Decimal(0))
        return round_minor(*exact.as_integer_ratio(), self.agreed.plan.rounding)

    def _add_levy(self, event: Levied, due: date, amount: int) -> Levy:
        levy = Levy(event.number, due, event.value_date, _PARTS_OF[event.component], amount)
        instalment = self._instalment_for(due)
        instalment.levies.append(levy)
        instalment.charged[levy.owed] += amount
        instalment.check_met(self.day)
        self.levies.append(levy)
        return levy

    def _instalment_for(self, due: date) -> Instalment:
        """The instalment a fee due on a day is asked for with; after the last, one of its own."""
        planned = self.planned
        for instalment in planned:
            is_first = instalment is planned[0]
            if (instalment.start < due or (is_first and instalment.start == due)) and (
                due <= instalment.due
            ):
                return instalment
        return self._additional(due)

    def _additional(self, due: date) -> Instalment:
        additional = [each for each in self.instalments if each.kind is InstalmentKind.ADDITIONAL]
        if additional:
            additional[0].due = max(additional[0].due, due)
            return additional[0]
        last = self.planned[-1].due
        instalment = Instalment(min(last, due), due, InstalmentKind.ADDITIONAL)
        self.instalments.append(instalment)
        return instalment

    def _spread_levies(self) -> None:
        """What is levied with each instalment is counted anew for those not yet met."""
        numbers = {event.number for event in self.each_instalment}
        if not numbers:
            return
        for instalment in self.planned:
            if instalment.is_met:
                continue
            for event in self.each_instalment:
                amount = self._levied(
                    event, instalment.charged[Owed.PRINCIPAL], instalment.charged[Owed.INTEREST]
                )
                known = [levy for levy in instalment.levies if levy.number == event.number]
                if known:
                    instalment.charged[known[0].owed] += amount - known[0].amount
                    known[0].amount = amount
                    continue
                levy = Levy(
                    event.number,
                    instalment.due,
                    event.value_date,
                    _PARTS_OF[event.component],
                    amount,
                )
                instalment.levies.append(levy)
                instalment.charged[levy.owed] += amount
                self.levies.append(levy)

    def _use_overpaid_payments(self) -> None:
        """Payments that met too few claims are used on the new one, oldest first."""
        for posting in [each for each in self.postings if each.overpaid and self._is_payment(each)]:
            money = min(self.overpaid, posting.overpaid)
            if not money or not unpaid(self.instalments):
                continue
            day, self.day = self.day, posting.day
            use = self._use(money, self.agreed.rule_for(PaymentKind(posting.kind)))
            self.day = day
            used = money - use.left
            posting.overpaid -= used
            self.overpaid -= used
            for owed in PARTS:
                posting.parts[owed] += use.parts[owed]

    @staticmethod
    def _is_payment(posting: Posting) -> bool:
        return posting.kind.value in {kind.value for kind in PaymentKind}

    def _waive_levy(self, event: LevyWaived) -> None:
        """What was left when it was given up stays given up, whatever is known later."""
        left = self.given_up.get(event.number)
        posting = self._post(event.number, PostingKind.CHARGE_WAIVER, 0)
        for instalment in self.instalments:
            for levy in instalment.levies:
                if levy.number == event.levy:
                    part = levy.left if left is None else min(left, levy.left)
                    left = None if left is None else left - part
                    posting.amount += part
                    posting.given_up[levy.owed] += part
                    instalment.waived[levy.owed] += part
                    levy.waived += part
                    instalment.check_met(self.day)

    # Money going back

    def _charge_back(self, event: ChargedBack) -> None:
        self.follow_to(self.day)
        amount = event.amount.minor
        posting = self._post(event.number, PostingKind.CHARGEBACK, amount)
        is_plain = not self.recalculates and not self.agreed.chargeback_order
        if is_plain and self.overpaid >= amount:
            posting.overpaid = amount
            self.overpaid -= amount
            return
        self.charged_back[event.number] = event.payment
        parts = self._parts_charged_back(event)
        if self.recalculates and self.day <= self.planned[-1].due:
            posting.parts = parts
            self._credit_plan(parts)
        else:
            self._credit_instalment(parts)
            posting.parts = parts
        if self.recalculates or self.agreed.chargeback_order:
            posting.overpaid = self.overpaid
        self._use_overpaid(posting)
        if is_plain:
            posting.parts = {**no_parts(), Owed.PRINCIPAL: amount - posting.overpaid}

    def _credit_plan(self, parts: dict[Owed, int]) -> None:
        if parts[Owed.PRINCIPAL]:
            self.plan.credit(self.day, principal=parts[Owed.PRINCIPAL])
        if parts[Owed.INTEREST]:
            self.plan.credit(self.day, interest=parts[Owed.INTEREST])
        self._follow_plan(self.planned)
        last = self.planned[-1]
        holding = [each for each in self.planned if each.start <= self.day < each.due]
        instalment = last if self.day == last.due or not holding else holding[0]
        for owed in (Owed.FEE, Owed.PENALTY):
            instalment.charged[owed] += parts[owed]
        instalment.check_met(self.day)

    def _credit_instalment(self, parts: dict[Owed, int]) -> None:
        """What comes back is asked for with the next instalment, or one of its own at the end."""
        coming = [each for each in self.planned if each.due > self.day]
        if coming:
            instalment = coming[0]
        elif self.day == self.planned[-1].due:
            instalment = self.planned[-1]
        else:
            instalment = self._additional(self.day)
        for owed in PARTS:
            instalment.charged[owed] += parts[owed]
        instalment.credited_principal += parts[Owed.PRINCIPAL]
        instalment.credited_interest += parts[Owed.INTEREST]
        instalment.check_met(self.day)

    def _parts_charged_back(self, event: ChargedBack) -> dict[Owed, int]:
        left = event.amount.minor
        if not self.agreed.chargeback_order:
            return {**no_parts(), Owed.PRINCIPAL: left}
        [paid] = [each for each in self.postings if each.event == event.payment]
        before = [
            each
            for each in self.postings
            if self.charged_back.get(each.event) == event.payment and each.event != event.number
        ]
        parts = no_parts()
        room = {owed: paid.parts[owed] - sum(b.parts[owed] for b in before) for owed in PARTS}
        for owed in self.agreed.chargeback_order:
            parts[owed] = min(left, max(room[owed], 0))
            left -= parts[owed]
        parts[Owed.PRINCIPAL] += left
        return parts

    def _refund(self, event: Refunded) -> None:
        """Money beyond all claims goes back; what goes back beyond it is lent again."""
        self.follow_to(self.day)
        amount = event.amount.minor
        posting = self._post(event.number, PostingKind.CREDIT_BALANCE_REFUND, amount)
        lent = max(amount - self.overpaid, 0)
        repaid = amount - lent
        posting.overpaid = repaid
        posting.parts[Owed.PRINCIPAL] = lent
        self.overpaid -= repaid
        if lent:
            parts = {**no_parts(), Owed.PRINCIPAL: amount}
            if self.recalculates and self.day <= self.planned[-1].due:
                self._credit_plan(parts)
            else:
                self._credit_instalment(parts)
            coming = [each for each in self.instalments if each.due > self.day]
            taker = (coming or self.instalments)[0 if coming else -1]
            if repaid and taker.period is not None and self.recalculates:
                self.plan.pay_principal(taker.period, self.day, repaid)
                self._follow_plan(self.planned)
            if repaid:
                taker.pay(Owed.PRINCIPAL, repaid, self.day)
                taker.refunded += repaid

    def _write_off(self, event: WrittenOff) -> None:
        self.follow_to(self.day)
        posting = self._post(event.number, PostingKind.WRITE_OFF, self.outstanding)
        for instalment in self.instalments:
            for owed in PARTS:
                left = instalment.left(owed)
                posting.parts[owed] += left
                instalment.waived[owed] += left
            instalment.check_met(self.day)
        self.written_off_on = self.day

    # Other dates, more periods

    def _move_due_date(self, event: DueDateMoved) -> None:
        place = next(
            (number for number, each in enumerate(self.planned) if each.due == event.value_date),
            None,
        )
        if place is None:
            return
        moved = self.planned[place:]
        dates = [
            roll(event.new_due_date, self.agreed.plan.frequency, count, end_of_month=False)
            for count in range(len(moved))
        ]
        if self.agreed.fixed_length is not None and len(moved) > 1:
            dates[-1] = dates[-2] + (moved[-1].due - moved[-1].start)
        self.plan.move_due_dates(event.value_date, dates)
        for instalment in moved:
            if instalment.period is not None:
                instalment.start, instalment.due = instalment.period.start, instalment.period.due
        self._follow_plan(moved)

    def _lengthen(self, event: Lengthened) -> None:
        frequency, start = self.agreed.plan.frequency, self.plan.periods[0].start
        count, last = len(self.plan.periods), self.plan.periods.last.due
        before = count
        is_as_planned = last == roll(start, frequency, count, end_of_month=False)
        if not is_as_planned and self.agreed.fixed_length is None:
            start, before = last, 0  # its dates were moved
        ends = [
            roll(start, frequency, before + more, end_of_month=False)
            for more in range(event.periods + 1)
        ]
        self.plan.lengthen(self.day, list(pairwise(ends)))
        for period in self.plan.periods.items[count:]:
            self.instalments.append(Instalment(period.start, period.due, period=period))
        self._follow_plan_from(self.day)

    # The plan's figures

    def _follow_plan_from(self, day: date) -> None:
        self._follow_plan([each for each in self.planned if not each.is_met and each.due >= day])

    def _follow_plan(self, instalments: Iterable[Instalment]) -> None:
        """Instalments ask for what the plan says."""
        rows = dict(zip(map(id, self.plan.periods), self.plan.rows(), strict=True))
        for instalment in instalments:
            if instalment.period is None:
                continue
            row = rows[id(instalment.period)]
            instalment.charged[Owed.PRINCIPAL] = row.principal
            instalment.charged[Owed.INTEREST] = row.interest
            instalment.credited_principal = instalment.period.credited_principal
            instalment.credited_interest = instalment.period.credited_interest
            instalment.check_met(self.day)

    def _post(self, event: int, kind: PostingKind, amount: int) -> Posting:
        posting = Posting(event, kind, self.day, amount)
        self.postings.append(posting)
        return posting


def open_progressive(terms: Terms, agreed: ProgressiveTerms, start: date) -> ProgressiveLoan:
    """The loan before anything has happened: periods from its first day, nothing drawn."""
    frequency = agreed.plan.frequency
    ends = [
        roll(start, frequency, number, end_of_month=False)
        for number in range(agreed.instalments + 1)
    ]
    if agreed.fixed_length is not None:
        unit = Frequency(agreed.fixed_length, frequency.unit)
        ends[-1] = roll(start, unit, 1, end_of_month=False)
    periods = periods_between(list(pairwise(ends)))
    plan = ProgressivePlan(agreed.plan, periods, terms.rate.fixed or Decimal(0))
    instalments = [Instalment(each.start, each.due, period=each) for each in periods]
    return ProgressiveLoan(terms, agreed, plan, instalments, start)
