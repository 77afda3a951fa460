"""A replica of the portal on loopback: the same pages, the same habits, and edits on command.

Serve it with :func:`replica.server.serve`; let it change with :meth:`replica.server.RunningPortal.advance`. It knows
nothing of the program that crawls it.
"""

from __future__ import annotations

from replica.article import ReplicaError
from replica.moments import standard_script
from replica.portal import Portal
from replica.script import Expected, Moment
from replica.server import RunningPortal, serve
from replica.state import Fault
from replica.switches import Switches
from replica.troubles import outage_script, redesign_script

__all__ = [
    "Expected",
    "Fault",
    "Moment",
    "Portal",
    "ReplicaError",
    "RunningPortal",
    "Switches",
    "outage_script",
    "redesign_script",
    "serve",
    "standard_script",
]
