"""The first start: whose books, where, in which currency, and the first person who may enter."""
