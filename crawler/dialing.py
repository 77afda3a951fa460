"""From an address to an open connection: one look-up, one attempt per address found, and why it failed if it did.

What is connected to is what was resolved: the name is never looked up a second time in between.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from crawler.connection import Connection
from storage.records import FailureKind

AddressInfo = tuple[int, int, int, str, Any]
"""Family, type, protocol, canonical name and socket address, as ``getaddrinfo`` gives them."""
Resolver = Callable[[str, int], Awaitable[list[AddressInfo]]]
"""Turns a host and a port into addresses; raises ``OSError`` when it cannot."""


class UnreachedError(Exception):
    """No connection came about: ``kind`` says why in a word, the message in a sentence."""

    def __init__(self, kind: FailureKind, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind


class Endpoint(NamedTuple):
    """Where a request goes: connections are shared by requests with equal endpoints."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> Endpoint:
        """Read the endpoint from an ``http`` or ``https`` address.

        Raises:
            ValueError: Another scheme, no host, or a port that is none.
        """
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"{url} is not an http or https address with a host; give a whole address")
        return cls(parts.scheme, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80))

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


async def resolve(host: str, port: int) -> list[AddressInfo]:
    """Ask the system's resolver for stream addresses, the preferred one first."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, kind, proto, name, address) for family, kind, proto, name, address in found]


def tls_context(authorities: str | None = None) -> ssl.SSLContext:
    """Make a verifying TLS context that speaks HTTP/1.1 only.

    Certificates that break a lesser rule of RFC 5280 are taken, as browsers and Python before 3.13 take them: whether a
    portal can be archived does not hang on the Python that archives it.

    Args:
        authorities: A PEM file of certificate authorities to trust instead of the system's.

    Raises:
        OSError: The file cannot be read or holds no certificate.
    """
    context = ssl.create_default_context(cafile=authorities)
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.set_alpn_protocols(["http/1.1"])
    return context


async def dial(endpoint: Endpoint, tls: ssl.SSLContext | None, resolver: Resolver, seconds: float) -> Connection:
    """Resolve once, then try each address in turn until a connection (and TLS) stands.

    Args:
        endpoint: Where to.
        tls: How an ``https`` server is verified; not needed for ``http``.
        resolver: Asked once; only the addresses it gave are connected to.
        seconds: Time for all of it.

    Raises:
        UnreachedError: No address led to a connection.
    """
    stage = "resolving the name"
    try:
        async with asyncio.timeout(seconds):
            addresses = await _addresses(endpoint, resolver)
            stage = "connecting"
            channel = await _connect(endpoint, addresses, seconds)
            stage = "the TLS handshake"
            return await _wrap(endpoint, channel, tls)
    except TimeoutError:
        raise UnreachedError(
            "timeout", f"{endpoint}: {stage} took longer than {seconds:g} s; try again later"
        ) from None


async def _addresses(endpoint: Endpoint, resolver: Resolver) -> list[AddressInfo]:
    try:
        addresses = await resolver(endpoint.host, endpoint.port)
    except (OSError, UnicodeError) as fault:  # UnicodeError: a label that no name can have ("a..b")
        raise UnreachedError(
            "dns", f"{endpoint.host} does not resolve ({fault}); check the name and the network"
        ) from None
    if not addresses:
        raise UnreachedError("dns", f"{endpoint.host} has no address; check the name")
    return addresses


async def _connect(endpoint: Endpoint, addresses: list[AddressInfo], seconds: float) -> socket.socket:
    """Connect to the first address that answers; each but the last may use up its share of the time only."""
    loop = asyncio.get_running_loop()
    faults: list[OSError] = []
    for family, kind, proto, _, address in addresses:
        share = None if len(faults) + 1 == len(addresses) else seconds / len(addresses)
        try:
            channel = socket.socket(family, kind, proto)
        except OSError as fault:  # an address family this machine does not have
            faults.append(fault)
            continue
        try:
            channel.setblocking(False)  # noqa: FBT003 - the socket module wants it so
            async with asyncio.timeout(share):
                await loop.sock_connect(channel, address)
        except OSError as fault:  # TimeoutError is one
            channel.close()
            faults.append(fault)
        except BaseException:
            channel.close()
            raise
        else:
            return channel
    # A refusal is the clearest answer among several; otherwise the last one speaks for all.
    told = next((one for one in faults if isinstance(one, ConnectionRefusedError)), faults[-1])
    tried = ", ".join(sorted({str(address[0]) for *_, address in addresses}))
    if isinstance(told, ConnectionRefusedError):
        raise UnreachedError("refused", f"{endpoint} ({tried}) refused the connection; check that the server is up")
    if isinstance(told, TimeoutError):
        raise UnreachedError("timeout", f"{endpoint} ({tried}) did not answer in time; try again later")
    raise UnreachedError(
        "unreachable", f"{endpoint} ({tried}) cannot be reached ({told.strerror or told}); check the network"
    )


async def _wrap(endpoint: Endpoint, channel: socket.socket, tls: ssl.SSLContext | None) -> Connection:
    secure = endpoint.scheme == "https"
    try:
        _, connection = await asyncio.get_running_loop().create_connection(
            Connection,
            sock=channel,
            ssl=tls if secure else None,
            server_hostname=endpoint.host if secure else None,
        )
    except ssl.SSLCertVerificationError as fault:
        reason = fault.verify_message
        raise UnreachedError(
            "tls", f"{endpoint}: the certificate does not hold ({reason}); it was not trusted"
        ) from None
    except OSError as fault:  # ssl.SSLError, or a peer that hangs up during the handshake
        raise UnreachedError("tls", f"{endpoint}: the TLS handshake failed ({fault})") from None
    except BaseException:
        channel.close()
        raise
    return connection
