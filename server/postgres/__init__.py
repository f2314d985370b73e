"""Django's PostgreSQL backend, with what it costs to keep a connection and to plan again left out.

Named as the database's `ENGINE`; what it adds is `fetch_prepared`.
"""
