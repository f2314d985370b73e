"""Which way of running a side is the fastest, so that each is measured at its best."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from harness.load.generator import Generator
from harness.load.requests import Load

WARM_UP_SECONDS = 2.0
PROBE_SECONDS = 4.0

# Runs the side in one way, and says what to send to it.
Variant = Callable[[], AbstractContextManager[Load]]


def fastest(generator: Generator, side: str, variants: Mapping[str, Variant]) -> str:
    """Return the name of the fastest variant, once each has been tried; says what each did."""
    if len(variants) == 1:
        return next(iter(variants))
    speeds = {name: _speed(generator, variant) for name, variant in variants.items()}
    listed = ", ".join(f"{name}: {speed:.0f} req/s" for name, speed in speeds.items())
    best = max(speeds, key=lambda name: speeds[name])
    print(f"  {side} with {listed}; measured with {best}", flush=True)
    return best


def _speed(generator: Generator, variant: Variant) -> float:
    with variant() as load:
        generator.send(load, seconds=WARM_UP_SECONDS)
        return generator.send(load, seconds=PROBE_SECONDS).per_second
