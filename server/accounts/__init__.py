"""Accounts: users, personal access tokens, and the daily prediction quota."""
