"""Anonymous signatures for WACZ files: who holds the key made this package, whoever that is.

ECDSA on P-384 with SHA-256 over the manifest's hash as text, the signature as two 48-byte numbers, as browsers'
WebCrypto and ArchiveWeb.page have it. The same key and hash give the same signature (RFC 6979) where OpenSSL is 3.2 or
newer, so a package can be made again to the byte. Source: WACZ Signing and Verification 0.1.0, Anonymous Signature.
"""

from __future__ import annotations

import base64
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from storage.errors import SettingsError

_NUMBER = 48
_MAKE_ONE = "Make one with: openssl ecparam -name secp384r1 -genkey -noout -out key.pem"


def load_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """Read a private key from a PEM file.

    Raises:
        SettingsError: The file cannot be read, is encrypted, or holds no ECDSA key on P-384.
    """
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise SettingsError(f"The key {path} cannot be read ({error.strerror}). {_MAKE_ONE}") from error
    except TypeError as error:
        raise SettingsError(f"The key {path} is encrypted. Decrypt it first: openssl ec -in {path}") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SettingsError(f"{path} holds no private key in PEM form. {_MAKE_ONE}") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP384R1):
        raise SettingsError(f"The key {path} is not an ECDSA key on the curve P-384. {_MAKE_ONE}")
    return key


def _algorithm() -> ec.ECDSA:
    try:
        return ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    except UnsupportedAlgorithm:
        # An OpenSSL before 3.2 draws a number for each signature: as good, but another one each time.
        return ec.ECDSA(hashes.SHA256())


def signed_data(key: ec.EllipticCurvePrivateKey, manifest_hash: str, created: str, software: str) -> dict[str, str]:
    """Sign a manifest's hash.

    Args:
        key: From :func:`load_key`.
        manifest_hash: ``sha256:`` and hex over ``datapackage.json``.
        created: The manifest's ``created``.
        software: Name and version of this program.

    Returns:
        The ``signedData`` object of ``datapackage-digest.json``.
    """
    raw = key.sign(manifest_hash.encode(), _algorithm())
    signature = b"".join(number.to_bytes(_NUMBER, "big") for number in decode_dss_signature(raw))
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return {
        "hash": manifest_hash,
        "created": created,
        "software": software,
        "version": "0.1.0",
        "signature": base64.b64encode(signature).decode(),
        "publicKey": base64.b64encode(public).decode(),
    }
