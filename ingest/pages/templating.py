"""Templates of pages: everything is escaped, and a missing variable is an error."""

from jinja2 import Environment, PackageLoader, StrictUndefined


def templates_of(package: str) -> Environment:
    """The templates in folder `templates` of a package, with filter `fill` for texts with gaps."""
    environment = Environment(
        loader=PackageLoader(package, "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["fill"] = _fill
    return environment


def _fill(text: str, **words: object) -> str:
    return text.format(**words)
