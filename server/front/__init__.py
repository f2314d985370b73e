"""The ASGI application that gunicorn serves: whole requests in, whole answers out.

    messages   a request that has come whole, and an answer
"""
