"""Invented statements in the form of the World Bank's, old headers and new."""

from __future__ import annotations

from gbese.apps.imports.reading import SourceFile

OLD = (
    "End of Period,Loan Number,Region,Country Code,Country,Borrower,Guarantor Country Code,Guarantor,"
    "Loan Type,Loan Status,Interest Rate,Currency of Commitment,Project ID,Project Name,"
    "Original Principal Amount,Cancelled Amount,Undisbursed Amount,Disbursed Amount,Repaid to IBRD,"
    "Due to IBRD,Exchange Adjustment,Borrower's Obligation,Sold 3rd Party,Repaid 3rd Party,"
    "Due 3rd Party,Loans Held,First Repayment Date,Last Repayment Date,Agreement Signing Date,"
    "Board Approval Date,Effective Date (Most Recent),Closed Date (Most Recent),Last Disbursement Date"
)
_COLUMNS = len(OLD.split(","))


def row(
    number: str,
    *,
    stated_on: str = "11/30/2020 12:00:00 AM",
    country: str = "KZ,Kazakhstan",
    borrower: str = "MINISTRY OF FINANCE",
    guarantor: str = "KZ,Kazakhstan",
    kind: str = "FSL",
    status: str = "Repaying",
    rate: str = "0",
    original: str = "1000",
    cancelled: str = "0",
    undisbursed: str = "0",
    drawn: str = "1000",
    repaid: str = "400",
    due: str = "600",
    exchange: str = "0",
    obligation: str = "600",
    first: str = "06/15/2018 12:00:00 AM",
    last: str = "12/15/2028 12:00:00 AM",
    signed: str = "01/10/2013 12:00:00 AM",
) -> str:
    return (
        f"{stated_on},{number},EUROPE,{country},{borrower},{guarantor},{kind},{status},{rate},,P1,"
        f"ROADS,{original},{cancelled},{undisbursed},{drawn},{repaid},{due},{exchange},{obligation},"
        f"0,0,0,{due},{first},{last},{signed},{signed},{signed},{signed},"
    )


def statement(name: str, *rows: str) -> SourceFile:
    return SourceFile.of(name, "\n".join((OLD, *rows)).encode())
