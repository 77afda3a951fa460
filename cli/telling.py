"""Say things on a terminal: changes, differences, articles. stdout is data, stderr is talk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from cli.printing import Styled, counted, records, styled, tell
from cli.streams import while_read
from diffing.campaigns import Campaign
from diffing.reports import items
from diffing.reports.grids import cells
from diffing.reports.items import WordRun
from diffing.reports.phrases import Words
from diffing.reports.sentences import say
from diffing.reports.site import site_line
from diffing.reports.summary import campaign_line, difference, summary
from diffing.reports.visible import shortened
from storage.command_line import gochim
from storage.records import BODY, Change, Comparison, Fact, Held, Op, Version, kst, local
from storage.site_changes import SiteChange

_MARKS = {"delete": ("[-", "-]", "red"), "insert": ("{+", "+}", "green")}
_WEIGHT_COLOURS = {"substance": "red", "wording": "yellow", "cosmetic": "cyan"}
_FEW_LOOKS = 3
"""Looks in a row that came to the same and are told one by one."""


def tell_changes(found: Iterable[Change]) -> None:
    """Print changes for a person, one paragraph each."""
    words = Words("ko")
    for change in while_read(found):
        weight = change.comparison.weight
        tell()
        tell(
            styled(f"{weight:<9}", fg=_WEIGHT_COLOURS[weight]),
            f" {change.kind}  {change.id}  {change.section}  {change.source or ''}",
        )
        tell(f"  {change.title}")
        tell(f"  {summary(change, words)}")
        tell(f"  labels: {' '.join(change.comparison.labels) or 'none'}; {change.comparison.disclosure}")
        for reason in words.reasons(change.comparison.reasons):
            tell(f"    {reason}")
        for fact in change.comparison.facts:
            tell(f"  {fact.kind}: {fact.old} -> {fact.new}{_apart(fact)}")
        tell(
            f"  seen so until {local(change.old_last_seen)}, so from {local(change.new_first_seen)} (KST); "
            f"{counted(change.checks_between, 'look')} between could not tell"
        )


def _apart(fact: Fact) -> str:
    """Say how far two values lie apart: `` (+20%)``; shares by points and temperatures by degrees."""
    if (apart := difference(fact, Words("en"))).endswith(("up", "down")):
        return f" ({apart})"
    # is △350억 more or less than △300억?
    told = fact.ratio if not str(fact.old_value).startswith("-") else None
    # Not rounded a second time: 0.8065 is 80.65 %, of which one place is 80.6.
    return f" ({f'{100 * told:+,.2f}'.rstrip('0').rstrip('.')}%)" if told is not None else ""


def tell_campaigns(found: Sequence[Campaign], style: str) -> None:
    """Print campaigns in any of the styles in which changes are printed."""
    columns = ("kind", "old", "new", "subject", "articles", "first_seen", "last_seen", "members")
    shapes = (one.as_json() for one in found)
    if style == "csv":
        shapes = ({**one, "members": [member["change"] for member in one["members"]]} for one in shapes)
    if not records(style, columns, shapes):
        tell(counted(len(found), "campaign"))
        for one in found:
            tell(f"\n{campaign_line(one, Words('ko'))}")
            for member in one.members:
                tell(f"  {local(member.new_first_seen)}  {member.id}  {member.title}")


def tell_site_changes(found: Iterable[SiteChange]) -> None:
    """Print what happened to many articles at once, a line each."""
    for one in found:
        tell(f"{site_line(one, Words('ko'))}; {gochim('site-changes', one.id)}")


def tell_comparison(comparison: Comparison) -> None:
    """Print what differs, field by field, with ``[-deleted-]`` and ``{+inserted+}`` words."""
    for one in comparison.fields:
        tell(styled(one.field, bold=True))
        _tell_ops(one.ops, one.field)
    for document in comparison.documents:
        tell(styled(f"in {document.name_new}", bold=True))
        _tell_ops(document.ops, "body")
        if not document.ops:
            tell("    (the file is another and says the same)")


def _tell_ops(ops: Iterable[Op], field: str) -> None:
    kept, words = 0, Words("en")
    for op in ops:
        if op.op == "keep":
            kept += 1
            continue
        if kept:
            tell(f"    ({kept} the same)")
            kept = 0
        led = f"moved {words.position(op.old_index, op.new_index)}: " if op.op == "move" else ""
        if op.op == "replace" and op.old == op.new:
            led = f"({say(words, 'recast')}) "
        runs = items.runs(field, op, words) if field in items.PARTS else op.words
        first, *more = _lines(runs or (("keep", op.new or op.old or ""),))
        tell(f"  {_SIGNS[op.op]} {led}", _marked(first))
        for line in more:
            tell("    ", _marked(line))
    if kept:
        tell(f"    ({kept} the same)")


def _lines(runs: Sequence[WordRun]) -> Iterator[Sequence[WordRun]]:
    """Part runs into lines, a table's into its rows, with a stroke between two cells."""
    if grid := cells(runs):
        for row in grid:
            parted = [run for cell in row for run in (("keep", " | "), *cell)]
            yield parted[1:]
        return
    line: list[WordRun] = []
    for tag, text in runs:
        for number, part in enumerate(text.split("\n")):
            if number:
                yield line
                line = []
            line.append((tag, part))
    yield line


