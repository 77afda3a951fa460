"""RFC 3161 time stamps: a third party signs that a digest was there at a time."""

from __future__ import annotations

import hashlib
import http.client
import urllib.error
import urllib.request

from cli.dossier.verify import stamp_of
from storage.errors import RunEndedEarly, SettingsError

_PATIENCE = 30
"""Seconds for the authority to answer."""
_LARGEST = 1 << 20


def stamp(data: bytes, tsa: str) -> bytes:
    """Have data stamped, and give the authority's answer in DER.

    Raises:
        SettingsError: rfc3161-client is not installed.
        RunEndedEarly: The authority does not answer, refuses, or stamps something else.
    """
    try:
        from rfc3161_client import HashAlgorithm, PKIStatus, TimestampRequestBuilder, decode_timestamp_response
    except ImportError as error:
        raise SettingsError("A time stamp needs rfc3161-client: pip install 'gochim[dossier]'") from error
    builder = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).nonce(nonce=True)
    asked = builder.cert_request(cert_request=True).build()
    answer = _asked(tsa, asked.as_bytes())
    try:
        told = decode_timestamp_response(answer)
        granted = PKIStatus(told.status) in {PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS}
        fits = granted and told.tst_info.nonce == asked.nonce and stamp_of(answer)[0] == hashlib.sha256(data).digest()
    except (ValueError, IndexError, StopIteration) as error:
        raise RunEndedEarly(f"{tsa} answered with no time stamp ({error}). Name another authority.") from error
    if not fits:
        raise RunEndedEarly(f"{tsa} refused the time stamp, or stamped something else. Name another authority.")
    return answer


def _asked(tsa: str, question: bytes) -> bytes:
    request = urllib.request.Request(  # noqa: S310  # http or https alone: the settings and the option are checked
        tsa, question, {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    )
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310  # the same
            return bytes(answer.read(_LARGEST))
    except (urllib.error.URLError, OSError, http.client.HTTPException) as error:
        if isinstance(error, urllib.error.HTTPError):
            error.close()  # It is the answer, too.
        raise RunEndedEarly(
            f"The time-stamp authority {tsa} cannot be reached ({error}). Try again later, or leave --tsa out."
        ) from error
