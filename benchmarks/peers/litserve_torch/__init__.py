"""LitServe with the same network in PyTorch."""
