"""When things fall due and how days become years.

In come dates and the conventions of a contract (day count, frequency, business-day rule, calendar
of days off); out go dates, periods and exact fractions of a year. No money is known here.
"""
