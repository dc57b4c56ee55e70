"""Sends requests by httpx: one request and its response, deadlines, and patches to httpcore."""
