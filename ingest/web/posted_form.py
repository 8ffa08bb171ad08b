"""Take a form that a browser posted, or tell with which status it is given back."""

from ingest.asgi.edge import (
    BodyTooLarge,
    MediaTypeUnsupported,
    read_body,
    type_of_receive,
    type_of_scope,
)
from ingest.web.submitted_form import SubmittedForm, read_form

_FORM = b"application/x-www-form-urlencoded"


class FormUnreadable(Exception):
    """What was posted is no form of ours; `status` says what is wrong with it."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(str(status))


async def posted_form(scope: type_of_scope, receive: type_of_receive) -> SubmittedForm:
    """Read the whole body. Raises `FormUnreadable` and `ClientGone`."""
    try:
        return read_form(await read_body(scope, receive, media_type=_FORM))
    except BodyTooLarge:
        raise FormUnreadable(413) from None
    except MediaTypeUnsupported:
        raise FormUnreadable(415) from None
    except ValueError:
        raise FormUnreadable(400) from None
