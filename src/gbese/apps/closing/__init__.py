"""Closing: the work of each day of the books, done once, and what a person should see of it.

The cut of a day is bookkeeping's: short, alone. The work is here. It reads the loans as the cut
knew them, so it may run at once, days later or twice; each step is recorded once for each day.
"""
