"""Properties over many inputs: what must not change a result, or must change it in a known way."""
