"""Servicing a loan whose plan follows what has happened.

Facts are processed by date into instalments, each with what it asks for and what was paid of it,
and into postings, each with the parts it settled.
"""
