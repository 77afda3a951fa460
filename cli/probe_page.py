"""What ``gochim probe`` asks and how to read its answers, as one page, made from the catalogue of assumptions."""

from __future__ import annotations

from crawler.probe import ASSUMPTIONS

_HEAD = """# The probe

Written by `make docs` from the program.

Nobody who built gochim could reach the live portal: what it takes for true of it was observed on one page and
reported by others. `gochim probe` holds each of these assumptions against the portal of the settings and says of
each:

- **holds**;
- **differs**: how, with the WARC file and offset of the evidence, and what mends it: a switch in `gochim.toml`, a
  golden case (`gochim new-case CAPTURE`), or a report. Where gochim copes with both, it says that nothing is to be
  mended;
- **cannot tell**: why, mostly because something did not answer.

It ends with exit code 0 when nothing differs, 1 when something does, 5 when the portal could not be reached or
refused.

## What it costs the portal

A probe is one run like any other: the same pace, robots.txt obeyed, an honest User-Agent, every exchange archived. It
asks about one request for each thing it wants to know, some {requests} in all, and uses a page for every assumption
that the page can answer. `--only NAME` asks for what that assumption needs and no more. On the real portal alone it
also asks the mobile host for one list.

The articles it looks at, one of each section, are ordinary looks: the next command files them as versions, those of
sections that the settings do not watch too. They are therefore looked at whole, with their document, files and
pictures, for half a look must never be filed as a version. The id that it asks for to see how an unknown one is
answered is too long to be filed as an article's.

## The bundle

`--bundle probe.zip` packs what a report needs: `probe.warc.gz`, the records of this run byte for byte, and those of
earlier runs that they refer to; `verdicts.json`, with the versions of gochim and Python; `settings.toml` without
contact and service key; `README`. A record that holds the contact or the key (every request does, in its User-Agent)
is left out, and `verdicts.json` names it. So are records of more than 10 MB. Nothing else of the machine is in it,
not even its name.

## The assumptions

An assumption is a function in `crawler/probe/`, from the captures of one run to verdicts; adding one is writing one.

| name | what is assumed | asks for |
|---|---|---|
"""


def probe_page() -> str:
    """Give the page in Markdown."""
    rows = [f"| `{one.name}` | {one.statement} | {', '.join(sorted(one.needs))} |" for one in ASSUMPTIONS.values()]
    return _HEAD.format(requests=200) + "\n".join(rows) + "\n"
