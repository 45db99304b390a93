"""The measurements: what is promised about speed, measured on this machine and printed."""
