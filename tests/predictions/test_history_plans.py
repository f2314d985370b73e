"""What PostgreSQL does for the very queries that the code runs, in a history of 100,000 rows."""

import json
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from server.accounts.models import Scope, User
from server.accounts.tokens import create_token, token_digest
from server.classifier.signature import SIGNATURE_BITS
from server.postgres.statements import numbered
from server.predictions.history import History, HistoryFilter, HistoryOrder, Window
from server.predictions.models import Prediction
from server.predictions.pages import page_query
from server.predictions.similar import CANDIDATES, CLOSEST
from tests.support.query_plans import Plan
from tests.support.stored import model_version

ROWS = 100_000
# One user has nine rows of ten, but none of the newest or the oldest fifth: an index that is not
# of that user's own would have to be walked through all of those.
INSERT = """
INSERT INTO predictions_prediction (
  user_id, model_version_id, created_at, label, confidence, scores, image_width, image_height,
  image_format, image_bytes, image_sha256, duration_ms, embedding, signature
)
SELECT
  CASE WHEN n %% 10 > 0 AND n BETWEEN 20000 AND 131111 THEN %(user)s ELSE %(other)s END, %(model)s,
  '2026-01-01Z'::timestamptz + n * interval '1 second', 'label ' || n %% 97,
  (n * 7919 %% 1000) / 1000.0, %(scores)s, 640, 480, 'JPEG', 100000, repeat('0', 64),
  12.5, '', repeat('01', 512)::bit varying
FROM generate_series(1, 151111) AS n
"""
SCORES = json.dumps([[f"Siberian lynx of {number}", 0.012345] for number in range(10)])
LABEL = "label 7"
SIGNATURES = "signatures_by_version"


@pytest.fixture(scope="module")
def long_history(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[User]:
    """A user with 100,000 predictions, for all tests of this file."""
    with django_db_blocker.unblock():
        user = User.objects.create_user("long@example.org")
        other = User.objects.create_user("other@example.org")
        with connection.cursor() as cursor:
            of_rows = {"user": user.pk, "other": other.pk, "model": model_version().pk}
            cursor.execute(INSERT, {**of_rows, "scores": SCORES})
            # As autovacuum does: then an index alone tells that a row is there.
            cursor.execute("VACUUM ANALYZE predictions_prediction, predictions_modelversion")
    try:
        yield user
    finally:
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE predictions_prediction, predictions_modelversion CASCADE")
            cursor.execute("ANALYZE predictions_prediction, predictions_modelversion")
            User.objects.filter(pk__in=[user.pk, other.pk]).delete()


def plan_of(history: History, window: Window, size: int | None = None) -> Plan:
    """Read a page, full or of a size, and explain the one query that it took."""
    with CaptureQueriesContext(connection) as captured:
        page = history.page(window)
    assert len(page.rows) == (window.size if size is None else size)
    (query,) = captured.captured_queries
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + query["sql"])
        return Plan(cursor.fetchone()[0][0]["Plan"])


def pages_of(history: History, *, from_back: bool, depth: int) -> tuple[Plan, Plan]:
    """Return the plans of the first page, and of one that `depth` rows are before."""
    columns = history.order.value.columns
    descending = history.order.value.descending != from_back
    sort = [f"-{column}" if descending else column for column in columns]
    rows = Prediction.objects.filter(history.filters.condition(), user=history.user)
    cursor = history.cursor(rows.order_by(*sort)[depth])
    between = {"before": cursor} if from_back else {"after": cursor}
    return (
        plan_of(history, Window(20, from_back=from_back)),
        plan_of(history, Window(20, from_back=from_back, **between)),
    )


