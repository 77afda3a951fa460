"""The standard script: what happens to the replica's articles from moment to moment.

Articles are picked by what they are like (their section, a photo, a table, an amount of money), never by id, and
edited by rule. A happening that no article suits is left out, so the script works on any set of articles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from replica import rules
from replica.actions import (
    AddBlock,
    EditAuthor,
    EditCaption,
    EditCell,
    EditLicence,
    EditPublished,
    EditSource,
    EditSubtitles,
    EditTitle,
    MoveParagraph,
    RemoveBlock,
    ReplaceAttachment,
    Revert,
)
from replica.article import Article, Block
from replica.events import Appear, BlockByFirewall, Hide, Move, Remove, Restore, ServerError, Unblock
from replica.script import Expected, Moment, Scribe, body_edit, corrected, field_edit, swapped
from replica.sections import SectionName
from replica.troubles import SwapImage

_JOINT = "관계부처합동"
_LATE = Block("paragraph", text="다만, 구체적인 시행 시기는 관계부처 협의를 거쳐 확정할 계획이다.")


def standard_script(articles: Iterable[Article]) -> list[Moment]:
    """Write the script for ``articles``: moment 0 as filed (later articles hidden) and five moments after it.

    The same articles give the same script.
    """
    return _Standard(articles).write()


class _Standard:
    """Write the standard script, keeping in mind what a later moment undoes."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._scribe = Scribe(articles)
        self._later: list[str] = []
        self._undo: list[Article] = []
        self._removed: list[str] = []
        self._blocked: str | None = None
        self._failing: str | None = None

    def write(self) -> list[Moment]:
        """Write all moments."""
        self._as_filed()
        self._first_edits()
        self._second_edits()
        self._third_edits()
        self._fourth_edits()
        self._fifth_edits()
        return self._scribe.moments

    def _as_filed(self) -> None:
        scribe = self._scribe
        sections: tuple[SectionName, ...] = ("policy-news", "press-release", "fact-check")
        if len(scribe.state.articles) >= 8:
            for section in sections:
                of_section = [one for one in scribe.state.visible() if one.section == section]
                if len(of_section) >= 3:
                    self._later.append(of_section[0].id)
                    scribe.act(Hide(of_section[0].id))
        scribe.end_moment("as filed")

    def _first_edits(self) -> None:
        scribe = self._scribe
        self._remove("404", "policy-news", "fact-check")
        before = dict(scribe.state.articles)
        money = scribe.edit_text(rules.change_money, "policy-news", "briefing", what="money", weight="substance")
        if money is not None:
            self._undo.append(before[money])
            scribe.reserve(money)
        self._retitle()
        scribe.edit_text(rules.change_particle, what="particle", weight="wording")
        self._replace_attachment(silent=False)
        self._appear()
        scribe.end_moment("a figure and a title edited, a file replaced, an article gone")

    def _second_edits(self) -> None:
        scribe = self._scribe
        self._remove("alert", "fact-check", "press-release")
        self._edit_subtitles()
        scribe.edit_text(rules.firm_up, "press-release", "fact-check", what="hedge", weight="substance")
        self._move_paragraph()
        scribe.edit_text(rules.change_spacing, what="spacing", weight="cosmetic")
        self._blocked = self._fault("firewall")
        self._failing = self._fault("status")
        self._appear()
        scribe.end_moment("a promise made firmer, a paragraph moved, an article gone, two that cannot be read")

    def _third_edits(self) -> None:
        scribe = self._scribe
        if self._blocked is not None:
            scribe.act(Unblock(self._blocked))
        if self._failing is not None:
            scribe.act(Unblock(self._failing))
            end = len(scribe.state.article(self._failing).body)
            scribe.act(AddBlock(self._failing, end, _LATE), body_edit(self._failing, "paragraph-added", "substance"))
        self._edit_caption()
        self._edit_cell()
        self._replace_attachment(silent=True)
        self._move_section()
        self._edit_published()
        scribe.edit_text(rules.remove_sentence, what="wording", weight="substance")
        self._remove("404", "press-release", "policy-news")
        scribe.end_moment("a caption, a cell and a date edited, a file swapped in silence, an article moved")

    def _fourth_edits(self) -> None:
        scribe = self._scribe
        for earlier in self._undo:
            scribe.release(earlier.id)
            back = body_edit(earlier.id, "revert", "substance")
            scribe.act(Revert(earlier.id, earlier), replace(back, what=back.what | {"money"}))
        self._restore(0)
        self._edit_source()
        self._edit_author()
        self._edit_licence()
        self._remove_paragraph()
        scribe.edit_text(rules.change_punctuation, what="punctuation", weight="cosmetic")
        self._appear()
        scribe.end_moment("the figure is back, the byline and the licence edited, an article back")

    def _fifth_edits(self) -> None:
        scribe = self._scribe
        self._restore(1)
        self._replace_attachment("state-council", silent=True)
        self._replace_attachment("notice", "recruit", silent=False)
        self._swap_picture()
        scribe.edit_text(rules.change_money, "press-release", "fact-check", what="money", weight="substance")
        scribe.edit_text(rules.change_percent, "briefing", "policy-news", what="percent", weight="substance")
        scribe.edit_text(rules.change_form, what="unicode-form", weight="cosmetic")
        scribe.edit_text(rules.add_sentence, what="wording", weight="substance")
        scribe.end_moment("more figures and forms edited, a picture swapped in silence, another article back")

    def _remove(self, how: str, *sections: str) -> None:
        for article in self._scribe.candidates(*sections)[:1]:
            gone = Remove(article.id, "alert" if how == "alert" else "404")
            self._scribe.act(gone, Expected(article.id, "removed"))
            self._removed.append(article.id)

    def _restore(self, number: int) -> None:
        for article_id in self._removed[number : number + 1]:
            self._scribe.act(Restore(article_id), Expected(article_id, "restored"))

    def _appear(self) -> None:
        if self._later:
            self._scribe.act(Appear(self._later.pop(0)))

    def _fault(self, kind: str) -> str | None:
        for article in self._scribe.candidates("policy-news", "fact-check", "press-release")[:1]:
            if kind == "firewall":
                self._scribe.act(BlockByFirewall(article.id))
            else:
                self._scribe.act(ServerError(article.id, 503, 1))
            return article.id
        return None

    def _retitle(self) -> None:
        free = self._scribe.candidates("policy-news", "fact-check", "press-release")
        for article in free:
            title = rules.reword(article.title)
            if title is not None:
                expected = field_edit(article.id, "title", "title", "wording", "wording")
                self._scribe.act(EditTitle(article.id, title), expected)
                return
        for article in free[:1]:
            self._scribe.act(
                EditTitle(article.id, f"{article.title} 관련 안내"), field_edit(article.id, "title", "title")
            )

    def _edit_subtitles(self) -> None:
        for article in self._scribe.candidates():
            for number, line in enumerate(article.subtitles):
                edited = rules.change_figure(line)
                if edited is not None:
                    lines = (*article.subtitles[:number], edited, *article.subtitles[number + 1 :])
                    expected = field_edit(article.id, "subtitles", "subtitle", "substance")
                    self._scribe.act(EditSubtitles(article.id, lines), expected)
                    return

    def _move_paragraph(self) -> None:
        free = self._scribe.candidates("briefing") or self._scribe.candidates("policy-news")
        # The paragraphs crossed are shorter than the one that goes, so that it is the one seen to move.
        for article in sorted(free, key=lambda one: -len(one.body)):
            for index in range(1, len(article.body) - 2):
                run = article.body[index : index + 3]
                lengths = [len(one.text) for one in run]
                if all(one.kind == "paragraph" for one in run) and lengths[0] >= 40 and len({*run}) == 3:
                    expected = body_edit(article.id, "paragraph-moved", "wording")
                    self._scribe.act(MoveParagraph(article.id, index, index + 2), expected)
                    return

    def _edit_caption(self) -> None:
        for article in self._scribe.candidates():
            for index, block in enumerate(article.body):
                if block.kind == "photo" and block.caption and not article.uses_viewer:
                    expected = replace(field_edit(article.id, "body", "caption"), fields=frozenset({"body", "images"}))
                    self._scribe.act(EditCaption(article.id, index, f"{block.caption} (자료사진)"), expected)
                    return

    def _edit_cell(self) -> None:
        for article in self._scribe.candidates():
            if (edit := next(_cell_edits(article), None)) is not None:
                self._scribe.act(edit, field_edit(article.id, "body", "body", "substance"))
                return

    def _replace_attachment(self, *elsewhere: str, silent: bool) -> None:
        sections = elsewhere or ("press-release", "fact-check", "policy-news", "briefing")
        for article in self._scribe.candidates(*sections):
            real = [one for one in article.attachments if one.kind in ("hwpx", "pdf", "hwp", "odt", "docx", "xlsx")]
            for old in real[:1]:
                new = swapped(old) if silent else corrected(old, article, len(self._scribe.moments))
                fields, where = frozenset({"attachments"}), frozenset({"attachment"})
                expected = Expected(article.id, "attachment-replaced", fields, where)
                self._scribe.act(ReplaceAttachment(article.id, old.file_id, new), expected)
                return

    def _swap_picture(self) -> None:
        """Put another picture behind an address that stays, and that no other article shows: only its bytes tell."""
        shown = Counter(block.src for one in self._scribe.state.articles.values() for block in one.body if block.src)
        for article in self._scribe.candidates("photo", "card-news", "policy-news", "press-release"):
            for index, block in enumerate(article.body):
                if block.kind == "photo" and shown[block.src] == 1 and not article.uses_viewer:
                    self._scribe.act(SwapImage(article.id, index), field_edit(article.id, "images", "image"))
                    return

    def _move_section(self) -> None:
        # Only between sections that print the body alike: else the move would change what can be read of it.
        for article in self._scribe.candidates("fact-check", "policy-news"):
            target: SectionName = "policy-news" if article.section == "fact-check" else "fact-check"
            if replace(article, section=target).uses_viewer == article.uses_viewer:
                expected = Expected(article.id, "moved", frozenset({"url", "section"}), frozenset({"link"}))
                self._scribe.act(Move(article.id, target), expected)
                return

    def _edit_published(self) -> None:
        for article in self._scribe.candidates("policy-news", "press-release")[:1]:
            day = datetime.fromisoformat(article.published) + timedelta(days=1)
            published = day.isoformat() if "T" in article.published else day.date().isoformat()
            expected = field_edit(article.id, "published", "date", "substance", "date-value")
            self._scribe.act(EditPublished(article.id, published), expected)

    def _edit_source(self) -> None:
        for article in self._scribe.candidates("press-release", "fact-check", "briefing"):
            if article.source != _JOINT and article.source_code:
                self._scribe.act(
                    EditSource(article.id, _JOINT), field_edit(article.id, "source", "source", "substance")
                )
                return

    def _edit_author(self) -> None:
        for article in self._scribe.candidates():
            if article.author:
                author = "김하늘" if article.author != "김하늘" else "이바다"
                self._scribe.act(
                    EditAuthor(article.id, author), field_edit(article.id, "author", "byline", "substance")
                )
                return

    def _edit_licence(self) -> None:
        for article in self._scribe.candidates("policy-news", "press-release", "fact-check"):
            if article.licence == 1:
                self._scribe.act(EditLicence(article.id, 4), field_edit(article.id, "licence", "licence"))
                return

    def _remove_paragraph(self) -> None:
        for article in self._scribe.candidates():
            for index in range(1, len(article.body) - 1):
                if article.body[index].kind == "paragraph" and len(article.body[index].text) >= 40:
                    expected = body_edit(article.id, "paragraph-removed", "substance")
                    self._scribe.act(RemoveBlock(article.id, index), expected)
                    return


def _cell_edits(article: Article) -> Iterator[EditCell]:
    """Give each edit of one figure in a table; the first column and row hold names, and years are no values."""
    for index, block in enumerate(article.body):
        for row, cells in enumerate(block.rows[1:], start=1):
            for column, cell in enumerate(cells[1:], start=1):
                if not rules.names_year(cell) and (edited := rules.change_figure(cell)) is not None:
                    yield EditCell(article.id, index, row, column, edited)
