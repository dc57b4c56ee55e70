"""What `gate` and `compare` share: thresholds, counting with doubt, metrics, latency and statistics."""
