"""GraphQL over HTTP: requests in, responses out, whatever they are made of."""
