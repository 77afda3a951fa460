"""Pieces of stories that are told to an archive."""

from __future__ import annotations

from xml.sax.saxutils import escape

from storage import versions
from tests.document_samples import hwpx, p, t
from tests.drill import Drill

_OTHER = str.maketrans("123456789", "234567891")


def disagreeing_file(drill: Drill) -> bytes:
    """Make a file that says the first press release's text with other figures."""
    release = drill.articles[drill.section("press-release")[0]]
    text = [block.text for block in versions.versions(drill.db, release)[-1].article.body]
    return hwpx("".join(p(t(escape(one.translate(_OTHER)))) for one in text))
