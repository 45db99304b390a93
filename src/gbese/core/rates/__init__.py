"""What money costs a year: one rate told in another's terms, and published reference rates.

In come exact decimal rates and dated fixings; out goes the rate that holds on a day, with the
fixing it came from. A rate is a fraction of one a year unless its name says otherwise.
"""
