"""What `gate` and `compare` share: measurement conditions, pass rates and intervals."""
