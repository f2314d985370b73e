"""The gunicorn worker: threads for requests that have arrived, a poller for those on their way."""
