"""Terms in, instalments out: what falls due, and when, if all goes to plan.

`interest_periods` cuts the life of a contract into periods, each with its due date and its way of
counting days. One module per kind of schedule turns an amount outstanding into the principal part
of each period; `plan` puts parts, interest and fees together. The parts of a schedule always add
up to the amount it repays.
"""
