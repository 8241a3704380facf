"""Readers' votes: what they moved, what they wrote, and forgetting them."""

from typing import Annotated

import typer

from bot.entrypoints.cli.opening import DEFAULT_CONFIG, ConfigDir, Now, moment, opened
from bot.entrypoints.cli.output import AsJson, as_json, say, table, when
from bot.rank import feedback
from bot.workflows import hear_readers

app = typer.Typer(help="Readers' votes: what they moved, and forgetting them.", no_args_is_help=True)

MOST_NOTES = 20


@app.command("list")
def show(config: ConfigDir = DEFAULT_CONFIG, now: Now = None, json: AsJson = False) -> None:
    """List how far votes move each source and audience, and what readers wrote; who voted is not shown."""
    at = moment(now)
    with opened(config) as bot:
        opinion = hear_readers.opinion(store=bot.store, at=at)
        votes = [vote for vote in bot.store.load_votes(since=at - feedback.MEMORY) if vote.given_at <= at]
    notes = [vote for vote in reversed(votes) if vote.note]
    if json:
        moved = [{"kind": kind, "name": name, "moved": each} for (kind, name), each in opinion.moved.items()]
        as_json({"moved": moved, "notes": [vote.model_dump(exclude={"id", "workspace", "person"}) for vote in notes]})
        return
    rows = [(kind, name, f"{each.lift:+.1%}", each.votes, each.voters) for (kind, name), each in opinion.moved.items()]
    table(("kind", "name", "moved by", "votes", "voters"), rows, empty="Nobody has voted yet.")
    if notes:
        say()
        written = [(when(vote.given_at), vote.event_id, vote.vote, vote.note) for vote in notes[:MOST_NOTES]]
        table(("given", "event", "vote", "note"), written, empty="")


@app.command("reset")
def reset(
    config: ConfigDir = DEFAULT_CONFIG,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Forget every vote and what readers wrote with it: sources and audiences are as configured again."""
    if not yes:
        typer.confirm("This forgets every reader's vote for good. Go on?", abort=True)
    with opened(config) as bot:
        count = bot.store.delete_votes()
    say(f"{count} votes forgotten. Recaps that were built stay as they are.")
