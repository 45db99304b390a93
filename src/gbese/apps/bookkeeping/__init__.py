"""Bookkeeping: an entity's chart of accounts, days, fiscal periods and append-only journal.

Comes in: balanced entries of `gbese.core.ledger`, with the act behind them. Goes out: rows of the
journal, the trial balance, and the points at which a fact is booked. It knows loans by number
only: what moved in them is decided above it.
"""
