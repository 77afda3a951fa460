"""The words of a closed choice: outcomes, states, kinds, labels."""

from __future__ import annotations

from typing import Literal, get_args

BlockKind = Literal["paragraph", "heading", "caption", "quote", "list-item", "table", "member"]

ChangeKind = Literal["edited", "removed", "restored", "moved", "attachment-replaced"]
CHANGE_KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)

Weight = Literal["substance", "wording", "cosmetic"]
WEIGHTS: tuple[Weight, ...] = get_args(Weight)[::-1]
"""Every weight, the lightest first."""

Disclosure = Literal["silent", "stamped", "explained", "stamp-only", "unknown"]
DISCLOSURES: tuple[Disclosure, ...] = get_args(Disclosure)

ReasonSignal = Literal[
    "notice",
    "stamp",
    "attachment-name",
    "attachment-text",
    "modify-id",
    "modify-date",
    "last-modified",
    "none",
    "perhaps",
    "no-difference",
]
"""What a verdict on disclosure rests on; ``none`` names what was looked through in vain.

``perhaps`` is a sentence that came with a silent change and is like a notice in some parts, but not in enough.
"""

CaptureKind = Literal["response", "revisit", "failure"]

Truncation = Literal["length", "time", "disconnect", "unspecified"]

FailureKind = Literal[
    "dns",
    "refused",
    "unreachable",
    "tls",
    "timeout",
    "disconnected",
    "protocol",
    "too-large",
    "robots",
    "off-host",
    "withheld",
]
"""Why an exchange brought no usable response. A failure is a check that could not tell, never a removal.

``withheld`` is an answer that repeats a secret of the user's, which must stand in no archive.
"""

Outcome = Literal[
    "read",
    "gone",
    "front-page",
    "blocked",
    "error",
    "unreachable",
    "unrecognised",
    "incomplete",
    "other-article",
    "away",
]
"""What one look at an article came to.

- ``read``: the page was read into an article.
- ``gone``: 404, 410, or a page with status 200 that says the article is gone.
- ``front-page``: a redirect to the portal's front page or to a list.
- ``blocked``: a firewall or rate-limit page, 403, 429.
- ``error``: any other 4xx or 5xx, or a truncated page.
- ``unreachable``: no response (timeout, refused, DNS, TLS).
- ``unrecognised``: no layout recognises the page.
- ``incomplete``: the page was read, its document (viewer pages) could not be, or its files stand without its text.
  In the first case all but the document is told of it, which stands as an earlier look read it, or as unread.
- ``other-article``: a redirect to another article; nobody knows whether that one replaces it.
- ``away``: a redirect that leaves the portal.
"""

Held = Literal["", "outage", "section-outage", "site-change"]
"""Why an absence could not tell: most looks of its run failed at once, on the whole portal or in its section."""

State = Literal["live", "suspect", "removed", "restored", "moved"]
"""What is known of an article as a whole.

- ``live``: it was read at the newest look that could tell.
- ``suspect``: it was absent, at too few looks or over too short a time to say more.
- ``removed``: it was absent at as many looks over as many days as the settings ask for.
- ``restored``: it was read again after it had been removed.
- ``moved``: it was read at another address or in another section.
"""

DocumentOutcome = Literal[
    "read", "no-text", "encrypted", "corrupt", "too-large", "timed-out", "unsupported", "error-page", "empty"
]
"""What reading the text of one file came to.

- ``read``: its text was read.
- ``no-text``: it was read and holds none (a scanned PDF).
- ``encrypted``: it asks for a password.
- ``corrupt``: it is not what its first bytes say.
- ``too-large``: it, or what it unpacks to, exceeds a limit.
- ``timed-out``: reading it took too long; of what it says nothing is known.
- ``unsupported``: no reader knows the format: pictures, sound, unknown bytes.
- ``error-page``: a web page stands in the file's place.
- ``empty``: there are no bytes.
"""

ABSENT: frozenset[Outcome] = frozenset({"gone", "front-page"})
"""Outcomes that count towards a removal."""

TELLING: frozenset[Outcome] = ABSENT | {"read"}
"""Outcomes that show how an article stands; a look that came to any other could not tell."""

WHERE_LABELS = (
    "title", "subtitle", "body", "caption", "byline", "date", "source", "licence", "attachment", "image", "link",
)  # fmt: skip

WHAT_LABELS = (
    "number", "money", "percent", "quantity", "date-value", "name", "quote", "negation", "hedge",
    "paragraph-added", "paragraph-removed", "paragraph-moved", "paragraph-split", "paragraph-merged",
    "wording", "particle", "spacing", "punctuation", "unicode-form", "revert",
)  # fmt: skip

LABELS = WHERE_LABELS + WHAT_LABELS
"""The closed list of labels, in the order in which they are printed."""
