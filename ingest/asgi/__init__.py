"""The edge of the service in plain ASGI: reads requests and sends replies, for every other room."""
