"""What was agreed: the terms of a loan, as one immutable value from a date.

In come the words of the agreement; out goes a `Terms` value that has been checked as a whole.
Whoever needs a convention (day count, rounding, order of allocation) finds it here and nowhere
else. `side` says whose books the contract is kept in; everything else is the same for both.
"""
