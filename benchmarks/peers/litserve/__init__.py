"""LitServe with the exported graph."""
