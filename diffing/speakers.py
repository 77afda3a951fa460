"""Who says what is quoted: sentences that report a quotation, and whether its speaker is another."""

from __future__ import annotations

import re
from collections.abc import Sequence

from diffing.stretches import Stretch
from diffing.tokens import Token

_SAYING = re.compile(
    r"말했|밝혔|강조했|전했|설명했|덧붙였|당부했|언급했|주장했|지적했|평가했|약속했|라고|다고|이라며|다며|라며|면서"
    r"|[”\"] (?:고|며)(?= )"
)
"""A sentence that reports what somebody said: ``“...”라고 말했다``"""


def reports(tokens: Sequence[Token]) -> bool:
    """Tell whether a sentence reports a quotation."""
    quoting = any(token.text in '“"' for token in tokens)
    return quoting and _SAYING.search(" ".join(token.text for token in tokens)) is not None


def is_reported(stretch: Stretch, reporting: tuple[bool, bool]) -> bool:
    """Tell whether a changed name is the speaker of a quotation: outside it, in a sentence that reports one."""
    return any(
        reported and any(one.kind == "name" and not one.quoted for one in changed)
        for reported, changed in zip(reporting, (stretch.old, stretch.new), strict=True)
    )


def is_speaker(old: Sequence[Token], new: Sequence[Token], stretch: Stretch) -> bool:
    """Tell whether the words replaced are whoever says what is quoted next: ``한 참석자는 “...”고 지적했다``."""
    if stretch.after not in {"“", '"'} or not stretch.old or not stretch.new:
        return False
    spoken = all(_SAYING.search(" ".join(token.text for token in side)) for side in (old, new))
    return spoken and all(
        side[-1].kind in {"word", "tail"} and side[-1].text[-1] in "은는이가" for side in (stretch.old, stretch.new)
    )
