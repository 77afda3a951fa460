"""The nouns: Exchange, Capture, Article, Version, Check, Change.

Plain frozen data, no behaviour beyond turning themselves into the JSON shapes that users rely on. Everything
above this module speaks in these words.
"""

from __future__ import annotations

from storage.records.articles import (
    Article,
    Attachment,
    Block,
    Document,
    Image,
    Link,
    Picture,
    Version,
    source_of_body,
)
from storage.records.captured import Capture, Evidence, Exchange, Run
from storage.records.changed import Change, Comparison, DocumentChange, Fact, FieldChange, Op, Outline, Reason
from storage.records.completing import BODY, carried, completed, to_the_time, with_body, without_document
from storage.records.kinds import (
    ABSENT,
    CHANGE_KINDS,
    DISCLOSURES,
    LABELS,
    TELLING,
    WEIGHTS,
    WHAT_LABELS,
    WHERE_LABELS,
    BlockKind,
    CaptureKind,
    ChangeKind,
    Disclosure,
    DocumentOutcome,
    FailureKind,
    Held,
    Outcome,
    ReasonSignal,
    State,
    Truncation,
    Weight,
)
from storage.records.looked import Check, Reading, Step
from storage.records.notation import KST, canonical_json, is_time, iso, kst, local
from storage.records.signals import Signals, Told

__all__ = [
    "ABSENT",
    "BODY",
    "CHANGE_KINDS",
    "DISCLOSURES",
    "KST",
    "LABELS",
    "TELLING",
    "WEIGHTS",
    "WHAT_LABELS",
    "WHERE_LABELS",
    "Article",
    "Attachment",
    "Block",
    "BlockKind",
    "Capture",
    "CaptureKind",
    "Change",
    "ChangeKind",
    "Check",
    "Comparison",
    "Disclosure",
    "Document",
    "DocumentChange",
    "DocumentOutcome",
    "Evidence",
    "Exchange",
    "Fact",
    "FailureKind",
    "FieldChange",
    "Held",
    "Image",
    "Link",
    "Op",
    "Outcome",
    "Outline",
    "Picture",
    "Reading",
    "Reason",
    "ReasonSignal",
    "Run",
    "Signals",
    "State",
    "Step",
    "Told",
    "Truncation",
    "Version",
    "Weight",
    "canonical_json",
    "carried",
    "completed",
    "is_time",
    "iso",
    "kst",
    "local",
    "source_of_body",
    "to_the_time",
    "with_body",
    "without_document",
]
