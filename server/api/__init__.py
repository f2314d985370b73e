"""The GraphQL API: authorise, call one service, wrap the result."""
