"""Send the head of an answer together with its body: one system call and one packet, not two.

uvicorn writes them one after the other. ASGI allows a server to hold the head back until the body.
"""

import asyncio


class InOnePiece(asyncio.Transport):
    """Writes the answer to one request; holds its head back until the first piece of its body.

    Only for an answer that has a body, empty or not: never for HEAD or "100 Continue".
    """

    def __init__(self, connection: asyncio.Transport) -> None:
        self._connection = connection
        self._head: bytes | None = None
        self._begun = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """The head the first time, then the body, piece by piece."""
        if self._begun:
            self._connection.write(data)
        elif self._head is None:
            self._head = bytes(data)
        else:
            self._begun = True
            self._connection.writelines((self._head, data))

    def close(self) -> None:
        """Close the connection; a head without a body is not sent."""
        self._connection.close()

    def is_closing(self) -> bool:
        """Whether the connection is closed, or about to be."""
        return self._connection.is_closing()
