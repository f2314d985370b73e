"""`make bench`: what the service costs and how fast it is, measured side by side on one machine."""
