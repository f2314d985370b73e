"""`make faults`: hurt the running service in every way we know, and count what it did."""
