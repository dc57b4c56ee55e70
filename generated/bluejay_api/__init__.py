# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
"""A client library for accessing Bluejay simulation results"""

from .client import AsyncClient, Client

__all__ = ("AsyncClient", "Client")
