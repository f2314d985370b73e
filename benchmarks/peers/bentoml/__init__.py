"""BentoML with the exported graph."""
