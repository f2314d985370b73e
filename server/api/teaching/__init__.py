"""Classifiers that people teach, in the schema."""
