"""The settings: every key has a default, a check, and an error that names file, line and key."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.alert_targets import Target
from crawler.sections import SECTIONS
from crawler.setting_checks import REPORT_FORMATS, is_loopback
from crawler.setting_keys import KEYS
from crawler.watch import Watch, check_sections, day, is_rep_code, load, period, written
from storage.errors import SettingsError


def settings(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "gochim.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(tmp_path: Path, text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load(settings(tmp_path, text))
    message = str(caught.value)
    assert str(tmp_path / "gochim.toml") in message
    assert "Traceback" not in message
    return message


DEFAULTS = Watch(
    url="https://www.korea.kr",
    contact="",
    sections=tuple(SECTIONS),
    ministries=(),
    keywords=(),
    since=None,
    delay=1.0,
    concurrency=1,
    max_requests=3000,
    daily_requests=0,
    max_minutes=0,
    max_bytes=0,
    attachments=True,
    images=True,
    max_images=30,
    full_fetch_hours=24,
    sitemap=False,
    api_key="",
    api_url="https://apis.data.go.kr/1371000",
    api_services=("policyNewsService2/policyNewsList2",),
    api_daily_calls=1000,
    removal_checks=3,
    removal_days=2,
    log_file="",
    log_rotate="size",
    log_max_size=10_000_000,
    log_keep=10,
    metrics_textfile="",
    tsa="",
    report_formats=(),
    report_language="ko",
    report_days=30,
    report_keep=100,
    report_csv_bom=False,
    report_url="",
    least_chance=0.01,
    every_days=60,
    importance=(),
    alerts_language="ko",
    alerts_max_length=4000,
    alerts_silent_hours=26,
    alerts_blind_share=0.05,
    alerts_ping="",
)


@pytest.mark.parametrize("text", ["", "\n# nothing\n", "\ufeff[portal]\n", "[portal]\n[crawl]\n[recheck]\n"])
def test_settings_that_say_nothing_are_the_defaults(tmp_path, text):
    assert load(settings(tmp_path, text)) == DEFAULTS


def test_the_written_file_is_the_defaults_with_a_comment_on_every_key(tmp_path):
    text = written()
    assert load(settings(tmp_path, text)) == DEFAULTS
    lines = text.splitlines()
    for key in KEYS:
        table = lines.index(f"[{key.table}]")
        at = next(n for n, line in enumerate(lines) if n > table and line.startswith(f"{key.name} = "))
        assert lines[at - 1] == f"# {key.meaning}"


def test_every_key_can_be_set(tmp_path):
    text = """
