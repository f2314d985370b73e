"""Ray Serve with the exported graph."""