_SIGNS = {"insert": "+", "delete": "-", "replace": "~", "move": ">"}


def _marked(runs: Iterable[tuple[str, str]]) -> Styled:
    parts: list[str] = []
    for tag, text in runs:
        opening, closing, colour = _MARKS.get(tag, ("", "", None))
        parts.append(styled(opening + text + closing, fg=colour) if colour else text)
    return styled(*parts, reset=False)


def finding(one: dict[str, Any]) -> str:
    """Say in a line where a body and a file disagree."""
    detail = one["detail"]
    file = f"file {one['file_id']}" + (f" ({detail['member']})" if "member" in detail else "")
    if one["kind"] == "figure":
        said, other = ("/".join(detail[side]) for side in ("only_in_body", "only_in_file"))
        return f"{file} says {other} where the body says {said}: {shortened(detail['body'], 300)}"
    lacks = "file lacks of the body" if one["kind"] == "missing-in-file" else "body lacks of the file"
    return f"{file}: the {lacks} {detail['share']:.0%}, first: {shortened(detail['first'], 300)}"


def tell_findings(found: Sequence[dict[str, Any]], style: str) -> None:
    """Print where bodies and files disagree in any of the styles in which changes are printed."""
    columns = "article version section source title url first_seen kind file_id file_name detail".split()
    if not records(style, columns, found):
        tell(counted(len(found), "finding"))
        for one in found:
            tell(f"\n{one['article']}, version {one['version']}  {one['section']}  {one['source'] or ''}")
            tell(f"  {one['title']}")
            tell(f"  {one['file_name'] or ''}: {finding(one)}")


def tell_version(version: Version, lacking: Mapping[str, datetime]) -> None:
    """Print an article as it stood.

    Args:
        version: The version.
        lacking: What its last look did not read itself, and when one last did.
    """
    article = version.article
    tell(styled(article.title, bold=True))
    for line in article.subtitles:
        tell(f"  {line}")
    parts = [article.published, article.source, article.author, article.section, article.licence]
    tell("  ".join(part for part in parts if part))
    tell(f"{article.url}")
    tell(
        f"version {version.version}, seen from {local(version.first_seen)} to {local(version.last_seen)} (KST), "
        f"{article.content_digest}"
    )
    tell_unread(version, lacking)
    if article.body_from == "unread":
        tell("text not read: it stands in a document that no look has had whole")
    tell(f"{version.evidence.warc} offset {version.evidence.offset} {version.evidence.record_id}")
    for block in article.body:
        tell()
        tell(_BLOCK_SIGNS.get(block.kind, "") + block.text)
    for one in article.attachments:
        says = f"[{one.file_id}] {one.name} {one.media_type or ''} sha256:{one.sha256 or 'not read'}"
        tell(f"\n{says}")


def tell_unread(version: Version, lacking: Mapping[str, datetime], margin: str = "") -> None:
    """Print the parts of a version that its last look did not read itself, and when one last did."""
    names = {one.file_id: one.name for one in version.article.attachments} | {BODY: "the text"}
    for part, last in lacking.items():
        tell(f"{margin}last read {local(last)} (KST): {names.get(part, part)}")


def state(step: dict[str, Any]) -> str:
    """Say a step of an article's state as it was seen."""
    since = kst(step["since"])
    if step["state"] not in {"suspect", "removed"}:
        return f"{step['state']} since {since}"
    looks = counted(step["looks"], "look")
    return f"{step['state']}: absent in {step['absent']} of {looks} since {since}{_of_lists(step)}"


def _of_lists(step: dict[str, Any]) -> str:
    """Say whether the lists of the same runs still showed an article that was absent, where they could tell."""
    told = []
    if step["unlisted"]:
        told.append(f"off its list in {step['unlisted']} of these")
    if step["listed"]:
        told.append(f"still on a list in {step['listed']} of these")
    return "".join(f", {one}" for one in told)


_HELD: dict[Held, str] = {
    "outage": "the portal was out",
    "section-outage": "its section was out",
    "site-change": "its section had pages of a new shape",
}
_BLOCK_SIGNS = {"heading": "## ", "caption": "[사진] ", "quote": "> ", "list-item": "- "}


def tell_looks(looks: Iterable[Mapping[str, Any]]) -> None:
    """Print looks, oldest first; more than a few in a row that came to the same are one line."""

    def came_to(look: Mapping[str, Any]) -> str:
        seen = f"version {look['version']}" if look["version"] else ""
        files = [one for one in look["unread"] if one != BODY]
        without = ["its text"] * (len(files) < len(look["unread"])) + [counted(len(files), "file")] * bool(files)
        if without:
            seen += f" without {' and '.join(without)}"
        if look["held"]:
            seen += f"(does not count: {_HELD[look['held']]})"
        return f"{look['outcome']:<13} {look['status'] or look['failure'] or ''} {seen}".rstrip()

    for what, group in groupby(looks, key=came_to):
        times = [local(look["checked_at"]) for look in group]
        if len(times) > _FEW_LOOKS:
            tell(f"  {times[0]} to {times[-1]}  {what}, {len(times):,} looks")
        else:
            for at in times:
                tell(f"  {at}  {what}")
