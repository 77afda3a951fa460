"""What of a request no archive may hold: struck out wherever it is written, sent as it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes


@dataclass(frozen=True, slots=True)
class Secret:
    """What of a request must be known to the server alone: how it is written everywhere, and how it is sent.

    Both have the same length, so that nothing else of the request differs.
    """

    shown: bytes
    sent: bytes = field(repr=False)

    def unveiled(self, message: bytes) -> bytes:
        """Give the message as it goes over the wire."""
        return message.replace(self.shown, self.sent, 1)

    def is_in(self, text: bytes) -> bool:
        """Say whether a text gives the secret away, as it was sent or without its per cent signs."""
        value = self.sent.partition(b"=")[2]
        return value in text or unquote_to_bytes(value) in text
