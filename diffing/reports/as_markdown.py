"""The change report as Markdown that reads on GitHub and, unrendered, in a terminal.

Changed text stands in braces with a word, ``{삭제 ~~15조 원~~} {추가 **12조 원**}``: the marks alone would be lost
in a terminal, and beside a Korean particle CommonMark would not take ``**`` for a closing mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from diffing.reports.frame import filters, finding_line, lead, overview, period, rest_command, uncounted, weighing
from diffing.reports.grids import Row, cells
from diffing.reports.items import WordRun
from diffing.reports.links import linkable, written
from diffing.reports.phrases import WEIGHT_WORDS, WEIGHTS_MEAN, WEIGHTS_SHORT, Words
from diffing.reports.report import HEAVIEST_FIRST, Report
from diffing.reports.sentences import say
from diffing.reports.site import site_line
from diffing.reports.summary import campaign_line
from diffing.reports.tallies import for_people
from diffing.reports.view import ChangeView, FieldView, Step, change_view, versions
from diffing.reports.visible import shown, shown_change
from storage.records import Evidence

_MARKS = re.compile(r"[\\`*~\[\]|$]|(?<![^\W_])_|_(?![^\W_])")
"""Marks that mean something inside a line: ``3~5월`` (GitHub strikes through between two such), ``*``, ``[``; an
underscore only at the edge of a word, not in ``보도_수정``."""

_OPENING = re.compile(r"^\s*(?=#{1,6}(?:\s|$)|[-+](?:\s|$)|[-=]+\s*$)|^\s*\d{1,9}(?=[.)](?:\s|$))")
"""What could open a heading, list or rule: ``# 1``, ``- 가``, ``1. 가``, ``---``; the mark gets a backslash."""

_ENTITY = re.compile(r"&(?=#|\w+;)")
"""An ampersand that would be read as a character reference: ``&lt;``, ``&#60;``."""


def render(report: Report) -> str:
    """Write the report as GitHub Flavored Markdown."""
    words = Words(report.lang)
    lines = [*_masthead(report, words)]
    lines += _site_changes(report, words)
    if not report.everything:
        lines += [f"**{say(words, 'empty')}**", "", say(words, "empty-more" if report.looked else "empty-unlooked"), ""]
    else:
        lines += _overview(report, words)
        lines += _campaigns(report, words)
    for weight in HEAVIEST_FIRST:
        views = [change_view(change, words) for change in report.by_weight(weight)]
        if not views:
            continue
        lines += [f"## {words.word(WEIGHT_WORDS, weight)} ({weighing(report)[weight]})", ""]
        lines += [words.word(WEIGHTS_MEAN, weight), ""]
        if weight == "cosmetic":
            lines += ["<details>", f"<summary>{say(words, 'cosmetic-fold').format(n=len(views))}</summary>", ""]
        for view in views:
            lines += _change(view, words)
        if weight == "cosmetic":
            lines += ["</details>", ""]
    lines += _tallies(report, words)
    lines += _findings(report, words)
    return "\n".join([*lines, *_foot(report, words)]).rstrip() + "\n"


def line(value: str) -> str:
    """Escape ``value`` so that it stays text on one line: no mark, no tag, no second line."""
    return _OPENING.sub(r"\g<0>\\", _marks_escaped(shown(value))) if value else ""


def marked(runs: Iterable[WordRun], words: Words) -> str:
    """Mark deleted and added text with words and marks, ``{추가 **내용**}``."""
    said = "".join(_run(tag, run, words) for tag, run in runs)
    return _OPENING.sub(r"\g<0>\\", said)


def _marks_escaped(value: str) -> str:
    escaped = _ENTITY.sub("&amp;", _MARKS.sub(r"\\\g<0>", value))
    escaped = escaped.replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("\t", " ⇥ ").replace("\n", " ⏎ ")


def _run(tag: str, run: str, words: Words) -> str:
    if tag == "keep":
        return _marks_escaped(shown(run))
    word, mark = (say(words, "delete"), "~~") if tag == "delete" else (say(words, "insert"), "**")
    inner = _marks_escaped(shown_change(run))
    core = inner.strip()
    if not core:
        return inner
    lead, _, trail = inner.partition(core)
    return f"{lead}{{{word} {mark}{core}{mark}}}{trail}"


def _masthead(report: Report, words: Words) -> Iterator[str]:
    yield from (f"# {say(words, 'heading')}", "")
    yield f"- {say(words, 'period')}: {period(report, words)}"
    yield f"- {say(words, 'portal')}: {_link(report.host, report.portal)}"
    yield f"- {say(words, 'made')}: {words.moment(report.made_at)}"
    if narrowed := filters(report, words):
        yield f"- {say(words, 'filters')}: {line(narrowed)}"
    yield ""


def _overview(report: Report, words: Words) -> Iterator[str]:
    yield from (f"## {say(words, 'overview')}", "", lead(report, words), "")
    if report.left_out:
        told = say(words, "left-out").format(all=len(report.everything), told=len(report.changes))
        yield from (f"{told} {_code(rest_command(report))}", "")
    if len(report.everything) == 1:
        return
    heads = [words.word(WEIGHTS_SHORT, weight) for weight in HEAVIEST_FIRST]
    yield _row([say(words, "section"), say(words, "source"), *heads, say(words, "total")])
    yield _row(["---", "---", *["---:"] * (len(heads) + 1)])
    for section, rows in overview(report, words):
        for row in rows:
            yield _row([line(section), line(row.source), *(str(n) for n in (*row.counts, row.total))])
    yield ""


def _tallies(report: Report, words: Words) -> Iterator[str]:
    """Give as tables what the page draws; sources stand in the overview already."""
    told = [one for one in for_people(report, words) if one.total and one.subject != "sources"]
    if told:
        yield from (f"## {say(words, 'numbers')}", "", say(words, "pictures-rest"), "")
    for tally in told:
        yield from (f"### {say(words, tally.subject)}", "")
        yield _row([say(words, f"{tally.subject}-axis"), say(words, "changes")])
        yield _row(["---", "---:"])
        yield from (_row([line(name), f"{n:,}"]) for name, n in tally.rows if n)
        yield ""
        if without := uncounted(tally, words):
            yield from (without, "")


def _findings(report: Report, words: Words) -> Iterator[str]:
    if report.findings:
        yield from (f"## {say(words, 'findings')}", "", say(words, "findings-mean"), "")
        for one in report.findings:
            yield f"- {_link(one.title, one.url)} {_code(one.article)}: {line(finding_line(one, words))}"
        yield ""


def _site_changes(report: Report, words: Words) -> Iterator[str]:
    if report.site_changes:
        yield from (f"## {say(words, 'site-changes')}", "")
        yield from (f"- {line(site_line(one, words))}" for one in report.site_changes)
        yield ""


def _campaigns(report: Report, words: Words) -> Iterator[str]:
    if report.campaigns:
        yield from (f"## {say(words, 'campaigns')}", "")
        for one in report.campaigns:
            yield f"- {line(campaign_line(one, words))}"
            for member in one.members:
                yield f"  - {words.moment(member.new_first_seen)} {_link(member.title, member.url)}"
        yield ""


def _change(view: ChangeView, words: Words) -> Iterator[str]:
    change = view.change
    yield from (f"### {_link(change.title, change.url)}", "")
    why = f" ({line('; '.join(view.reasons))})" if view.reasons else ""
    yield f"**{view.kind}** · {line(view.section)} · {line(view.source)} · {view.weight} · **{view.disclosure}**{why}  "
    yield from (line(view.summary), "")
    stated = view.interval.format(
        old=words.moment(change.old_last_seen), new=words.moment(change.new_first_seen), span=view.span
    )
    yield f"- {stated} {view.checks}"
    if view.labels:
        labels = ", ".join(f"{label} `{code}`" if label != code else f"`{code}`" for code, label in view.labels)
        yield f"- {say(words, 'labels')}: {labels}"
    yield ""
    yield from _facts(view, words)
    if view.without:
        yield from (view.without, "")
    for field in view.fields:
        yield from _field(field, words)
    yield from _evidence(view, words)


def _facts(view: ChangeView, words: Words) -> Iterator[str]:
    if not view.facts:
        return
    yield _row([say(words, key) for key in ("fact", "old", "new", "difference")])
    yield _row(["---"] * 4)
    for fact in view.facts:
        yield _row([line(fact.kind), line(fact.old), line(fact.new), fact.difference])
    yield ""


def _field(field: FieldView, words: Words) -> Iterator[str]:
    yield from (f"#### {line(field.name)}", "")
    said = ("\n".join(f"> {each}".rstrip() for each in _step(step, words)) for step in field.steps)
    yield from ("\n>\n".join(said), "")


def _step(step: Step, words: Words) -> list[str]:
    if step.kind == "same":
        return [f"*{step.note}*"]
    if step.kind == "context":
        return [marked(step.runs, words)]
    note = f"{say(words, step.kind)}, {step.note}" if step.note else say(words, step.kind)
    if grid := cells(step.runs):
        return [f"({note})", "", *table(grid, words)]
    return [f"({note}) {marked(step.runs, words)}"]


def table(grid: Sequence[Row], words: Words) -> list[str]:
    """Write a table's difference as a table; what stands beyond the width of its first row would be lost."""
    width = max(map(len, grid))
    head, *rows = (
        _row([*("".join(_run(tag, run, words) for tag, run in cell) for cell in row), *[""] * (width - len(row))])
        for row in grid
    )
    return [head, _row(["---"] * width), *rows]


def _evidence(view: ChangeView, words: Words) -> Iterator[str]:
    yield from ("<details>", f"<summary>{say(words, 'evidence')}</summary>", "")
    yield f"- {say(words, 'versions')} {versions(view.change, words)}"
    for heading, one in view.evidence:
        yield f"- {heading}: {_record(one, words)}"
    yield from ("", "```sh", *(shown(command).replace("```", "'''") for command in view.commands), "```", "")
    yield from ("</details>", "")


def _record(one: Evidence, words: Words) -> str:
    digest = _code(one.payload_digest) if one.payload_digest else say(words, "none")
    return (
        f"{words.moment(one.captured_at)}, {_code(one.warc)}, {say(words, 'offset')} {one.offset}, "
        f"{say(words, 'length')} {one.length}, {_code(one.record_id)}, {digest}"
    )


def _code(value: str) -> str:
    return f"`{shown(value).replace('`', chr(0x2019)).replace(chr(10), ' ')}`"


def _foot(report: Report, words: Words) -> Iterator[str]:
    yield from ("---", "", f"## {say(words, 'limits')}", "")
    yield from (f"- {say(words, key)}" for key in ("limit-between", "limit-when", "limit-why"))
    yield ""
    if report.footnotes:
        yield from (f"## {say(words, 'notes')}", "", *(f"- {line(note)}" for note in report.footnotes), "")
    yield from (f"## {say(words, 'archive')}", "")
    for key in ("captures", "articles", "versions", "changes", "attachments"):
        yield f"- {say(words, f'count-{key}')}: {report.counts.get(key, 0):,}"
    yield f"- {say(words, 'digest')}: {_code(report.content_digest)}"
    yield f"- {say(words, 'software')}: {line(report.software)}"


def _link(title: str, address: str) -> str:
    """Link ``title`` to ``address``, if that is one of the web's own."""
    if not linkable(address):
        return line(title)
    return f"[{line(title)}](<{written(address)}>)"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
