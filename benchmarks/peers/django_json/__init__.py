"""A hand-written Django view of a history: the least that Django does for the same rows."""
