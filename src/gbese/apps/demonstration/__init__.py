"""A company to look around in: invented people, banks, loans and rates, the same every time.

Nothing here is anybody's. The rates are invented and their source says so. What comes out is real
in one way: every figure went through the same services as a user's own.
"""