@pytest.mark.django_db
@pytest.mark.parametrize("order", HistoryOrder)
@pytest.mark.parametrize("from_back", [False, True])
def test_a_page_is_read_off_the_index_of_its_order(
    long_history: User, order: HistoryOrder, from_back: bool
) -> None:
    history = History(long_history, HistoryFilter(), order)
    assert history.count() == ROWS

    first, deep = pages_of(history, from_back=from_back, depth=90_000)

    index = f"history_by_{'time' if order.name in {'NEWEST', 'OLDEST'} else 'confidence'}"
    for plan in (first, deep):
        assert not any("Sort" in kind for kind in plan.kinds)
        (scan,) = plan.scans
        assert scan["Index Name"] == index
        assert scan["Actual Rows"] == 21
        assert scan.get("Rows Removed by Filter", 0) == 0
    assert "ROW" in deep.scans[0]["Index Cond"]
    assert deep.buffers <= first.buffers + 3
    assert deep.buffers < 40


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("order", "label", "index"),
    [
        (HistoryOrder.NEWEST, None, "history_by_time"),
        (HistoryOrder.OLDEST, None, "history_by_time"),
        (HistoryOrder.MOST_CONFIDENT, None, "history_by_confidence"),
        (HistoryOrder.LEAST_CONFIDENT, None, "history_by_confidence"),
        (HistoryOrder.NEWEST, LABEL, "history_by_label"),
        (HistoryOrder.OLDEST, LABEL, "history_by_label"),
    ],
)
@pytest.mark.parametrize("is_deep", [False, True])
@pytest.mark.parametrize("with_token", [False, True])
def test_a_plan_that_is_kept_without_knowing_the_values_is_the_same(
    long_history: User,
    order: HistoryOrder,
    label: str | None,
    index: str,
    is_deep: bool,
    with_token: bool,
) -> None:
    _, token = create_token(long_history, name="plans", scopes=[Scope.READ], expires_at=None)
    history = History(long_history, HistoryFilter(label=label), order)
    cursor = history.cursor(history.page(Window(50)).rows[-1])
    window = Window(20, after=cursor if is_deep else None)
    page = page_query(history, window, ("id", "label"))
    rows, _ = page.kept(page.rows_of(long_history))
    assert len(rows) == 20
    sql, parameters = page.statement_with_token(token_digest(token))
    if not with_token:
        sql, parameters = page.statement_of(long_history)
    with connection.cursor() as database:
        database.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        database.execute(f"PREPARE page AS {numbered(sql)}")
        values = ", ".join(["%s"] * len(parameters))
        explained = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE page({values})"
        database.execute(explained, parameters)
        plan = Plan(database.fetchone()[0][0]["Plan"])
        database.execute("DEALLOCATE page")

    (scan,) = plan.scans
    assert scan["Actual Rows"] == 21  # it is the page alone that is put in order
    assert with_token or not any("Sort" in kind for kind in plan.kinds)
    assert "$" in scan["Index Cond"] or with_token  # the values are not known to the plan
    assert scan["Index Name"] == index
    assert scan["Actual Rows"] == 21
    assert scan.get("Rows Removed by Filter", 0) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("order", [HistoryOrder.NEWEST, HistoryOrder.OLDEST])
@pytest.mark.parametrize("from_back", [False, True])
def test_a_page_of_one_label_is_read_off_an_index(
    long_history: User, order: HistoryOrder, from_back: bool
) -> None:
    history = History(long_history, HistoryFilter(label=LABEL), order)

    first, deep = pages_of(history, from_back=from_back, depth=900)

    for plan in (first, deep):
        assert not any("Sort" in kind for kind in plan.kinds)
        (scan,) = plan.scans
        assert scan["Index Name"] == "history_by_label"
        assert scan["Actual Rows"] == 21
        assert scan.get("Rows Removed by Filter", 0) == 0
    assert deep.buffers <= first.buffers + 3


@pytest.mark.django_db
@pytest.mark.parametrize("order", [HistoryOrder.MOST_CONFIDENT, HistoryOrder.LEAST_CONFIDENT])
@pytest.mark.parametrize("from_back", [False, True])
def test_a_page_of_one_label_by_confidence_reads_a_small_part_of_the_history(
    long_history: User, order: HistoryOrder, from_back: bool
) -> None:
    # No index has this order: PostgreSQL sorts the rows of the label or skips those of others.
    history = History(long_history, HistoryFilter(label=LABEL), order)

    for plan in pages_of(history, from_back=from_back, depth=900):
        indexes = {node["Index Name"] for node in plan.nodes if "Index Name" in node}
        assert indexes & {"history_by_label", "history_by_confidence"}
        read = sum(
            node["Actual Rows"] + node.get("Rows Removed by Filter", 0) for node in plan.scans
        )
        assert read < ROWS / 10


