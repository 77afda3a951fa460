"""Which differ this is: a digest of its code, by which what another one compared is known and compared anew."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import metadata, resources

PAIRING = ("deepdiff", "rapidfuzz")
"""The libraries whose pairs the steps are made of."""


@cache
def differ() -> str:
    """Digest the code that compares, reports apart, and the versions of the libraries that pair for it; 16 hex digits.

    The code is read as text: nothing of it is loaded.
    """
    digest = hashlib.sha256()
    files = (one for one in resources.files("diffing").iterdir() if one.name.endswith(".py"))
    for file in sorted(files, key=lambda one: one.name):
        digest.update(f"{file.name}\0".encode() + file.read_bytes())
    for name in PAIRING:
        digest.update(f"{name} {metadata.version(name)}\0".encode())
    return digest.hexdigest()[:16]
