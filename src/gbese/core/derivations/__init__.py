"""Why an amount is what it is: trees of named steps from the facts of a loan to its figures.

A figure has an address, such as `interest.overdue` or `3.principal`, and a date. Its derivation
is a tree: leaves are facts, or figures at an earlier step that have a derivation of their own;
whatever is above them is worked out by a named formula and can be checked by anybody. Names, facts
and formulas are codes; the words for them are at the edge.
"""