@pytest.mark.django_db
@pytest.mark.parametrize("order", [HistoryOrder.NEWEST, HistoryOrder.OLDEST])
def test_a_page_of_a_span_of_time_begins_where_the_span_does(
    long_history: User, order: HistoryOrder
) -> None:
    middle = Prediction.objects.filter(user=long_history).order_by("created_at")[ROWS // 2]
    span = HistoryFilter(created_after=middle.created_at, created_before=None)
    if order is HistoryOrder.NEWEST:
        span = HistoryFilter(created_before=middle.created_at)

    plan = plan_of(History(long_history, span, order), Window(20))

    (scan,) = plan.scans
    assert scan["Index Name"] == "history_by_time"
    assert scan["Actual Rows"] == 21
    assert scan.get("Rows Removed by Filter", 0) == 0
    assert plan.buffers < 40


@pytest.mark.django_db
@pytest.mark.parametrize("order", HistoryOrder)
@pytest.mark.parametrize("from_back", [False, True])
def test_whether_there_is_more_on_the_other_side_is_read_off_the_same_index(
    long_history: User, order: HistoryOrder, from_back: bool
) -> None:
    history = History(long_history, HistoryFilter(), order)
    cursor = history.cursor(Prediction.objects.filter(user=long_history)[ROWS // 2])

    with CaptureQueriesContext(connection) as captured:
        assert (history.has_rows_from if from_back else history.has_rows_up_to)(cursor)

    with connection.cursor() as explain:
        sql = captured.captured_queries[0]["sql"]
        explain.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql)
        plan = Plan(explain.fetchone()[0][0]["Plan"])
    (scan,) = plan.scans
    assert scan["Index Name"].startswith("history_by_")
    assert scan["Actual Rows"] == 1
    assert plan.buffers < 10


@pytest.mark.django_db
@pytest.mark.parametrize("order", [HistoryOrder.NEWEST, HistoryOrder.MOST_CONFIDENT])
@pytest.mark.parametrize("search", ["label 7", "no such label"])
@pytest.mark.parametrize("by_rows", [False, True])
def test_a_search_reads_nothing_but_an_index_and_the_rows_of_its_page(
    long_history: User, order: HistoryOrder, search: str, by_rows: bool
) -> None:
    history = History(long_history, HistoryFilter(search=search), order)
    window = Window(20)
    size = 0 if search.startswith("no") else 20
    if by_rows:
        sql, parameters = page_query(history, window, ("id",)).statement_of(long_history)
        with connection.cursor() as database:
            database.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", parameters)
            plan = Plan(database.fetchone()[0][0]["Plan"])
    else:
        plan = plan_of(history, window, size)

    (searched,) = (scan for scan in plan.nodes if scan["Node Type"] == "Index Only Scan")
    assert searched["Index Name"] == "history_by_time"
    assert searched["Heap Fetches"] == 0
    fetched = sum(scan["Actual Rows"] * scan["Actual Loops"] for scan in plan.scans) - (
        searched["Actual Rows"] * searched["Actual Loops"]
    )
    assert fetched <= 21
    assert plan.buffers < 2_000  # of the 10,000 that the rows take


@pytest.mark.django_db
def test_what_was_corrected_is_read_off_an_index_of_its_own(long_history: User) -> None:
    oldest = History(long_history, HistoryFilter(), HistoryOrder.OLDEST).page(Window(30)).rows
    Prediction.objects.filter(pk__in=[row.pk for row in oldest]).update(correction="lynx")

    plan = plan_of(
        History(long_history, HistoryFilter(is_corrected=True), HistoryOrder.NEWEST), Window(20)
    )

    (scan,) = plan.scans
    assert scan["Index Name"] == "corrected_by_time"
    assert plan.buffers < 100


@pytest.mark.django_db
def test_what_looks_alike_is_looked_for_in_the_signatures_alone(long_history: User) -> None:
    with connection.cursor() as cursor:
        parameters = [long_history.pk, "1" * SIGNATURE_BITS, 0]
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + CLOSEST, parameters)
        plan = Plan(cursor.fetchone()[0][0]["Plan"])
    looked_through = [node for node in plan.nodes if node.get("Index Name") == SIGNATURES]
    assert {node["Node Type"] for node in looked_through} == {"Index Only Scan"}
    # 100,000 signatures, and the rows of the candidates.
    assert plan.buffers < ROWS * 250 / 8192 + 10 * CANDIDATES
