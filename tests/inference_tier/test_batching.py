"""Pictures of several requests run together, and each request gets its own answer."""

import numpy as np

from inference_tier.batching import Waiting, run_together
from inference_tier.served_model import ServedModel
from server.classifier.golden import golden_pixels

PIXELS = golden_pixels(224)


def test_each_request_gets_the_answer_it_gets_alone(model: ServedModel) -> None:
    requests = [
        Waiting(model, PIXELS, with_map=False),
        Waiting(model, 255 - PIXELS, with_map=True),
        Waiting(model, np.concatenate([PIXELS[:, ::-1], PIXELS]), with_map=False),
    ]
    together = run_together(requests)
    assert [set(outputs) for outputs in together] == [
        {"embedding"},
        {"embedding", "feature_map"},
        {"embedding"},
    ]
    for request, outputs in zip(requests, together, strict=True):
        alone = model.run(request.pixels, with_map=request.with_map)
        for name, output in outputs.items():
            assert np.array_equal(output, alone[name])
