"""How a revisit names what it repeats: by its record, by its address and date, or by its digest alone.

A name without a record's id is text of two words, the date or the digest and the address, which no id is: ids are URIs.
Whoever has the captures of all files at hand finds by it what may stand in another file than the revisit does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.warc_record import Fields, bare_uri, encoded_uri, parse_date

_SAME_PAYLOAD = "identical-payload-digest"
"""How the profile of a revisit ends that repeats a payload (WARC/1.1, 6.7.2), in 1.0 as in 1.1."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a revisit says of a record whose id it does not give.

    Attributes:
        url: The address it was captured at.
        moment: When, None where the digest alone is named.
        digest: Of its payload, with its algorithm; None where the date is named.
    """

    url: str
    moment: datetime | None
    digest: str | None

    def fits(self, captured_at: datetime, digest: str | None) -> bool:
        """Say whether a capture of the address can be meant: programs cut dates to whole seconds here or there."""
        if self.moment is None:
            return digest == self.digest
        return captured_at.replace(microsecond=0) == self.moment.replace(microsecond=0)

    @property
    def span(self) -> tuple[datetime, datetime] | None:
        """The first and the last instant at which what is meant may have been captured, None where any will do."""
        moment = self.moment
        return (moment.replace(microsecond=0), moment.replace(microsecond=999_999)) if moment else None


def moment_name(url: str, moment: datetime) -> str:
    """Name a record by its address and date."""
    return f"{moment.isoformat()} {url}"


def name_of_original(fields: Fields) -> str | None:
    """Give the id of the record that a revisit repeats, or what it says instead; None where it says nothing.

    Sources: WARC/1.1, 5.11 and 5.17 to 5.19. Of old, the digest alone had to do, at the same address.
    """
    if own := bare_uri(fields.get("WARC-Refers-To") or ""):
        return own
    url, date = (fields.get(f"WARC-Refers-To-{one}") for one in ("Target-URI", "Date"))
    if url and date:
        try:
            return moment_name(encoded_uri(bare_uri(url)), parse_date(date))
        except ValueError:
            return None  # A date that is none names nothing; verify tells of it.
    digest = fields.get("WARC-Payload-Digest")
    if digest and (fields.get("WARC-Profile") or "").rpartition("/")[2] == _SAME_PAYLOAD:
        return f"{digest} {encoded_uri(bare_uri(fields.get('WARC-Target-URI') or ''))}"
    return None


def named(name: str) -> Named | None:
    """Read what stands in the place of a record's id; None where it is one."""
    first, parted, url = name.partition(" ")
    if not parted:
        return None
    try:
        moment = datetime.fromisoformat(first)
    except ValueError:
        moment = None
    # A digest without an algorithm may look like a day: dates are written with their offset.
    return Named(url, moment, None) if moment is not None and moment.tzinfo else Named(url, None, first)
