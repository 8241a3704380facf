"""Subscribers: lists and the people on them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from bot.entrypoints.cli.opening import DEFAULT_CONFIG, ConfigDir, Now, moment, opened
from bot.entrypoints.cli.output import AsJson, as_json, fail, say, table, warn, when
from bot.model.returned import MailTotals
from bot.model.subscriber import SubscriptionState
from bot.wiring.office import Office, Overview, Record, Told
from bot.wiring.sign_in import SignIn

app = typer.Typer(help="Lists and the people on them: who gets what, and who must not be written to.")

Address = Annotated[str, typer.Argument(help="A mail address.")]
ListId = Annotated[str | None, typer.Option("--list", help="Which list; default: the only one.")]
OneList = Annotated[str | None, typer.Option("--list", help="On this list only; default: on all.")]


@app.callback(invoke_without_command=True)
def default(context: typer.Context, config: ConfigDir = DEFAULT_CONFIG, now: Now = None, json: AsJson = False) -> None:
    """Show how the lists stand where no other command is named."""
    if context.invoked_subcommand is None:
        list_lists(config, now, json)


@app.command("list")
def list_lists(config: ConfigDir = DEFAULT_CONFIG, now: Now = None, json: AsJson = False) -> None:
    """Show how many people each list has, and what came back of its mails in four weeks."""
    with opened(config) as bot:
        found = Office(bot).overview(now=moment(now))
    if json:
        as_json(found)
    else:
        _show_overview(found)


@app.command()
def show(address: Address, config: ConfigDir = DEFAULT_CONFIG, now: Now = None, json: AsJson = False) -> None:
    """Show all that is known of one address."""
    with opened(config) as bot:
        found = Office(bot).record(address, now=moment(now))
    if json:
        as_json(found)
    else:
        _show_record(found)


@app.command("import")
def import_csv(
    file: Annotated[Path, typer.Argument(help="A CSV file with a column `address`; `-` for standard input.")],
    list_id: ListId = None,
    consent: Annotated[
        str, typer.Option("--consent", help="What all of them agreed to, where no column says so.")
    ] = "",
    encoding: Annotated[str, typer.Option("--encoding", help="Of the file.")] = "utf-8",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    config: ConfigDir = DEFAULT_CONFIG,
    now: Now = None,
    json: AsJson = False,
) -> None:
    """Add people to a list: who left, complained or bounced stays out, and who has not agreed."""
    told: list[Told] = []
    with opened(config) as bot, _source(file) as source:
        report = Office(bot).import_people(
            source,
            form=f"import:{file.name}",
            list_id=list_id,
            consent=consent.strip(),
            encoding=encoding,
            is_rehearsal=dry_run,
            now=moment(now),
            tell=told.append if json else lambda each: (fail if each.fate == "failed" else warn)(str(each)),
        )
    if json:
        as_json({"report": report, "rows": told})
    else:
        for name in report.unknown_columns:
            warn(f"column '{name}' says nothing to us; it was left aside.")
        done = "Would add" if dry_run else "Added"
        say(f"{done} {report.added} to {report.list_id}; {report.left_out} left out, {report.failed} failed.")
    raise typer.Exit(3 if report.failed else 0)


@app.command()
def export(
    list_id: ListId = None,
    state: Annotated[list[SubscriptionState] | None, typer.Option("--state", help="Only these; default: all.")] = None,
    with_suppressed: Annotated[
        bool, typer.Option("--with-suppressed", help="Also those who must not be written to.")
    ] = False,
    config: ConfigDir = DEFAULT_CONFIG,
) -> None:
    """Print a list as CSV, without those who must not be written to."""
    with opened(config) as bot:
        states = frozenset(state or SubscriptionState)
        for line in Office(bot).export(list_id, states=states, with_suppressed=with_suppressed):
            sys.stdout.write(line)


@app.command()
def suppress(
    address: Address,
    list_id: OneList = None,
    reason: Annotated[str, typer.Option("--reason", help="Why; it is shown with the address.")] = "by the operator",
    config: ConfigDir = DEFAULT_CONFIG,
    now: Now = None,
) -> None:
    """Never write to an address again."""
    with opened(config) as bot:
        Office(bot).suppress(address, list_id=list_id, reason=reason, now=moment(now))
    say(f"Nothing goes there any more ({list_id or 'every list'}); an import cannot change that.")


@app.command()
def unsuppress(address: Address, list_id: OneList = None, config: ConfigDir = DEFAULT_CONFIG) -> None:
    """Undo a suppression after bounces or by an operator; a reader's own word stays."""
    with opened(config) as bot:
        Office(bot).unsuppress(address, list_id=list_id)
    say("That address may be written to again.")


