"""Facts in, projection out: what will happen to a loan if nothing more is recorded.

A projection is three kinds of rows. A segment accrues by the day, a step moves a known amount on
a known day, an interval holds a dated status. A position is read off them at any date by adding
up; nothing about a loan is ever stored that is not in its facts or in a projection of them.
"""
