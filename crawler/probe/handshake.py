"""Ask the portal's server for a TLS handshake alone: no request is sent, the connection ends at once."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime
from typing import Any

from crawler.dialing import Endpoint, tls_context
from crawler.probe.assumption import Handshake

SECONDS = 20.0


def shake_hands(url: str, authorities: str | None = None) -> Handshake | None:
    """Tell what the server says of itself, None for a portal that is not asked by https.

    Args:
        url: The portal.
        authorities: A PEM file of certificate authorities to trust instead of the system's.
    """
    endpoint = Endpoint.of(url)
    if endpoint.scheme != "https":
        return None
    context = tls_context(authorities)
    context.set_alpn_protocols(["h2", "http/1.1"])
    try:
        channel = socket.create_connection((endpoint.host, endpoint.port), timeout=SECONDS)
    except OSError as error:
        return Handshake(failure=str(error), reached=False)
    try:
        with channel, context.wrap_socket(channel, server_hostname=endpoint.host) as secure:
            return _told(secure)
    except ssl.SSLCertVerificationError as error:
        return Handshake(failure=f"the certificate does not hold ({error.verify_message})")
    except OSError as error:  # ssl.SSLError is one, and so is a time-out
        return Handshake(failure=str(error))


def _told(secure: ssl.SSLSocket) -> Handshake:
    certificate: dict[str, Any] = dict(secure.getpeercert() or {})
    cipher = secure.cipher()
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate["notAfter"]), UTC)
    return Handshake(
        tls=secure.version() or "",
        cipher=cipher[0] if cipher else "",
        alpn=secure.selected_alpn_protocol(),
        subject=_name(certificate.get("subject", ())),
        issuer=_name(certificate.get("issuer", ())),
        not_after=f"{ends:%Y-%m-%d}",
        days_left=(ends - datetime.now(UTC)).days,
    )


def _name(parts: tuple[tuple[tuple[str, str], ...], ...]) -> str:
    """The common name of a certificate's subject or issuer, else its organisation."""
    pairs = dict(pair for part in parts for pair in part)
    return pairs.get("commonName") or pairs.get("organizationName") or "an unnamed one"
