"""What `gate` and `compare` share: conditions of a measurement, pass rates and intervals."""
