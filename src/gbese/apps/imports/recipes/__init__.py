"""How files of one source become a plan: a module a kind of source.

In come tables of text; out goes a `Plan`. A recipe holds the rules of its source; the columns,
words and constants that may differ from file to file are in the mapping it is given.
"""
