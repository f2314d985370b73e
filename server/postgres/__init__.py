"""Django's PostgreSQL backend, with a question less a request and an end to every wait.

Named as the database's `ENGINE`.
"""
