# Generated from openapi.yaml by `make generate`. Do not edit: the next run writes it anew.
"""Contains endpoint functions for accessing the API"""
