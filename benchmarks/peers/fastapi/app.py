"""`uvicorn benchmarks.peers.fastapi.app:app`: the photo is the body of the request."""

import os
from functools import cache

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool

from benchmarks.peers.answering import Answering

IN_THREADS = os.environ["IN_THREADS"] == "1"

app = FastAPI()


@cache
def answering() -> Answering:
    """Return the model of this process, loaded with its first request."""
    return Answering()


@app.post("/predict")
async def predict(request: Request) -> dict[str, object]:
    """Answer about the photo: in a thread as the guide advises, or right in the event loop."""
    photo = await request.body()
    if IN_THREADS:
        return await run_in_threadpool(answering().answer, photo)
    return answering().answer(photo)
