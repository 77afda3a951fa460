"""``gochim alerts``: what waits, what was delivered, a test message, and whether the watch itself is well."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click

from cli import announcing, database, printing
from cli.options import RECORDS, Place, archive_option, format_option
from storage import runs
from storage.command_line import gochim
from storage.errors import RunEndedEarly, SettingsError
from storage.outbox import Outbox
from storage.records import kst

_LAST = 20
"""Messages delivered last that are listed."""
_COLUMNS = ("target", "kind", "title", "queued_at", "state", "failures", "error", "ended_at", "message", "key")


@click.group(invoke_without_command=True, short_help="Tell people of changes: what waits, what was delivered.")
@format_option(*RECORDS)
@archive_option
@click.pass_context
def alerts(context: click.Context, place: Place, style: str) -> None:
    """Tell those whom the settings name of changes: what waits, what was delivered.

    \b
    Example: gochim alerts
    """
    if context.invoked_subcommand is not None:
        return
    with closing(_outbox(place, make=False)) as outbox:
        told: dict[str, Any] = {
            "targets": [
                {"name": one.name, "send": one.send, "begun_at": outbox.begun().get(one.name)}
                for one in place.watch().targets
            ],
            "alarms": [{"name": name, "begun_at": since} for name, since in outbox.lasting()],
            "waiting": [asdict(one) for one in outbox.waiting()],
            "ended": [asdict(one) for one in outbox.ended(_LAST)],
        }
    wrong = told["alarms"] or told["waiting"]
    if not printing.records(style, _COLUMNS, [*told["waiting"], *told["ended"]], told) and (wrong or not place.quiet):
        _tell(told)


def _outbox(place: Place, *, make: bool = True) -> Outbox:
    place.archive.must_be_there()
    path = place.archive.alerts_path
    return Outbox(path, write=(make or path.exists()) and not place.archive.unwritable())


def _tell(told: dict[str, Any]) -> None:
    if not told["targets"]:
        then = gochim("alerts", "test")
        printing.tell(f"No target is set. Add one under [[alerts.target]] in gochim.toml, then: {then}")
    for one in told["targets"]:
        since = f"told of changes seen since {kst(one['begun_at'])}" if one["begun_at"] else "begins with the next run"
        printing.tell(f"{one['name']}  {one['send']}  {since}")
    names = {one["name"] for one in told["targets"]}
    for one in told["alarms"]:
        printing.tell(printing.styled(f"! {one['name']} since {kst(one['begun_at'])}", fg="red"))
    printing.tell(f"{len(told['waiting'])} waiting")
    for one in told["waiting"]:
        why = f"; {printing.counted(one['failures'], 'attempt')} in vain: {one['error']}" if one["failures"] else ""
        if one["target"] not in names:
            why += f"; no target of the settings, to be taken back with: {gochim('alerts', 'drop', one['target'])}"
        maybe = " (may have been sent)" if one["state"] == "sending" else ""
        printing.tell(f"  {one['target']}  {kst(one['queued_at'])}  {one['title']}{maybe}{why}")
    printing.tell(f"{len(told['ended'])} delivered last" if told["ended"] else "nothing delivered yet")
    for one in told["ended"]:
        state = "" if one["state"] == "delivered" else "  taken back"
        printing.tell(f"  {one['target']}  {kst(one['ended_at'])}  {one['title']}{state}")


@alerts.command()
@archive_option
def test(place: Place) -> None:
    """Send a test message to every target, and say which took it.

    \b
    Example: gochim alerts test
    """
    from alerting.channel import Channel, Undelivered

    targets = place.watch().targets
    if not targets:
        raise SettingsError(f"{place.archive.settings_path} has no [[alerts.target]]. Add one, and run this again.")
    failed = 0
    text = {"ko": "고침이 보내는 시험 메시지입니다.", "en": "A test message of gochim."}[place.watch().alerts_language]
    for one in targets:
        try:
            Channel(one.address()).send("[고침] gochim", text, "test")
        except (Undelivered, SettingsError) as error:
            failed += 1
            printing.aside(f"{one.name}: not delivered: {error}")
        else:
            if not place.quiet:
                printing.tell(f"{one.name}: delivered")
    if failed:
        number = printing.counted(len(targets), "target")
        raise RunEndedEarly(
            f"{failed} of {number} did not take the test message. Mend what is said of each; try again."
        )


@alerts.command()
@archive_option
def send(place: Place) -> None:
    """Send now what waits, without a run.

    \b
    Example: gochim alerts send
    """
    with closing(database.opened(place.archive, place.portal())) as db:
        refused = announcing.announce(place, db, place.watch())
    if not place.quiet:
        with closing(_outbox(place)) as outbox:
            number = len(outbox.waiting())
        printing.tell(f"{number} still waiting; see: {gochim('alerts')}" if number else "Nothing waits.")
    _end(place, refused)


def _end(place: Place, refused: int) -> None:
    """End a command that was to tell everybody.

    Raises:
        RunEndedEarly: Some were not reached.
    """
    if refused:
        number = printing.counted(len(place.watch().targets), "target")
        raise RunEndedEarly(
            f"{refused} of {number} could not be told. Nothing is lost: it is sent again after the next run, or once "
            f"that is mended with: {gochim('alerts', 'send')}"
        )


@alerts.command(short_help="Take back what waits for a target.")
@click.argument("target")
@archive_option
def drop(place: Place, target: str) -> None:
    """Take back what waits for TARGET, such as one that the settings name no more.

    \b
    Example: gochim alerts drop desk
    """
    with place.archive.locked(announcing.LOCK), closing(_outbox(place)) as outbox:
        number = outbox.dropped(target, datetime.now(UTC))
        names = sorted({one.target for one in outbox.waiting()})
    if not number:
        raise SettingsError(
            f"Nothing waits for {target}."
            + (f" Something waits for: {', '.join(names)}." if names else f" See: {gochim('alerts')}")
        )
    if not place.quiet:
        printing.tell(f"{printing.counted(number, 'message')} to {target} taken back")


@alerts.command(short_help="See whether the watch itself is well.")
@click.option("--fail-on-alarm", is_flag=True, help="End with exit code 1 when something is wrong.")
@format_option(*RECORDS)
@archive_option
def check(place: Place, fail_on_alarm: bool, style: str) -> None:  # noqa: FBT001  # click's flag
    """See whether the watch itself is well, and tell the targets when it is not; for a cron line of its own.

    \b
    Example: gochim alerts check
    """
    watch, refused = place.watch(), 0
    with closing(database.opened(place.archive, place.portal())) as db:
        if watch.targets:
            refused = announcing.announce(place, db, watch)
        with closing(_outbox(place)) as outbox:
            begun = min((datetime.fromisoformat(one) for one in outbox.begun().values()), default=None)
        found = announcing.current_alarms(place, db, watch, begun, datetime.now(UTC))
        ever_well = runs.last_ended(db) is not None
    shapes = [{"name": name, "text": begins} for name, (begins, _) in found.items()]
    if not printing.records(style, ("name", "text"), shapes) and (found or not place.quiet):
        for begins, _ in found.values():
            printing.tell(printing.styled(begins, fg="red"))
        if not found:
            printing.tell("The watch is well." if ever_well else "No run has ended well yet.")
    if found and fail_on_alarm:
        raise SystemExit(1)
    _end(place, refused)
