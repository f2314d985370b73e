"""What clients count on: the schema as it is published, and clients that are made from it."""
