"""The GraphQL API: authorise, call one service, wrap the result."""

from server.api.geography import leave_out

leave_out()
