"""Predictions: classify a photo, keep the answer, and read, filter and delete the history."""
