"""What starts and uses the service on this machine: for tests, benchmarks, faults and rehearsal.

Each stands here once, and knows nothing of who uses it.

    site         gunicorn with its workers, on any settings
    environment  the variables of a site: development's, or those of a deployment
    management   commands of `manage.py`: migrations, static files
    postgres     PostgreSQL servers
    databases    databases on a server: empty, migrated, out of reach
    slow_wire    a way to PostgreSQL that is long, or falls silent
    ports        where all of them listen
    certificate  a certificate made for the moment
    proxy        what ends TLS before a server, as Render does
    vercel       what Vercel does before that
    tunnel       how programs find a host on this machine
    connection   requests on one kept connection
    rude_clients connections that send or take little, and last
    accounts     accounts and tokens of a running site
    predictions  the bodies that send a photo
    photos       the photos that are sent
    load         requests that are sent over and over
    installed    programs that a part of this is run with
"""
