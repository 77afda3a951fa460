"""What a page says of a report as a whole: its period, its counts, what it was narrowed to and what it leaves out."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from diffing.reports.phrases import KINDS, LABELS, SECTIONS, WEIGHT_WORDS, Words
from diffing.reports.report import HEAVIEST_FIRST, Finding, Report
from diffing.reports.sentences import say
from diffing.reports.tallies import Tally
from diffing.reports.visible import shortened

_FILTERS = {"section": "section", "ministry": "source", "label": "labels", "weight": "weight"}
"""The sentence that names each filter."""


@dataclass(frozen=True, slots=True)
class CountRow:
    """Changes of one source within a section, per weight in the order of the report."""

    source: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """The sum over all weights."""
        return sum(self.counts)


def overview(report: Report, words: Words) -> list[tuple[str, list[CountRow]]]:
    """Count changes by section, source and weight; sections and sources with the most changes come first."""
    none = say(words, "no-source")
    counts = Counter((one.section, one.source or none, one.weight) for one in report.everything)
    per_section = Counter(one.section for one in report.everything)
    rows = []
    for section, _ in sorted(per_section.items(), key=lambda item: (-item[1], item[0])):
        sources = sorted({key[1] for key in counts if key[0] == section})
        of_section = [
            CountRow(one, tuple(counts[section, one, weight] for weight in HEAVIEST_FIRST)) for one in sources
        ]
        rows.append((words.word(SECTIONS, section), sorted(of_section, key=lambda row: -row.total)))
    return rows


def lead(report: Report, words: Words) -> str:
    """Say how many changes were seen, and in how many articles."""
    counts = {"changes": len(report.everything), "articles": len({one.article for one in report.everything})}
    endings = {f"{name}_s": "" if n == 1 else "s" for name, n in counts.items()}
    return say(words, "lead").format(**{name: f"{n:,}" for name, n in counts.items()}, **endings)


def kinds(report: Report, words: Words) -> list[tuple[str, int]]:
    """Count changes by kind, kinds that did not happen left out."""
    counts = Counter(one.kind for one in report.everything)
    return [(words.pick(pair), counts[kind]) for kind, pair in KINDS.items() if counts[kind]]  # type: ignore[index]


def period(report: Report, words: Words) -> str:
    """Say what time a report covers, ``2026년 9월 15일 – 2026년 9월 22일``: what ends at midnight ends with the day.

    One that is yet to come begins, and has no end.
    """
    since = words.day(report.since) if report.since else say(words, "from-start")
    end = report.until or report.made_at
    last = words.day(end, end=True)
    return since if since == last or (report.since and report.since >= end) else f"{since} – {last}"


def weighing(report: Report) -> Mapping[str, int]:
    """Count the changes of the whole period by weight."""
    return Counter(one.weight for one in report.everything)


def filters(report: Report, words: Words) -> str:
    """Say what a report was narrowed to, ``출처: 산림청; 비중: 내용``; empty when to nothing."""
    tables = {"section": SECTIONS, "label": LABELS, "weight": WEIGHT_WORDS}
    parts = []
    for name, wanted in report.filters.items():
        named = ", ".join(words.word(tables.get(name, {}), one) for one in wanted)
        parts.append(f"{say(words, _FILTERS[name])}: {named}")
    return "; ".join(parts)


def rest_command(report: Report) -> str:
    """Give the command that lists every change of the period, those that the report leaves out too."""
    parts = ["gochim", "changes"]
    for name, moment in (("since", report.since), ("until", report.until)):
        parts += [f"--{name}", moment.isoformat()] if moment else []
    for name, wanted in report.filters.items():
        if name == "weight":
            parts += ["--min-weight", wanted[-1]]
        else:
            parts += [word for one in wanted for word in (f"--{name}", one)]
    return shlex.join([*parts, "--format", "jsonl"])


def finding_line(finding: Finding, words: Words) -> str:
    """Say in one line where a text and its files disagree."""
    detail, files = finding.detail, ", ".join(shortened(name, 80) for name in finding.file_names)
    shape = say(words, f"finding-{finding.kind}")
    if finding.kind == "figure":
        body, file = ("/".join(detail[side]) or say(words, "none") for side in ("only_in_body", "only_in_file"))
        return shape.format(body=body, file=file, files=files, passage=shortened(detail["body"], 120))
    return shape.format(share=f"{detail['share']:.0%}", files=files, passage=shortened(detail["first"], 120))


def drawn(tally: Tally, words: Words) -> str:
    """Describe a tally for those who cannot see its picture."""
    name, most = max(tally.rows, key=lambda row: row[1])
    return say(words, "drawn").format(total=f"{tally.total:,}", name=name, n=f"{most:,}")


def uncounted(tally: Tally, words: Words) -> str:
    """Say how many changes a tally could not count; empty when it counted all."""
    return say(words, f"{tally.subject}-without").format(n=f"{tally.without:,}") if tally.without else ""
