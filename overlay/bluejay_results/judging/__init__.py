"""What `gate` and `compare` share: conditions of a measurement, pass rates, intervals and thresholds."""
