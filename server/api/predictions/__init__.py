"""Predictions and their history in the schema."""
