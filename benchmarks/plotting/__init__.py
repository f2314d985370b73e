"""The plots of a run, drawn by matplotlib in an environment of its own."""
