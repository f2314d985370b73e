"""What resolvers are given, without a client."""

from django.test import RequestFactory

from server.accounts.identity import Identity
from server.accounts.models import User
from server.api.context import Context


def context_of(user: User) -> Context:
    request = RequestFactory().post("/graphql")
    request.user = user
    return Context(request, Identity(user))
