"""A server that answers with scripted raw bytes, good and bad; its resources are named after their misbehaviour."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.wire_answers import RESOURCES, Step


class WireServer:
    """Listens on a free loopback port; ``requests`` holds, for each connection, the raw requests it carried."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.requests: list[list[bytes]] = []
        self.finished = threading.Event()
        self._scripts: dict[str, Callable[[], Iterable[Step]]] = {n: r.steps for n, r in RESOURCES.items()}
        self._open: set[socket.socket] = set()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def url(self, name: str, host: str = "127.0.0.1") -> str:
        """Give the address of a resource."""
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}/{name}"

    def script(self, name: str, *steps: Step) -> str:
        """Answer ``name`` with these steps from now on; gives its address."""
        self._scripts[name] = lambda: steps
        return self.url(name)

    def generate(self, name: str, steps: Callable[[], Iterable[Step]]) -> str:
        """Answer ``name`` with the steps that ``steps`` gives each time; gives its address."""
        self._scripts[name] = steps
        return self.url(name)

    def close(self) -> None:
        """Hang up on everyone."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for channel in list(self._open):
            with suppress(OSError):
                channel.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        while True:
            try:
                channel, _ = self._listener.accept()
            except OSError:
                return
            self._open.add(channel)
            thread = threading.Thread(target=self._serve, args=(channel,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, channel: socket.socket) -> None:
        carried: list[bytes] = []
        self.requests.append(carried)
        channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        raw = channel
        try:
            if self._tls:
                channel = self._tls.wrap_socket(channel, server_side=True)
                self._open.add(channel)
            while (request := _read_request(channel)) and self._answer(channel, request, carried):
                continue
        except OSError:
            return  # the client hung up, which many scripts are about
        finally:
            self._open -= {raw, channel}
            channel.close()
            self.finished.set()

    def _answer(self, channel: socket.socket, request: bytes, carried: list[bytes]) -> bool:
        carried.append(request)
        name = request.split(b" ")[1].decode().lstrip("/").partition("?")[0]
        for step in self._scripts[name]():
            if isinstance(step, bytes):
                channel.sendall(step)
            elif isinstance(step, float):
                time.sleep(step)
            elif step == "hold":
                while channel.recv(4096):
                    continue
                return False
            elif step == "reset":
                channel.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return False
            elif step in {"close", "cut"}:
                if step == "close" and isinstance(channel, ssl.SSLSocket):
                    channel.unwrap()
                return False
        return True


def _read_request(channel: socket.socket) -> bytes:
    request = b""
    while b"\r\n\r\n" not in request:
        received = channel.recv(65536)
        if not received:
            return b""
        request += received
    head, _, body = request.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += channel.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def wire_server(tls: ssl.SSLContext | None = None) -> Iterator[WireServer]:
    """Serve for the length of a ``with`` block."""
    server = WireServer(tls)
    try:
        yield server
    finally:
        server.close()


@pytest.fixture
def server() -> Iterator[WireServer]:
    """Give a server to a test."""
    with wire_server() as running:
        yield running


def make_authority(folder: Path, name: str = "127.0.0.1") -> tuple[str, ssl.SSLContext]:
    """Make a certificate authority and a certificate for ``name``; gives the authority's file and a server context."""
    now = datetime.now(UTC)
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, who)]) for who in ("Test authority", "server")]

    def certificate(whose: int) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(names[whose])
            .issuer_name(names[0])
            .public_key(keys[whose].public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=whose == 0, path_length=None), critical=True)
        )

    host = x509.SubjectAlternativeName([x509.IPAddress(ip_address(name))])
    authority = certificate(0).sign(keys[0], hashes.SHA256())
    leaf = certificate(1).add_extension(host, critical=False).sign(keys[0], hashes.SHA256())
    trusted, chain = folder / "authority.pem", folder / "server.pem"
    trusted.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    chain.write_bytes(
        keys[1].private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + leaf.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return str(trusted), context
