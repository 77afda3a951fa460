"""What is printed for programs, style by style, and the numbers in what is printed for people."""

from __future__ import annotations

import json

import click
import pytest

from cli import printing

COLUMNS = ("title", "labels", "ops", "seen", "source", "weight", "url")
ROWS = [
    {"title": "=1+1", "labels": ["a", "b"], "ops": [1, {"x": None}], "seen": True, "source": None, "weight": -0.5},
    {"title": "고친 제목", "labels": ("-c",), "ops": {}, "seen": False, "source": "", "weight": 3, "more": "not asked"},
]


def test_records_are_one_list_or_a_line_or_a_row_each_and_nothing_for_people(capsys):
    for found in (ROWS, ROWS[:1], []):
        assert printing.records("json", COLUMNS, found)
        told = capsys.readouterr().out
        assert json.loads(told) == json.loads(json.dumps(found))
        assert told.endswith("]\n")
        assert printing.records("jsonl", COLUMNS, found)
        assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == json.loads(json.dumps(found))
        assert not printing.records("text", COLUMNS, found)
        assert capsys.readouterr().out == ""


def test_a_table_has_a_cell_for_every_column_and_none_that_runs(capsys):
    assert printing.records("csv", COLUMNS, ROWS)
    assert capsys.readouterr().out.split("\r\n") == [
        "title,labels,ops,seen,source,weight,url",
        '\'=1+1,a b,"[1, {""x"": null}]",true,,-0.5,',
        "고친 제목,'-c,{},false,,3,",
        "",
    ]


def test_what_records_are_part_of_is_printed_in_their_place_as_json_alone(capsys):
    assert printing.records("json", COLUMNS, ROWS, {"matches": 2})
    assert json.loads(capsys.readouterr().out) == {"matches": 2}
    assert printing.records("jsonl", COLUMNS, ROWS, {"matches": 2})
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert not printing.document("text", {"matches": 2})
    assert capsys.readouterr().out == ""
    assert printing.document("jsonl", {"matches": 2})
    assert capsys.readouterr().out == '{"matches": 2}\n'


@pytest.mark.parametrize(("number", "said"), [(0, "0 looks"), (1, "1 look"), (2, "2 looks"), (1204, "1,204 looks")])
def test_a_count_is_said_with_its_noun(number, said):
    assert printing.counted(number, "look") == said
    assert printing.counts({"articles": 1, "looks": number}) == f"1 article, {said}"


def test_colours_of_ours_are_kept_in_a_line_and_others_are_shown(capsys):
    line = printing.styled("\x1b[31m", printing.styled("!", fg="red"))
    printing.tell("x\x1b[2J", line)
    assert capsys.readouterr().out == "x\\u001b[2J\\u001b[31m!\n"
    assert click.unstyle(line) == "\\u001b[31m!"
    assert click.style("!", fg="red") in line
