"""The one address: `/history?order=NEWEST&first=20`, with `label`, `min_confidence`, `after`."""

from django.db.models import F
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.http import HttpRequest, JsonResponse
from django.urls import path

from benchmarks.peers.bearer import user_of
from server.predictions.cursors import decode_cursor, encode_cursor
from server.predictions.models import Prediction

ORDERS = {
    "NEWEST": ("created_at", True),
    "OLDEST": ("created_at", False),
    "MOST_CONFIDENT": ("confidence", True),
    "LEAST_CONFIDENT": ("confidence", False),
}
COLUMNS = ("id", "created_at", "label", "confidence", "duration_ms", "image_width")


def history(request: HttpRequest) -> JsonResponse:
    """Answer with a page of the history of the token's user."""
    wanted = request.GET
    column, descending = ORDERS[wanted["order"]]
    size = int(wanted["first"])
    rows = Prediction.objects.filter(user=user_of(request))
    if "label" in wanted:
        rows = rows.filter(label=wanted["label"])
    if "min_confidence" in wanted:
        rows = rows.filter(confidence__gte=float(wanted["min_confidence"]))
    if "after" in wanted:
        compared = TupleLessThan if descending else TupleGreaterThan
        place = decode_cursor(wanted["after"], column)
        rows = rows.filter(compared(Tuple(F(column), F("id")), place))
    sort = (f"-{column}", "-id") if descending else (column, "id")
    found = list(rows.order_by(*sort).values(*COLUMNS)[: size + 1])
    page = found[:size]
    end = encode_cursor(page[-1][column], page[-1]["id"]) if page else None
    return JsonResponse({"rows": page, "hasNextPage": len(found) > size, "endCursor": end})


urlpatterns = [path("history", history)]
