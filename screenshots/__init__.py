"""`make screenshots`: every view of the client as a picture."""
