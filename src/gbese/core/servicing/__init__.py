"""What happened to a loan, and what a payment settles.

Events are facts: they are recorded once, keep their value date, and are never changed; a mistake
is reversed by another event. Allocation turns money received into parts of the claims it settles.
"""
