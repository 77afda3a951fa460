"""gochim with shorter patience: ``python -m tests.impatient '{"DOWNLOAD_TIMEOUT": 3}' crawl ...``.

Settings of the wire that a user does not set (how long a portal may stall, how much it may send) are made small, so
that a test need not wait as long as a run does. All else is the program as it is.
"""

from __future__ import annotations

import json
import socket
import sys
from typing import NoReturn

from cli.main import main as gochim
from crawler import settings


def nobody_knows(*_: object, **__: object) -> NoReturn:
    """Answer as the resolver does when no name server can be reached."""
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


def main() -> None:
    """Be gochim."""
    given = json.loads(sys.argv[1])
    if given.pop("NO_DNS", False):
        socket.getaddrinfo = nobody_knows
    for name, value in given.items():
        setattr(settings, name, value)
    sys.argv = ["gochim", *sys.argv[2:]]
    gochim()


if __name__ == "__main__":
    main()
