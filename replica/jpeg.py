"""Draw a mosaic of greys as a baseline JPEG (ITU T.81), the same bytes on every machine."""

from __future__ import annotations

import struct
from collections.abc import Iterator

TILES = (8, 5)
"""Tiles in a row, and rows: 256 x 160 pixels in all."""
_TILE = 4
"""Blocks of 8 x 8 pixels along the side of a tile."""

_COUNTS = bytes((0, 1, 5, 1, 1, 1, 1, 1, 1, *[0] * 7))
"""How many codes of each length tell the size of a difference, as in table K.3."""
_CODES = ("00", "010", "011", "100", "101", "110", "1110", "11110", "111110")
"""The codes of the sizes 0 to 8: a difference of two greys has no more bits."""


def mosaic(greys: bytes, comment: bytes) -> bytes:
    """Draw one tile for each grey, row by row, and note a comment beside them."""
    across, down = TILES
    quantisation = b"\0" + bytes((8, *[1] * 63))  # the mean of a block is told in steps of a grey
    frame = struct.pack(">BHHBBBB", 8, 8 * _TILE * down, 8 * _TILE * across, 1, 1, 0x11, 0)
    sizes = b"\0" + _COUNTS + bytes(range(12))
    ends = b"\x10" + bytes((1, *[0] * 15)) + b"\0"  # one code, of one bit: nothing follows the mean
    parts = (
        (0xFE, comment),
        (0xDB, quantisation),
        (0xC0, frame),
        (0xC4, sizes),
        (0xC4, ends),
        (0xDA, b"\1\1\0\0\x3f\0"),
    )
    segments = b"".join(struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data for marker, data in parts)
    bits = "".join(_differences(greys, across, down))
    bits += "1" * (-len(bits) % 8)
    scan = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\0")
    return b"\xff\xd8" + segments + scan + b"\xff\xd9"


def _differences(greys: bytes, across: int, down: int) -> Iterator[str]:
    """Write each block's mean as its difference from that of the block before."""
    before = 0
    for row in range(down * _TILE):
        for column in range(across * _TILE):
            mean = greys[row // _TILE * across + column // _TILE] - 128
            difference, before = mean - before, mean
            size = abs(difference).bit_length()
            value = difference if difference > 0 else difference + (1 << size) - 1
            yield _CODES[size] + (f"{value:0{size}b}" if size else "") + "0"
