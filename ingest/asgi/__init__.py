"""Bytes in, bytes out: the edge of the service in plain ASGI, for whichever room answers."""
