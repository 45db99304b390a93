"""Plans that are worked out anew from what has happened: level payments over moving balances.

A plan has periods, each with a level payment; a period has stretches, each with one balance. Money
drawn, paid, credited or paused cuts a stretch in two; interest is read off the stretches, and the
last unpaid period takes what is left over.
"""
