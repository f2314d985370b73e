"""Giving memory back to the system that glibc keeps for the next time."""

from __future__ import annotations

import ctypes


def return_freed_memory() -> None:
    """Return what is freed and still kept; does nothing on another C library than glibc."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
