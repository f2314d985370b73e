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
