"""What is earned by the day: interest and penalties, exact and cumulative.

A claim gathers the segments of one interest period, or of one instalment's penalty; what it has
accrued by a day is their sum, rounded once. So daily figures always add up to the period's.
"""
