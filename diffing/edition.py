"""Which differ this is: a digest of its code, by which what another one compared is known and compared anew."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import metadata, resources

PAIRING = ("deepdiff", "rapidfuzz")
"""The libraries that choose which old part is paired with which new one."""


@cache
def differ() -> str:
    """Give 16 hex digits that differ where the code that compares differs, or a library by which it pairs.

    Reports are left out, for they only print what was compared. The code is read as text: nothing of it is loaded.
    """
    digest = hashlib.sha256()
    files = (one for one in resources.files("diffing").iterdir() if one.name.endswith(".py"))
    for file in sorted(files, key=lambda one: one.name):
        digest.update(f"{file.name}\0".encode() + file.read_bytes())
    for name in PAIRING:
        digest.update(f"{name} {metadata.version(name)}\0".encode())
    return digest.hexdigest()[:16]
