"""A browser of somebody who is asked what most are asked: chance puts one in ten into a sample."""

from urllib.parse import urlsplit, urlunsplit

from playwright.sync_api import BrowserContext, Route

_TRIES = 20


def as_most_are_asked(context: BrowserContext) -> BrowserContext:
    """The same context; what it is offered by chance is offered anew until it is for most."""
    context.route("**/api/v1/touchpoints/**", _for_most)
    context.route(lambda url: urlsplit(url).path.startswith(("/o/", "/embed/")), _until_for_most)
    return context


def _for_most(route: Route) -> None:
    parts = urlsplit(route.request.url)
    query = f"{parts.query}&sampled=false".lstrip("&")
    route.continue_(url=urlunsplit(parts._replace(query=query)))


def _until_for_most(route: Route) -> None:
    if route.request.method != "GET":
        route.continue_()
        return
    for _ in range(_TRIES):
        reply = route.fetch(max_redirects=0)
        if "eerder" not in reply.text():
            break
    route.fulfill(response=reply)
