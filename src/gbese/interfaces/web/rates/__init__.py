"""The pages of exchange rates, reference rates and holidays."""
