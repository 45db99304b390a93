"""What a loan is carried at under IFRS 9, and the figures that hang on it.

`effective_interest` spreads interest, fees and costs over the life of a loan at one rate;
`modifications` tests and prices changed terms; `foreign_currency` carries a loan in the books of
another currency; `borrowing_costs` capitalises; `expected_losses` estimates what will not be paid.
Everything here is unrounded until it is asked for in minor units.
"""
