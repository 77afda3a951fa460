"""What ``gochim probe`` asks and how to read its answers, as one page, made from the catalogue of assumptions."""

from __future__ import annotations

from crawler.probe import ASSUMPTIONS
from crawler.sections import SECTIONS

_HEAD = """# The probe

`gochim probe` tests what gochim assumes of the portal against the live portal. Run it before you first watch the live
portal, and when it seems to have changed. (This page is written by `make docs` from the program.)

Nobody who built gochim could reach the live portal. What it assumes was observed on one page and reported by others.
For each assumption the probe says one of these:

- **holds**.
- **differs**: how, with the WARC file and offset of the evidence, and what to do: a setting in `gochim.toml`, a golden
  case (`gochim new-case CAPTURE`), or a report. Where gochim copes with both, it says that nothing need be done.
- **cannot tell**: why, mostly because something did not answer.

The exit code is 0 when nothing differs, 1 when something does, and 5 when the portal could not be reached or refused.

## What it costs the portal

A probe is a run like any other: the same pace, robots.txt obeyed, an honest User-Agent, every exchange archived. It
asks for the lists of {sections} sections, for the second page of those that have one in two ways, for one list filtered
in up to six, for an article of each section, and for a few addresses more: up to {requests} requests. The documents,
files and pictures of these articles come on top, however many they are. The replica, whose lists are short, is asked
for 80 in all. `--max-requests` bounds the number. A page that can answer several assumptions is requested once.
`--only NAME` requests what that assumption needs and no more. On the real portal alone the probe also asks the mobile
host for one list.

The probe looks at one article of each section. These are ordinary looks: the next command files them as versions, even
of sections that the settings do not watch. So they are looked at whole, with document, files and pictures, because half
a look must never be filed as a version. To see how the portal answers an unknown id, the probe asks for one that is too
long to be filed as an article's.

## The bundle

`--bundle probe.zip` packs what a report to the developers needs:

- `probe.warc.gz`: the records of this run byte for byte, and those of earlier runs that they refer to;
- `verdicts.json`, with the versions of gochim and Python;
- `settings.toml`, without contact and service key;
- `README`.

A record that holds the contact or the key is left out, and `verdicts.json` names it. Every request is such a record,
because its User-Agent holds the contact. Records of more than 10 MB are left out too. Nothing else of the machine is in
the bundle, not even its name.

## The assumptions

Each assumption is a function in `crawler/probe/` that takes the captures of one run and gives verdicts. To add an
assumption, write such a function. The last column says what it needs to be requested.

| name | what is assumed | asks for |
|---|---|---|
"""


def probe_page() -> str:
    """Give the page in Markdown."""
    rows = [f"| `{one.name}` | {one.statement} | {', '.join(sorted(one.needs))} |" for one in ASSUMPTIONS.values()]
    sections = len([one for one in SECTIONS.values() if one.entries()])
    # A list and perhaps one that it leads to, its second page twice, an article; the filters; eight addresses more.
    return _HEAD.format(sections=sections, requests=5 * sections + 6 + 8) + "\n".join(rows) + "\n"
