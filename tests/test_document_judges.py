"""Other projects' readers find the same letters in a file, and files that another writer made are read whole."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from crawler.documents.reading import read
from replica.article import Attachment
from replica.documents import file_bytes
from tests import document_samples as made
from tests import judges

SAID = ("보도자료는 9월 15일에 배포하였다.", "지원 규모는 1,200억 원이며 <특별> 예산은 3.5% 늘었다.", "끝")
CELLS = (("구분", "예산"), ("총액", "1,200"))
RUN = "<w:r><w:t>{}</w:t></w:r>"


def files() -> dict[str, bytes]:
    escaped = [line.replace("<", "&lt;").replace(">", "&gt;") for line in SAID]
    table = "".join(
        "<w:tr>" + "".join(f"<w:tc><w:p>{RUN.format(cell)}</w:p></w:tc>" for cell in row) + "</w:tr>" for row in CELLS
    )
    return {
        "hwpx": made.hwpx("".join(made.p(made.t(line)) for line in escaped) + made.p(made.tbl(CELLS))),
        "hwp": file_bytes(Attachment("197000001", "보도자료.hwp", SAID)),
        "docx": made.docx("".join(f"<w:p>{RUN.format(line)}</w:p>" for line in escaped) + f"<w:tbl>{table}</w:tbl>"),
        "pdf": made.pdf([["The scale of support is 1,200 million.", "- Second point"], ["Page two."]]),
    }


def letters(text: str) -> Counter[str]:
    return Counter(letter for letter in text if letter.isalnum())


def test_other_readers_find_the_letters_that_ours_find(tmp_path: Path):
    payloads = files()
    for kind, payload in payloads.items():
        (tmp_path / f"a.{kind}").write_bytes(payload)
    judged = judges.texts([(kind, tmp_path / f"a.{kind}") for kind in payloads])
    for (kind, payload), text in zip(payloads.items(), judged, strict=True):
        ours = letters(read(payload).text)
        assert ours, kind
        assert ours == letters(text), kind


@pytest.mark.parametrize("suffix", ["hwpx", "hwp", "pdf", "odt", "docx"])
def test_what_another_writer_wrote_is_read_as_it_was_written(suffix: str):
    document = read(file_bytes(Attachment("197000001", f"보도자료.{suffix}", SAID)))
    assert [block.text for block in document.blocks] == list(SAID)


def test_rows_that_another_writer_wrote_are_read_as_a_table():
    document = read(file_bytes(Attachment("197000001", "자료.xlsx", SAID)))
    assert document.blocks[-1].text == "\n".join(SAID)
