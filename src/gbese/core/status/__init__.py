"""Where a loan stands, read off its position: late or not, how long, long-term or short-term."""
