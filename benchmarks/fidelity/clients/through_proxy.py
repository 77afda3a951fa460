"""Make the requests through a recording proxy with http.client; called with host:port and a file of requests.

What the client makes of the answers does not matter: the proxy records them.
"""

from __future__ import annotations

import base64
import http.client
import json
import ssl
import sys
from pathlib import Path
from urllib.parse import urlsplit


def main() -> None:
    """Make each request on a connection of its own and read what comes back."""
    proxy, jobs = sys.argv[1:]
    for job in json.loads(Path(jobs).read_text()):
        parts = urlsplit(job["url"])
        if parts.scheme == "https":
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(proxy, timeout=15, context=context)
            connection.set_tunnel(parts.hostname or "", parts.port)
            target = parts.path
        else:
            connection = http.client.HTTPConnection(proxy, timeout=15)
            target = job["url"]
        try:
            connection.putrequest(job["method"], target, skip_host=True, skip_accept_encoding=True)
            connection.putheader("Host", parts.netloc)
            for name, value in job["headers"]:
                connection.putheader(name, value)
            body = base64.b64decode(job["body"])
            if body:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body or None)
            answer = connection.getresponse()
            print(job["url"], answer.status, len(answer.read()), file=sys.stderr)
        except (OSError, http.client.HTTPException) as fault:
            print(job["url"], repr(fault), file=sys.stderr)
        finally:
            connection.close()


if __name__ == "__main__":
    main()
