"""Random selections of a prediction."""

from hypothesis import strategies as st

PREDICTION_LEAVES = ["id", "createdAt", "label", "confidence", "durationMs", "__typename"]
IMAGE_LEAVES = ["width", "height", "format", "bytes", "sha256", "url", "__typename"]
MODEL_LEAVES = ["id", "name", "version", "isDefault", "__typename"]
SCORE_LEAVES = ["label", "probability", "__typename"]


def braces(fields: list[str]) -> str:
    return "{ " + " ".join(fields) + " }"


@st.composite
def object_of(
    draw: st.DrawFn, type_name: str, leaves: list[str], *nested: st.SearchStrategy[str]
) -> str:
    """A selection of some fields in some order, now and then aliased, repeated, in a fragment."""
    fields = draw(st.lists(st.sampled_from(leaves), min_size=1, max_size=5))
    fields += [draw(field) for field in nested if draw(st.booleans())]
    fields = draw(st.permutations(fields))
    aliased = draw(st.sampled_from(leaves))
    forms = {
        "plain": braces(fields),
        "aliased": braces([*fields, f"other: {aliased}"]),
        "inline": braces([f"... on {type_name} {braces(fields)}", aliased]),
        "untyped": braces([f"... {braces(fields)}"]),
    }
    if type_name in {"User", "Prediction", "Model"}:
        forms["node"] = braces([*fields, "... on Node { id __typename }"])
    return forms[draw(st.sampled_from(sorted(forms)))]


def under(name: str, selection: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return selection.map(lambda text: f"{name} {text}")


SCORES = st.tuples(
    st.sampled_from(["scores", "scores(first: 0)", "scores(first: 3)"]),
    object_of("Score", SCORE_LEAVES),
).map(" ".join)
NODE = object_of(
    "Prediction",
    PREDICTION_LEAVES,
    under("image", object_of("PredictionImage", IMAGE_LEAVES)),
    under("model", object_of("Model", MODEL_LEAVES)),
    SCORES,
)
