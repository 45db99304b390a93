"""Loans: the list, a loan's page, what is recorded there, and a new loan by hand."""
