"""What one look at an article did not read, taken from another that did: what could not be had today is not changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from storage.records.articles import Article, Attachment

BODY = "body"
"""What stands for the text among the parts that a look did not read: no id of a file, and no address."""


def to_the_time(published: str | None, known: str | None) -> str | None:
    """Give the time of day that is known of a day, when that is all that is printed: less said is nothing changed.

    >>> to_the_time("2026-09-15", "2026-09-15T18:16:48+09:00")
    '2026-09-15T18:16:48+09:00'
    """
    is_its_day = bool(published and known) and len(published or "") == len("2026-09-15")
    return known if is_its_day and (known or "").startswith(f"{published}T") else published


def _stays(file_id: str | None, old: Sequence[Attachment], new: Sequence[Attachment]) -> bool:
    """Say whether a file is still there and has the same bytes, as far as they were read."""
    before = {one.file_id: one.sha256 for one in old}
    return any(one.file_id == file_id and one.sha256 in {None, before.get(one.file_id)} for one in new)


def completed(article: Article, known: Article | None) -> Article:
    """Carry over what this look did not read from the last version that did: document, files, pictures, time of day."""
    if known is None:
        return article
    article = with_body(article, known)
    if _stays(known.body_file, known.attachments, article.attachments) and article.body_from == "attachment":
        # Another file may be the first or the best by now; its words beside those of this one would look like an edit.
        article = replace(article, body=known.body, body_file=known.body_file)
    if (published := to_the_time(article.published, known.published)) != article.published:
        article = replace(article, published=published)
    article = _with_documents_pictures(article, known)
    read = {one.file_id: one for one in known.attachments if one.sha256}
    seen = {one.src: one.sha256 for one in known.images if one.sha256}
    if not read and not seen:
        return article
    attachments = tuple(
        replace(
            one,
            sha256=read[one.file_id].sha256,
            media_type=read[one.file_id].media_type,
            text_sha256=read[one.file_id].text_sha256,
        )
        if one.sha256 is None and one.file_id in read
        else one
        for one in article.attachments
    )
    images = tuple(
        replace(one, sha256=seen[one.src]) if one.sha256 is None and one.src in seen else one for one in article.images
    )
    return replace(article, attachments=attachments, images=images)


def with_body(article: Article, beside: Article) -> Article:
    """Give an article of which the document was not read with that of another state, whose own words stay its own.

    Where the other has no document, its body is the text that may by now stand in one.
    """
    if article.body_from != "unread" or beside.body_from == "unread":
        return article
    if beside.body_from != "viewer":
        return replace(
            article, body=beside.body, images=beside.images, body_from=beside.body_from, body_file=beside.body_file
        )
    blocks, images = beside.document_blocks, beside.document_images
    return replace(
        article,
        body=(*beside.body[:blocks], *article.body),
        images=(*beside.images[:images], *article.images),
        body_from="viewer",
        document_blocks=blocks,
        document_images=images,
    )


def without_document(article: Article) -> Article:
    """Give an article with no words and pictures but the page's own; with none where these may be the document's."""
    if article.body_from in {"viewer", "unread"}:
        body, images = article.body[article.document_blocks :], article.images[article.document_images :]
        return replace(article, body=body, images=images)
    return replace(article, body=(), images=())


def _with_documents_pictures(article: Article, known: Article) -> Article:
    """Give an article with the pictures of its document under the addresses at which they were first seen.

    A viewer that converts a document once more puts its pictures into a folder of another name. Nobody reads them: a
    picture named alike is the same one as far as anyone knows.
    """
    if not (article.viewer and article.images) or article.images == known.images:
        return article
    stand, stood = ({one.src for one in state.images} for state in (article, known))
    waiting = [one.src for one in known.images if one.sha256 is None and one.src not in stand]
    images = list(article.images)
    for at, one in enumerate(images):
        namesakes = (src for src in waiting if src.rpartition("/")[2] == one.src.rpartition("/")[2])
        if one.sha256 is None and one.src not in stood and (before := next(namesakes, None)) is not None:
            waiting.remove(before)
            images[at] = replace(one, src=before)
    return replace(article, images=tuple(images))


def carried(read: Article, article: Article) -> set[str]:
    """Name what :func:`completed` took from another look: :data:`BODY`, ids of files, addresses of pictures.

    Args:
        read: What a look read.
        article: The same, completed.
    """
    if article is read:
        return set()
    files = zip(read.attachments, article.attachments, strict=True)
    own = article.images[len(article.images) - len(read.images) :] if read.images else ()
    pictures = zip(read.images, own, strict=False)
    found = {one.file_id for one, whole in files if one.sha256 != whole.sha256}
    found |= {one.src for one, whole in pictures if one.src == whole.src and one.sha256 != whole.sha256}
    return found | {BODY} if read.body_from != article.body_from else found
