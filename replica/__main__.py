"""Run the replica for a person: ``python -m replica [--port N] [--moment K] [--switch NAME=VALUE]...``."""

from __future__ import annotations

import argparse
import sys
import threading
from pathlib import Path

from replica.article import ReplicaError
from replica.filing import read_articles
from replica.moments import standard_script
from replica.portal import Portal
from replica.server import RunningPortal, serve
from replica.switches import Switches, switch_table
from replica.troubles import outage_script, redesign_script

_SCRIPTS = {"standard": standard_script, "outage": outage_script, "redesign": redesign_script}


def main(arguments: list[str] | None = None) -> int:
    """Serve the replica until interrupted; a line on standard input lets the next moment happen.

    Returns:
        0 when stopped, 2 when the articles or the arguments are wrong.
    """
    options = _parser().parse_args(arguments)
    try:
        switches = Switches()
        for said in options.switch:
            switches.turn_as_said(said)
        articles = read_articles(options.articles, options.sections.split(",") if options.sections else None)
        portal = Portal(articles, switches=switches, script=_SCRIPTS[options.script](articles))
        while portal.moment < options.moment:
            portal.advance()
        with serve(portal, options.port) as running:
            _talk(running)
    except (ReplicaError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m replica",
        description="Serve a replica of the portal on loopback.",
        epilog="switches:\n" + "\n".join(f"  {name}={takes}" for name, takes in switch_table()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--port", type=int, default=8148, help="the port to listen on, 0 for a free one (default: 8148)"
    )
    parser.add_argument("--moment", type=int, default=0, help="begin at this moment of the script (default: 0)")
    parser.add_argument("--articles", type=Path, help="the directory of article files (default: those shipped)")
    parser.add_argument(
        "--script",
        choices=tuple(_SCRIPTS),
        default="standard",
        help="what happens from moment to moment: edits, an outage, or new templates (default: standard)",
    )
    parser.add_argument("--sections", help="only the articles of these sections, parted by commas (default: all)")
    parser.add_argument(
        "--switch",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="how to answer where the portal is not known; may be given several times",
    )
    return parser


def _talk(running: RunningPortal) -> None:
    """Say where the portal is and advance at every line; without a terminal, serve on when the input ends."""
    sys.stdout.write(f"{running.url}/\n")
    sys.stdout.flush()
    sys.stderr.write(
        f"moment {running.portal.moment} of {len(running.portal.moments) - 1}; "
        "Enter lets the next moment happen, Ctrl-D or Ctrl-C stops\n"
    )
    for _ in sys.stdin:
        try:
            moment = running.advance()
        except ReplicaError as error:
            sys.stderr.write(f"{error}\n")
            continue
        sys.stderr.write(f"moment {moment.number}: {moment.name}\n")
        for one in moment.expected:
            sys.stderr.write(f"  {one.article} {one.kind} {', '.join(sorted(one.fields))}".rstrip() + "\n")
    if not sys.stdin.isatty():
        threading.Event().wait()


if __name__ == "__main__":
    sys.exit(main())
