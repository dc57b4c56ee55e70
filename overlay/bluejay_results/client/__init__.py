"""The clients: what they send, when they send it again, and what a response becomes."""
