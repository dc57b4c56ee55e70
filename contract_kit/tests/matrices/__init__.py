"""Tables of cases with their results, each in a text that `make findings` writes."""
