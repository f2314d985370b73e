"""Our graph on servers of the protocol that others wrote; each runs in an environment of its own.

`scripts/inference_servers.py` installs and starts them.
"""
