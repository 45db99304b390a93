"""The pages of the books: trial balance, day book, entries, the close of a day."""
