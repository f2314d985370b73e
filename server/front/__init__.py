"""The ASGI application that gunicorn serves: whole requests in, whole answers out.

    application      the layers, one around the other
    connections      what a connection may take, and how many there may be
    receiving        a whole request, within limits of bytes, time and memory
    bodies           where a body waits for its rest: memory for small ones, a file for large ones
    asked_first      whatever answers a request without all of Django
    by_token         plain requests by token, and the headers of their answers
    pages            pages of history by token, which one statement finds
    page_statements  the connections that are asked for them
    predicting       predictions by token, without the middlewares that are nothing to them
    django           Django's WSGI handler, in a few threads that never meet a client
    refusals         what the front says of a request that it does not take
    malformed        the same of one that gunicorn's parser does not take
    messages         a request that has come whole, and an answer

A client that is slow costs a socket here, never a thread. ASGI is spoken in this folder alone.
"""
