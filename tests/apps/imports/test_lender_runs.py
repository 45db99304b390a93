"""The lender's sources and published rates through the whole of an import: try, do, undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from gbese.apps.identity.acts import Act
from gbese.apps.imports.errors import AlreadyImported
from gbese.apps.imports.reading import Limits, SourceFile, source_file
from gbese.apps.imports.services import CommittedRun, plan_import, undo_import
from gbese.apps.lending import queries as lending
from gbese.apps.rates.kinds import RateKind
from gbese.apps.rates.queries import (
    ExchangeRateMissing,
    exchange_rate,
    fixings,
    reference_rate_rows,
    reference_series,
)
from gbese.core.projections.rows import Life

pytestmark = pytest.mark.django_db

Imported = Callable[..., CommittedRun]


def files_in(folder: Path) -> list[SourceFile]:
    return [source_file(path, Limits()) for path in sorted(folder.glob("*.csv"))]


def test_a_cash_book_becomes_loans_in_the_books(shared_data: Path, imported: Imported) -> None:
    done = imported(*files_in(shared_data / "lender" / "treasury"))
    assert done.counts["loans"] == 63
    page = lending.loan_page("UST-BOSCOBEL-BANCORP-INC", date(2012, 12, 31))
    assert page.position.outstanding.plain() == "5586000.00"
    assert page.position.days_past_due == 868


def test_a_bank_in_six_files_becomes_loans_in_the_books(
    shared_data: Path, imported: Imported
) -> None:
    done = imported(*files_in(shared_data / "lender" / "czech_bank"))
    assert done.counts["loans"] == 462
    page = lending.loan_page("6863", date(1994, 3, 31))
    assert page.position.outstanding.plain() == "110136.00"  # 127,080 less eight times 2,118


CONSUMER = (
    "row,loan_purpose,loan_amount,term,interest_rate,installment,grade,issue_month,loan_status,"
    "balance,paid_total,paid_principal,paid_interest,paid_late_fees\n"
    "1,car,28000,60,14.07,652.53,C,Mar-2018,Current,27015.86,1999.33,984.14,1015.19,0.00\n"
    "2,house,20000,36,6.72,614.99,A,Jan-2018,Charged Off,0.00,0.00,0.00,0.00,0.00\n"
    "3,car,7000,36,20,260.15,D,Feb-2018,Late (16-30 days),6430.33,1040.09,569.67,440.42,30.00\n"
)


def test_consumer_loans_are_taken_over_and_undone(
    imported: Imported, acts: Callable[..., Act]
) -> None:
    done = imported(SourceFile.of("loans.csv", CONSUMER.encode()))
    assert done.counts["loans"] == 3
    on = date(2018, 6, 30)
    assert lending.loan_page("LC-1", on).position.outstanding.plain() == "27015.86"
    assert lending.loan_page("LC-2", on).position.life is Life.WRITTEN_OFF
    assert lending.loan_page("LC-3", on).position.days_past_due == 23
    undo_import(run=done.run, act=acts())
    assert not lending.known_numbers()


RATES = "date,currency,pln_per_unit\n2025-03-26,USD,3.8726\n2025-03-26,KZT,0.007737\n"
KEY_RATE = "date,rate_pct\n2025-06-06,21.00\n2025-06-09,20.00\n"


def test_rates_are_recorded_recognised_and_taken_back(
    imported: Imported, acts: Callable[..., Act]
) -> None:
    files = [
        SourceFile.of("fx.csv", RATES.encode()),
        SourceFile.of("key.csv", KEY_RATE.encode()),
    ]
    done = imported(*files)
    asked = {
        "kind": RateKind.OFFICIAL,
        "source": "nbp",
        "on": date(2025, 3, 31),
        "max_age_days": 14,
    }
    found = exchange_rate("USD", "KZT", **asked)  # type: ignore[arg-type]
    assert (found.rate, found.valid_on.day) == (
        exchange_rate("USD", "PLN", **asked).rate / exchange_rate("KZT", "PLN", **asked).rate,  # type: ignore[arg-type]
        26,
    )
    assert f"{fixings('CBR_KEY_RATE').rate_on(date(2025, 6, 8)).rate:f}" == "0.2100"
    with pytest.raises(AlreadyImported):
        plan_import(files=files, act=acts())
    undo_import(run=done.run, act=acts())
    with pytest.raises(ExchangeRateMissing):
        exchange_rate("USD", "KZT", **asked)  # type: ignore[arg-type]
    assert not reference_rate_rows(series="CBR_KEY_RATE", last=date.max, offset=0, limit=5)
    assert [one.code for one in reference_series()] == ["CBR_KEY_RATE"]
