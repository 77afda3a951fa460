"""A time-stamp authority on loopback: OpenSSL's own, behind an HTTP server."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from tests.serving import serving

_CONFIG = """
[tsa]
default_tsa = tsa1
[tsa1]
serial = {root}/serial
crypto_device = builtin
signer_cert = {root}/tsa.pem
certs = {root}/tsa.pem
signer_key = {root}/key.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


@contextmanager
def stamping(root: Path) -> Iterator[tuple[str, Path]]:
    """Serve time stamps; give the address and the certificate that vouches for them."""
    root.mkdir()
    (root / "tsa.cnf").write_text(_CONFIG.format(root=root))
    (root / "serial").write_text("01\n")
    asked = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=Test".split()
    names = ["-keyout", str(root / "key.pem"), "-out", str(root / "tsa.pem")]
    use = ["-addext", "extendedKeyUsage=critical,timeStamping", "-addext", "keyUsage=critical,digitalSignature"]
    subprocess.run(["openssl", *asked, *names, *use], check=True, capture_output=True)

    class Authority(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            (root / "asked.tsq").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            command = ["openssl", "ts", "-reply", "-config", str(root / "tsa.cnf"), "-queryfile", "asked.tsq"]
            done = subprocess.run([*command, "-out", "told.tsr"], cwd=root, capture_output=True, check=False)
            told = (root / "told.tsr").read_bytes() if done.returncode == 0 else done.stderr
            self.send_response(200 if self.path == "/tsr" else 500)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
            return

    with serving(HTTPServer(("127.0.0.1", 0), Authority)) as server:
        yield f"http://127.0.0.1:{server.server_port}/tsr", root / "tsa.pem"
