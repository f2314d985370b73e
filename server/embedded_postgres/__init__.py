"""An embedded PostgreSQL as a Django database backend, for development and tests.

With `ENGINE = "server.embedded_postgres"` and `OPTIONS = {"data_directory": ...}` the first
connection starts (or joins) a real PostgreSQL whose programs come from a pip package, so that a
bare checkout needs no system install and no second database engine. Importing the settings starts
nothing.

    base     the Django backend
    cluster  one data directory and its server: start, join, leave
    holds    who uses the server: locks that the kernel frees when a process dies
    programs PostgreSQL's own programs and the account they run as
    errors   what can go wrong
"""
