"""Sends requests by httpx: one request and its response, with a deadline and decompression."""
