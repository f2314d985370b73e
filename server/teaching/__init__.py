"""Teaching: a person's own labels, from examples to versions of a classifier that answers."""
