"""Predictions, and pages of history, without the executor.

A resolver for each field of each row costs more than the query. So the selection of a document that
asks for a page or a prediction, and for little else, is compiled once: into the columns to read and
a function that makes a row into what is answered. Every other document, and every request that goes
wrong, is the executor's: compiled selections answer, or decline.
"""
