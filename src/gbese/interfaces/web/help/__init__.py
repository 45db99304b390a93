"""Help: the tour, the keys, what the words mean."""
