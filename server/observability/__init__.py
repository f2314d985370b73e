"""What can be seen of the running service: a log line a request, and figures for Prometheus.

    request_facts   what is known about the request that is being answered
    middleware      begins and ends those facts, logs and counts them, answers `/metrics`
    log_lines       a log record as one line of JSON
    instruments     the counters, gauges and histograms, shared by all workers of a server
    shared_folder   where the workers keep their shares of them
    exposition      those of all workers as Prometheus reads them
    process_memory  how much memory the server's processes hold

Nothing here knows accounts, predictions or GraphQL: they tell what they know to `request_facts` and
`instruments`. No password, token, image, variable, address or query string is ever told.
"""
