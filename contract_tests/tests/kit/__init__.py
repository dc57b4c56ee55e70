"""The contract kit, on documents that have nothing to do with Bluejay."""
