"""Gbese keeps loans and the books behind them, for either side of the contract."""

__version__ = "0.1.0"
