"""What a loan is and does: plain Python, without a database, a clock or screen wording.

Terms and events come in; schedules, projections, positions, statuses and journal entries go out.
A module imports only what stands above it in this order: errors, derivations, money, calendars,
rates, rulebook, ledger, contracts, schedules, servicing, accruals, projections, status, posting,
closing, reports.
"""
