"""What starts and uses the service on this machine: for tests, benchmarks, faults and rehearsal.

    databases   on a PostgreSQL server: empty, migrated, out of reach
    management  commands of `manage.py`, in a process of their own
"""
