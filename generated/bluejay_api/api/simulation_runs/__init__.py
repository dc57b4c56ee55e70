# Generated from openapi.yaml by `make generate`. Do not edit: the next run overwrites it.
"""Contains endpoint functions for accessing the API"""