[portal]
url = "http://127.0.0.1:8080"
contact = "desk@example.org"
sections = ["briefing", "fact-check"]
ministries = ["A00015", "산업통상부"]
keywords = ["예산"]
since = 2026-09-01
[crawl]
delay = 0
concurrency = 4
max_requests = 10
daily_requests = 100
max_minutes = 7.5
max_bytes = 1000
max_images = 5
attachments = false
images = false
full_fetch_hours = 0
sitemap = true
[api]
key = "abc%2B=="
url = "http://127.0.0.1:8081/1371000"
services = ["a/b"]
daily_calls = 0
[recheck]
removal_checks = 1
removal_days = 0.5
least_chance = 0.2
every_days = 10
importance = ["briefing = 2", "의대 정원=0.5"]
[report]
formats = ["html", "atom"]
language = "en"
days = 7
keep = 3
csv_bom = true
url = "https://example.org/reports/"
[log]
file = "gochim.log"
rotate = "week"
max_size = 20_000
keep = 4
[metrics]
textfile = "gochim.prom"
[evidence]
tsa = "http://tsa.example.org/tsr"
[alerts]
language = "en"
max_length = 500
silent_hours = 0
blind_share = 1
ping = "https://ping.example/1"
[[alerts.target]]
name = "desk"
url_env = "DESK"
"""
    assert load(settings(tmp_path, text)) == Watch(
        url="http://127.0.0.1:8080",
        contact="desk@example.org",
        sections=("briefing", "fact-check"),
        ministries=("A00015", "산업통상부"),
        keywords=("예산",),
        since=date(2026, 9, 1),
        delay=0,
        concurrency=4,
        max_requests=10,
        daily_requests=100,
        max_minutes=7.5,
        max_bytes=1000,
        max_images=5,
        attachments=False,
        images=False,
        full_fetch_hours=0,
        sitemap=True,
        api_key="abc%2B==",
        api_url="http://127.0.0.1:8081/1371000",
        api_services=("a/b",),
        api_daily_calls=0,
        removal_checks=1,
        removal_days=0.5,
        log_file="gochim.log",
        log_rotate="week",
        log_max_size=20_000,
        log_keep=4,
        metrics_textfile="gochim.prom",
        tsa="http://tsa.example.org/tsr",
        report_formats=("html", "atom"),
        report_language="en",
        report_days=7,
        report_keep=3,
        report_csv_bom=True,
        report_url="https://example.org/reports/",
        least_chance=0.2,
        every_days=10,
        importance=("briefing = 2", "의대 정원=0.5"),
        alerts_language="en",
        alerts_max_length=500,
        alerts_silent_hours=0,
        alerts_blind_share=1,
        alerts_ping="https://ping.example/1",
        targets=(Target("desk", url_env="DESK"),),
    )


WRONG = [
    ("evidence", "tsa", '"a mail address"', "must be an address such as"),
    ("portal", "url", '"https://' + "가" * 70 + '.kr"', "must be an address such as"),
    ("report", "formats", '["pdf"]', "has no format pdf; there are html"),
    ("report", "formats", '"html"', "must be a list of texts"),
    ("report", "language", '"de"', 'must be "ko" or "en"'),
    ("report", "days", "0", "must be a whole number from 1"),
    ("report", "keep", "0.5", "must be a whole number from 1"),
    ("report", "csv_bom", '"yes"', "must be true or false"),
    ("report", "url", '"https://example.org/reports"', "must end with a slash"),
    ("report", "url", '"reports/"', "must be an address"),
    ("log", "file", '" "', "must be the path of a file"),
    ("portal", "url", '"www.korea.kr"', "must be an address"),
    ("portal", "url", '"ftp://www.korea.kr"', "must be an address"),
    ("portal", "url", '"https://"', "must be an address"),
    ("portal", "url", '"http://[::1"', "must be an address"),
    ("portal", "url", '"http://127.0.0.1:99999"', "must be an address"),
    ("portal", "url", '"http://127.0.0.1:port"', "must be an address"),
    ("portal", "url", '"https://me:secret@www.korea.kr"', "must be an address"),
    ("portal", "url", '"https://www. korea.kr"', "must be an address"),
    ("portal", "url", "1", "must be an address"),
    ("portal", "url", '"https://www.korea.kr/news"', "without a path"),
    ("portal", "url", '"https://www.korea.kr/?a=1"', "without a path"),
    ("portal", "url", '"https://www.korea.kr/#a"', "without a path"),
    ("portal", "contact", '"a\\nb"', "one line"),
    ("portal", "contact", '"a\\u0000b"', "one line"),
    ("portal", "contact", "3", "one line"),
    ("portal", "sections", '["speeches"]', "no section speeches; there are briefing, card-news"),
    ("portal", "sections", '"briefing"', "list of texts"),
    ("portal", "ministries", '[""]', "list of texts"),
    ("portal", "ministries", "[1]", "list of texts"),
    ("portal", "keywords", '"예산"', "list of texts"),
    ("portal", "since", '"2026-02-30"', "must be a day"),
    ("portal", "since", '"어제"', "must be a day"),
    ("portal", "since", "20260901", "must be a day"),
    ("portal", "since", "2026-09-01T00:00:00", "must be a day"),
    ("crawl", "delay", '"1"', "a number from 0 to 3600"),
    ("crawl", "delay", "-1", "a number from 0 to 3600"),
    ("crawl", "delay", "nan", "a number from 0 to 3600"),
    ("crawl", "delay", "inf", "a number from 0 to 3600"),
    ("crawl", "delay", "true", "a number from 0 to 3600"),
    ("crawl", "delay", "0.99", "at least 1 second"),
    ("crawl", "concurrency", "0", "a whole number from 1 to 16"),
    ("crawl", "concurrency", "1.5", "a whole number from 1 to 16"),
    ("crawl", "concurrency", "17", "a whole number from 1 to 16"),
    ("crawl", "max_requests", "0", "a whole number from 1 to 10000000 (it is 0)"),
    ("crawl", "max_minutes", "-1", "a number from 0"),
    ("crawl", "daily_requests", "-1", "a whole number from 0"),
    ("crawl", "max_bytes", "1.5", "a whole number from 0"),
    ("recheck", "least_chance", "0", "a number from 0.0001 to 1"),
    ("recheck", "every_days", "0", "a number from 1 to"),
    ("recheck", "importance", '["briefing"]', "must be a list such as"),
    ("recheck", "importance", '["briefing = 0"]', "must be a list such as"),
    ("crawl", "max_images", "0", "a whole number from 1"),
    ("crawl", "attachments", '"yes"', "true or false"),
    ("crawl", "images", "1", "true or false"),
    ("crawl", "full_fetch_hours", '"daily"', "a number from 0"),
    ("crawl", "sitemap", '"daily"', "true or false"),
    ("api", "key", '"two words"', "without spaces"),
    ("api", "url", '"apis.data.go.kr"', "must be an address"),
    ("api", "url", '"http://apis.data.go.kr/1371000"', "https"),
    ("api", "url", '"https://apis.data.go.kr/1371000?serviceKey=1"', "no query"),
    ("api", "services", '["../x"]', "list of services"),
    ("api", "daily_calls", "-1", "a whole number from 0"),
    ("recheck", "removal_checks", "0", "a whole number from 1"),
    ("recheck", "removal_days", "366", "a number from 0 to 365"),
    ("alerts", "language", '"fr"', "must be"),
    ("alerts", "max_length", "10", "a whole number from 500"),
    ("alerts", "silent_hours", "-1", "a number from 0"),
    ("alerts", "blind_share", "0", "a number from 0.001"),
    ("alerts", "ping", '"hush"', "a web address"),
    ("log", "file", '"a\\nb"', "one line"),
    ("log", "rotate", '"month"', 'must be "size", "day" or "week"'),
    ("log", "max_size", "1", "a whole number from 10000"),
    ("log", "keep", "0", "a whole number from 1"),
    ("metrics", "textfile", '"gochim.txt"', "ends in .prom"),
    ("metrics", "textfile", '"a\\u0000.prom"', "ends in .prom"),
    ("crawl", "dely", "1", "is not a setting; [crawl] has delay, concurrency"),
    ("crawll", "delay", "1", "is not a setting; there is no [crawll], but there are [portal], [crawl]"),
    ("portal", "sections", "[]", "must name at least one section"),
    ("portal", "sections", '"x"', 'must be a list of texts, such as ["press-release"]'),
]


@pytest.mark.parametrize(("table", "key", "value", "message"), WRONG)
def test_a_wrong_value_is_refused_with_file_line_and_key(tmp_path, table, key, value, message):
    text = f"# settings\u2028of mine\n\n[{table}]\n# {key} = of old\n{key} = {value}\n"
    said = refused(tmp_path, text)
    assert message in said
    assert "line 5: " in said
    assert f"{table}.{key} " in said


def test_the_service_key_is_never_repeated(tmp_path, monkeypatch):
    assert "hush hush" not in refused(tmp_path, '[api]\nkey = "hush hush"\n')
    monkeypatch.setenv("GOCHIM_SERVICE_KEY", "hush hush")
    with pytest.raises(SettingsError, match="GOCHIM_SERVICE_KEY") as caught:
        load(settings(tmp_path, ""))
    assert "hush" not in str(caught.value)
    monkeypatch.setenv("GOCHIM_SERVICE_KEY", "hush")
    watch = load(settings(tmp_path, ""))
    assert watch.api_key == "hush"
    assert "hush" not in repr(watch)


def test_every_key_has_a_wrong_value_above():
    assert {(key.table, key.name) for key in KEYS} <= {(table, key) for table, key, _, _ in WRONG}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("crawl.delay = -1", 1),
        ("\ncrawl = { images = true, delay = -1 }", 2),
        ("[portal]\ncontact = ''\n[crawl] # how\n'delay' = -1", 4),
        ("[portal]\nurl = 'http://localhost'\n\n[ crawl ]\n\tdelay=-1\n[recheck]\n", 5),
    ],
)
def test_the_line_is_found_however_the_key_is_written(tmp_path, text, line):
    assert f"line {line}: crawl.delay must be" in refused(tmp_path, text)


@pytest.mark.parametrize(("text", "line"), [("delay = 1", 1), ("\n[[portal]]\nurl = ''", 2)])
def test_what_is_no_table_of_settings_is_refused(tmp_path, text, line):
    assert re.search(
        rf"line {line}: (delay|portal) is no table of settings; there are \[portal\]", refused(tmp_path, text)
    )


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "127.1.2.3", "localhost", "[::1]:80"])
def test_a_short_delay_is_for_loopback_only(tmp_path, host):
    assert load(settings(tmp_path, f'[crawl]\ndelay = 0.1\n[portal]\nurl = "http://{host}"')).delay == 0.1


@pytest.mark.parametrize("host", ["www.korea.kr", "10.0.0.1", "127.0.0.1.evil.com", "localhost.evil.com", "[::2]"])
def test_a_short_delay_is_refused_for_any_other_portal(tmp_path, host):
    said = refused(tmp_path, f'[crawl]\ndelay = 0.1\n[portal]\nurl = "http://{host}"')
    assert "line 2: crawl.delay must be at least 1 second" in said


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[portal]\nurl = https://www.korea.kr\n", "line 2"),
        ("[portal\n", "line 1"),
        ("[crawl]\ndelay = 1\ndelay = 2\n", "line 3"),
        ("[crawl]\n\n[crawl]\n", "line 3"),
        ('[portal]\ncontact = "a', "TOML"),
        ("\x00", "line 1"),
    ],
)
def test_broken_toml_is_refused_with_its_line(tmp_path, text, where):
    said = refused(tmp_path, text)
    assert "is not valid TOML" in said
    assert "move the file away and write it anew with: gochim init" in said
    assert where in said


def test_a_file_that_is_no_settings_at_all_is_refused(tmp_path):
    path = tmp_path / "gochim.toml"
    with pytest.raises(SettingsError, match=r"no settings at .*gochim init"):
        load(path)
    path.write_bytes("[portal]\ncontact = '연락'".encode("euc-kr"))
    with pytest.raises(SettingsError, match="UTF-8"):
        load(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        load(path)


def test_settings_that_nest_without_end_are_refused(tmp_path):
    assert "nests too deep" in refused(tmp_path, "a = " + "[" * 20_000)


texts = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=20)
watches = st.builds(
    Watch,
    url=st.sampled_from(["http://127.0.0.1:8080", "http://localhost", "http://[::1]:9"]),
    contact=texts,
    sections=st.lists(st.sampled_from(list(SECTIONS)), min_size=1, max_size=4).map(tuple),
    ministries=st.lists(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=9), max_size=3).map(
        tuple
    ),
    keywords=st.lists(texts.filter(bool), max_size=3).map(tuple),
    since=st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2100, 1, 1))),
    delay=st.floats(0, 3600),
    concurrency=st.integers(1, 16),
    max_requests=st.integers(1, 10_000_000),
    daily_requests=st.integers(0, 100_000_000),
    max_minutes=st.floats(0, 100_000),
    max_bytes=st.integers(0, 10**15),
    max_images=st.integers(1, 10_000),
    attachments=st.booleans(),
    images=st.booleans(),
    full_fetch_hours=st.floats(0, 24),
    sitemap=st.booleans(),
    api_key=st.sampled_from(["", "abc+/=="]),
    api_url=st.sampled_from(["https://apis.data.go.kr/1371000", "http://127.0.0.1:9/x"]),
    api_services=st.sampled_from([(), ("a/b", "c/d")]),
    api_daily_calls=st.integers(0, 10_000_000),
    removal_checks=st.integers(1, 1000),
    removal_days=st.floats(0, 365),
    tsa=st.sampled_from(["", "http://tsa.example.org/tsr"]),
    report_formats=st.lists(st.sampled_from(REPORT_FORMATS), unique=True).map(tuple),
    report_language=st.sampled_from(["ko", "en"]),
    report_days=st.integers(1, 36_500),
    report_keep=st.integers(1, 1_000_000),
    report_csv_bom=st.booleans(),
    report_url=st.sampled_from(["", "https://example.org/reports/"]),
    alerts_max_length=st.integers(500, 1_000_000),
    alerts_silent_hours=st.floats(0, 8760),
    alerts_blind_share=st.floats(0.001, 1),
    alerts_ping=st.sampled_from(["", "https://ping.example/1"]),
    log_file=texts,
    log_rotate=st.sampled_from(["size", "day", "week"]),
    log_max_size=st.integers(10_000, 10**12),
    log_keep=st.integers(1, 10_000),
    metrics_textfile=st.sampled_from(["", "gochim.prom", "/var/lib/node_exporter/고침.prom"]),
    targets=st.just(()),
    least_chance=st.floats(0.0001, 1),
    every_days=st.floats(1, 36_500),
    importance=st.sampled_from([(), ("briefing = 2", "A00015 = 0.5")]),
)


@given(watches)
def test_what_is_written_is_loaded(tmp_path_factory, watch):
    given_values = {key.field: getattr(watch, key.field) for key in KEYS}
    assert load(settings(tmp_path_factory.mktemp("archive"), written(**given_values))) == watch


@given(st.text(max_size=80))
def test_any_file_loads_or_is_refused_in_words(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("archive") / "gochim.toml"
    path.write_bytes(text.encode("utf-8", "replace"))
    try:
        load(path)
    except SettingsError as error:
        said = str(error)
    else:
        said = f"{path} is read"
    assert str(path) in said


def test_the_written_defaults_are_plain_toml():
    tables = tomllib.loads(written())
    assert {(table, name) for table, entries in tables.items() for name in entries} == {
        (key.table, key.name) for key in KEYS
    }


def test_sections_of_the_command_line_are_checked():
    check_sections(["briefing"])
    with pytest.raises(SettingsError, match=r"--section has no section 브리핑; there are briefing"):
        check_sections(["브리핑"])


def test_a_day_of_the_command_line_is_checked():
    assert day("", "--since") is None
    assert day("2026-09-01", "--since") == date(2026, 9, 1)
    assert day("2026-09-01T12:00", "--since") == date(2026, 9, 1)
    assert (day("2026-09", "--since"), day("2026-09", "--until")) == (date(2026, 9, 1), date(2026, 9, 30))
    assert day("2026-09-01T23:00Z", "--since") == date(2026, 9, 2)
    for wrong in ("어제", "2026-09-011", "2026-09-01까지"):
        with pytest.raises(SettingsError, match=f"--since {wrong} is no day"):
            day(wrong, "--since")


@pytest.mark.parametrize(
    ("since", "setting", "begin"),
    [("2026-09-02", None, "--since 2026-09-02"), ("", date(2026, 9, 2), r"portal.since of the settings (2026-09-02)")],
)
def test_a_period_without_a_day_is_refused_whoever_says_when_it_begins(since: str, setting: date | None, begin: str):
    assert period(since, "2026-09-02", setting) == (date(2026, 9, 2), date(2026, 9, 2))
    assert period("2026-09-01", "2026-09-01", setting) == (date(2026, 9, 1), date(2026, 9, 1))
    with pytest.raises(SettingsError, match=re.escape(f"between {begin} and --until 2026-09-01.")):
        period(since, "2026-09-01", setting)


def test_a_ministry_is_a_code_or_a_name():
    assert is_rep_code("A00015")
    assert not is_rep_code("A00015 ")
    assert not is_rep_code("산업통상부")


@pytest.mark.parametrize("url", ["http://[::1", "", "http://", "//127.0.0.1.evil"])
def test_a_broken_address_is_not_on_loopback(url):
    assert not is_loopback(url)
