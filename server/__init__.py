"""Telltale: a GraphQL API that tells what is in a picture."""