@app.command()
def pause(
    address: Address,
    list_id: OneList = None,
    until: Annotated[
        datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="Until this day begins (UTC).")
    ] = None,
    config: ConfigDir = DEFAULT_CONFIG,
    now: Now = None,
) -> None:
    """Send an address nothing for a while."""
    ends_at = until.replace(tzinfo=UTC) if until else None
    at = moment(now)
    if ends_at is not None and ends_at <= at:
        raise typer.BadParameter("lies in the past; name a day to come.", param_hint="--until")
    with opened(config) as bot:
        count = Office(bot).pause(address, list_id=list_id, until=ends_at, now=at)
    say(f"Paused {count} until {f'{until:%Y-%m-%d}' if until else '`recap subscribers resume`'}.")


@app.command()
def resume(address: Address, list_id: OneList = None, config: ConfigDir = DEFAULT_CONFIG, now: Now = None) -> None:
    """Send again what was paused."""
    with opened(config) as bot:
        count = Office(bot).resume(address, list_id=list_id, now=moment(now))
    say(f"{count} active again.")


@app.command()
def erase(
    address: Address,
    config: ConfigDir = DEFAULT_CONFIG,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
) -> None:
    """Forget a person; whether they may be written to stays known, by a hash alone."""
    if not yes:
        typer.confirm("This forgets their subscriptions, consent and votes for good. Go on?", abort=True)
    with opened(config) as bot:
        Office(bot).erase(address)
    say("Forgotten.")


def admin_link(config: ConfigDir = DEFAULT_CONFIG, now: Now = None) -> None:
    """Print a link to the operators' page; it works once, for a quarter of an hour."""
    with opened(config) as bot:
        say(SignIn(bot.store, bot.settings).link(now=moment(now)))


@contextmanager
def _source(file: Path) -> Iterator[BinaryIO]:
    if str(file) == "-":
        yield sys.stdin.buffer
        return
    with file.open("rb") as source:
        yield source


def _show_overview(found: Overview) -> None:
    mails = {each.list_id: each for each in found.mails}
    people = {each.list_id: each for each in found.lists}
    rows = []
    for name in sorted(mails.keys() | people.keys()):
        each, totals = people.get(name), mails.get(name, MailTotals(list_id=name))
        counts = (each.active, each.pending, each.paused, each.ended) if each else (0, 0, 0, 0)
        back = (
            totals.sent,
            totals.hard,
            totals.soft,
            totals.policy,
            f"{totals.complaints} ({totals.complaint_rate:.2%})",
        )
        rows.append((name, *counts, *back))
    columns = ("list", "active", "pending", "paused", "ended", "sent", "gone", "full", "our fault", "complaints")
    table(columns, rows, empty="Nobody has subscribed yet.")
    if found.suppressed:
        say("never written to: " + ", ".join(f"{count} {reason}" for reason, count in found.suppressed.items()))


def _show_record(found: Record) -> None:
    person = found.subscriber
    say(f"{found.address}: {f'known since {when(person.created_at)}' if person else 'no subscriber'}")
    rows = [
        (
            each.list_id,
            each.state,
            " ".join(each.audiences),
            each.language,
            f"{when(each.consented_at)} {each.consent_form}",
            each.left_reason,
        )
        for each in found.subscriptions
    ]
    table(("list", "state", "audiences", "language", "consent", "left because"), rows, empty="No subscriptions.")
    for suppression in found.suppressions:
        where = "every list" if suppression.list_id == "*" else suppression.list_id
        say(f"never written to on {where}: {suppression.reason}, {when(suppression.created_at)}")
    for bounce in found.bounces:
        told = f"{bounce.kind} {bounce.status} {bounce.diagnostic}"
        say(f"came back {when(bounce.bounced_at)} from {bounce.list_id}: {told}")
