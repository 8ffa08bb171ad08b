"""Whether the page of another host sent a form, as browsers tell it."""

from ingest.asgi.edge import header, type_of_scope


def from_elsewhere(scope: type_of_scope) -> bool:
    """Whether a browser says that a page of another host sent the form.

    Older ones say only `Origin`. Of our own pages that is `null`, for they tell nobody where they
    are (`Referrer-Policy: no-referrer`), so that much passes.
    """
    if header(scope, b"sec-fetch-site") not in (b"", b"same-origin", b"none"):
        return True
    origin = header(scope, b"origin").lower()
    return (
        origin not in (b"", b"null")
        and origin.partition(b"://")[2] != header(scope, b"host").lower()
    )
