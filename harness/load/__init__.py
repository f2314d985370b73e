"""Requests that are sent over and over, and what came back.

    requests   what is sent, and what a right answer contains
    generator  sends it (`generate.mjs`, on the packages that the lock file beside it pins)

Whoever loads a service that is hurt remembers more than this: see `faults.load`.
"""
