"""Accounts in the schema."""
