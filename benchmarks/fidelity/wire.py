"""The two raw servers, plain and TLS, with every situation's script, and the list of requests a client is to make."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.fidelity.situations import SITUATIONS, Situation
from tests.wire_answers import sized
from tests.wire_server import WireServer, make_authority, wire_server


@dataclass(frozen=True)
class Wire:
    """The running servers; ``authority`` is the PEM file that vouches for the TLS one."""

    plain: WireServer
    secure: WireServer
    authority: str

    def url(self, situation: Situation) -> str:
        """Give the address of a situation."""
        return (self.secure if situation.tls else self.plain).url(situation.name) + situation.target

    def jobs(self, path: Path, situations: Sequence[Situation] = SITUATIONS) -> Path:
        """Write the requests to make as JSON, for a client of any environment."""
        jobs = [
            {
                "url": self.url(one),
                "method": one.method,
                "headers": list(one.headers),
                "body": base64.b64encode(one.body).decode(),
            }
            for one in situations
            for _ in range(one.times)
        ]
        path.write_text(json.dumps(jobs))
        return path

    def received(self, situation: Situation) -> list[bytes]:
        """Give the requests for a situation, exactly as they came out of the server's socket."""
        server = self.secure if situation.tls else self.plain
        requests = [request for carried in server.requests for request in carried]
        # "GET /plain?a=1 HTTP/1.1" -> "plain"
        return [one for one in requests if one.split(b" ")[1].partition(b"?")[0] == b"/" + situation.name.encode()]


@contextmanager
def wire(folder: Path) -> Iterator[Wire]:
    """Serve every situation for the length of a ``with`` block; certificates are made in ``folder``."""
    authority, context = make_authority(folder)
    with wire_server() as plain, wire_server(context) as secure:
        for server in (plain, secure):
            server.script("robots.txt", sized(b"User-agent: *\nAllow: /\n"))
            server.script("elsewhere", sized(b"here"))
        for situation in SITUATIONS:
            (secure if situation.tls else plain).script(situation.name, *situation.steps)
        yield Wire(plain, secure, authority)
