"""The schema as strawberry-django's guide builds it, at `/graphql`."""

from collections.abc import Callable

import strawberry
import strawberry_django
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from strawberry import relay
from strawberry.django.views import GraphQLView
from strawberry_django.optimizer import DjangoOptimizerExtension
from strawberry_django.relay import DjangoListConnection

from benchmarks.peers.bearer import user_of
from server.predictions import models


@strawberry_django.filter_type(models.Prediction)
class PredictionFilter:
    """By label, and by bounds of the confidence."""

    label: strawberry.auto
    confidence: strawberry_django.ComparisonFilterLookup[float] | None


@strawberry_django.order_type(models.Prediction)
class PredictionOrder:
    """By time or by confidence; the id tells equals apart."""

    id: strawberry.auto
    created_at: strawberry.auto
    confidence: strawberry.auto


@strawberry_django.type(models.Prediction, filters=PredictionFilter, ordering=PredictionOrder)
class PredictionType(relay.Node):
    """A prediction of the user who asks."""

    created_at: strawberry.auto
    label: strawberry.auto
    confidence: strawberry.auto
    duration_ms: strawberry.auto
    image_width: strawberry.auto

    @classmethod
    def get_queryset(
        cls, queryset: QuerySet[models.Prediction], info: strawberry.Info
    ) -> QuerySet[models.Prediction]:
        """Keep what belongs to the user."""
        return queryset.filter(user=info.context.request.user)


@strawberry.type
class Query:
    """What can be asked for."""

    predictions: DjangoListConnection[PredictionType] = strawberry_django.connection()


def _with_user(
    view: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    def with_user(request: HttpRequest) -> HttpResponseBase:
        request.user = user_of(request)
        return view(request)

    return with_user


schema = strawberry.Schema(query=Query, extensions=[DjangoOptimizerExtension])
urlpatterns = [path("graphql", csrf_exempt(_with_user(GraphQLView.as_view(schema=schema))))]
