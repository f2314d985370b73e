import pytest

from tests.support.api import Api


@pytest.mark.parametrize("bound", ["minConfidence", "maxConfidence"])
@pytest.mark.parametrize("confidence", [-0.01, 1.01, 2])
def test_a_confidence_that_no_answer_can_have_is_refused(
    alice: Api, bound: str, confidence: float
) -> None:
    answer = alice.execute(
        "query ($filter: HistoryFilter) { viewer { history(filter: $filter) { totalCount } } }",
        filter={bound: confidence},
    )

    assert answer.codes == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("name", ["label", "model"])
def test_a_text_longer_than_any_label_or_name_is_refused(alice: Api, name: str) -> None:
    document = (
        "query ($filter: HistoryFilter) { viewer { history(filter: $filter) { totalCount } } }"
    )

    longest = alice.execute(document, filter={name: "x" * 200})
    too_long = alice.execute(document, filter={name: "x" * 201})

    assert longest.data == {"viewer": {"history": {"totalCount": 0}}}
    assert too_long.codes == ["BAD_USER_INPUT"]
    assert f"`{name}`" in too_long.body["errors"][0]["message"]
