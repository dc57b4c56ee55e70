"""The clients: how they send requests, when they repeat a request, and how they read responses."""
