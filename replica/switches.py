"""How the portal answers where nobody knows or where it may differ: one switch per open point, set at any time."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin, get_type_hints

from replica.article import ReplicaError
from replica.sections import SECTIONS, Rows

Outage = Literal["none", "503", "refused", "substitute"]
BadFile = Literal["none", "error-page", "empty", "other-format", "truncated", "bomb", "encrypted"]


@dataclass(slots=True)
class Switches:
    """The replica's answers to what nobody knows of the portal.

    Attributes:
        subtitles_in: Where the subtitles of the 2026 template stand.
        captions: How captions are marked up: in turn, or all in one form (``inline`` stands in the paragraph).
        template: The template of every article page, whatever it was published in; ``next`` is one nobody has seen.
        template_sections: The sections that ``template`` holds for, all of them when empty.
        shared_canonical: Which address an article that stands in two sections names as canonical.
        viewer: Whether the document viewer offers numbered text pages or one XHTML file; ``broken``: the page has its
            frame and the documents are not there; ``none``: the page has no frame either, and nothing in its place.
        rows: How lists write their rows; ``own`` as FACTS reports for each.
        detail_call: What ``goDetailView`` is called with.
        page_size: Rows on a page of a list, 0 for the list's own number.
        paging: Which method lists honour ``pageIndex`` in.
        filters: Whether lists honour dates, ministries and search words.
        unconfirmed_lists: Whether the lists nobody has seen are there.
        unknown: How an unknown or not yet published article answers.
        elsewhere: How an article's number answers under the path of another section.
        old_views: How old paths of articles answer.
        missing_sections: Sections whose lists and articles are not there.
        vanished: Of every hundred articles, how many answer as unknown though lists show them.
        outage: What the whole portal answers instead.
        blocked: Whether the firewall's page (200) stands before every page.
        delay: Seconds before every answer.
        charset: How pages are encoded and what they say of it.
        compression: Whether pages are compressed where the client accepts it.
        framing: Whether bodies come in chunks or with a length; ``own`` chunks lists only.
        validators: Whether answers carry an ETag and answer 304 to it; ``lying`` ones keep it when the bytes change.
        validated: What carries validators.
        last_modified: Whether the same answers carry a Last-Modified and answer 304 to it.
        robots: What robots.txt says.
        sitemap: Whether sitemaps are cut by section, one file, or missing.
        downloads: Whom files are given to; others wait for an answer that never ends.
        download_type: The Content-Type of files.
        download_name: How Content-Disposition writes the file's name.
        files: What every file is given as.
        api: Whether the open API answers, and with which of its gateway's refusals.
        api_key: The service key that the open API knows.
        api_limit: Calls of the open API a day.
    """

    subtitles_in: Literal["article_head", "view_title"] = "article_head"
    captions: Literal["mixed", "figure", "photo_caption", "img_desc", "inline"] = "mixed"
    template: Literal["own", "2026", "classic", "mobile", "next"] = "own"
    template_sections: tuple[str, ...] = ()
    shared_canonical: Literal["first", "own"] = "first"
    viewer: Literal["files", "view.xhtml", "broken", "none"] = "files"
    rows: Literal["own"] | Rows = "own"
    detail_call: Literal["address", "id"] = "address"
    page_size: int = 0
    paging: Literal["post", "get", "both"] = "post"
    filters: Literal["honoured", "ignored"] = "honoured"
    unconfirmed_lists: Literal["there", "missing"] = "there"
    unknown: Literal["404", "alert", "redirect"] = "404"
    elsewhere: Literal["unknown", "redirect", "served"] = "unknown"
    old_views: Literal["served", "redirect", "unknown"] = "served"
    missing_sections: tuple[str, ...] = ()
    vanished: int = 0
    outage: Outage = "none"
    blocked: bool = False
    delay: float = 0.0
    charset: Literal["utf-8", "euc-kr", "euc-kr-unsaid", "euc-kr-said-utf-8", "utf-8-said-euc-kr"] = "utf-8"
    compression: Literal["gzip", "none"] = "gzip"
    framing: Literal["own", "chunked", "length"] = "own"
    validators: Literal["none", "honest", "lying"] = "none"
    validated: Literal["files", "everything"] = "files"
    last_modified: Literal["none", "honest", "lying"] = "none"
    robots: Literal["observed", "delay", "forbidding", "missing", "error"] = "observed"
    sitemap: Literal["sections", "single", "missing"] = "sections"
    downloads: Literal["everyone", "browsers", "with-referer", "with-cookie"] = "everyone"
    download_type: Literal["application/x-download", "application/octet-stream", "own"] = "application/x-download"
    download_name: Literal["quoted", "star", "euc-kr", "none"] = "quoted"
    files: BadFile = "none"
    api: Literal["open", "no-service", "denied", "expired", "unregistered-address", "down"] = "open"
    api_key: str = "replica-service-key"
    api_limit: int = 1000

    def turn(self, name: str, value: object) -> None:
        """Set one switch.

        Raises:
            ReplicaError: There is no such switch, or it does not take the value.
        """
        kinds = get_type_hints(Switches)
        if name not in kinds:
            raise ReplicaError(f"there is no switch {name}; the switches are {', '.join(kinds)}")
        setattr(self, name, _fitting(name, kinds[name], value))

    def turn_as_said(self, said: str) -> None:
        """Set one switch from ``name=value``, as a person writes it; sections are parted by commas.

        Raises:
            ReplicaError: There is no such switch, or it does not take the value.
        """
        name, equals, text = said.partition("=")
        if not equals:
            raise ReplicaError(f"a switch is set as name=value, not {said}")
        self.turn(name.strip().replace("-", "_"), _read(getattr(self, name.strip().replace("-", "_"), ""), text))


def _read(present: object, text: str) -> object:
    """Read a switch's value from text, as what the switch holds at present is of."""
    text = text.strip()
    if isinstance(present, bool):
        return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(text.lower(), text)
    if isinstance(present, tuple):
        return tuple(one.strip() for one in text.split(",") if one.strip())
    if isinstance(present, int | float):
        try:
            return type(present)(text)
        except ValueError:
            return text
    return text


def _fitting(name: str, kind: Any, value: object) -> object:
    """Give ``value`` if the switch ``name`` takes it."""
    choices = _choices(kind)
    if choices:
        if value not in choices:
            raise ReplicaError(f"switch {name} takes {', '.join(choices)}; not {value}")
    elif get_origin(kind) is tuple:
        if not isinstance(value, tuple) or not set(value) <= set(SECTIONS):
            raise ReplicaError(f"switch {name} takes sections, of {', '.join(SECTIONS)}; not {value}")
    elif not isinstance(value, kind) and not (kind is float and isinstance(value, int)):
        raise ReplicaError(f"switch {name} takes a value of the kind {kind.__name__}; not {value}")
    return value


def _choices(kind: Any) -> tuple[str, ...]:
    """Give the texts that a switch of ``kind`` chooses from, none where it is free."""
    if get_origin(kind) is Literal:
        return tuple(str(one) for one in get_args(kind))
    if get_origin(kind) is tuple:
        return ()
    return tuple(choice for one in get_args(kind) for choice in _choices(one))


def switch_table() -> list[tuple[str, str]]:
    """Give every switch with what it takes and its default, for help texts."""
    kinds = get_type_hints(Switches)
    table = []
    for one in dataclasses.fields(Switches):
        takes = "|".join(_choices(kinds[one.name])) or ("sections" if one.default == () else kinds[one.name].__name__)
        table.append((one.name, f"{takes} ({one.default if one.default != () else 'none'})"))
    return table
