"""Where `meetpunt` of an installation begins when root types it: first root's rights go.

`python -I -m ingest.begun_as_root`, as `/usr/local/bin/meetpunt` has it. A file of its own: older
versions, which would go on as root, have none.
"""

import os
import sys
from typing import NoReturn

from ingest.installing.handed_over import lay_down_rights


def main() -> NoReturn:
    """Go on as the account of the service, as `meetpunt` does. Or say why not, with exit code 1."""
    try:
        lay_down_rights(os.environ)
    except OSError as refused:
        sys.exit(f"This cannot go on as the account of the service: {refused}.")
    # Only now: it reads much more than this.
    from ingest import __main__

    __main__.main()


if __name__ == "__main__":
    main()
