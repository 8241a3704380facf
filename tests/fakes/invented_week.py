"""A small operator with an invented week, 2026-W47: five events of two publishers, a channel and an email list."""

from pathlib import Path

from tests.fakes.command import Operator, an_operator

NOW = "2026-11-23T09:00Z"
"""Monday after the week."""
LATER = "2026-11-23T12:00Z"
WEEK = "2026-W47"
CHANNEL = "#founders"
MEMBER = "ada@team.example"
TOKEN = "xoxb-sample-token"
PASSWORD = "hunter2-hidden"

RECAP = f"""
title: Weekly Tech Recap
timezone: UTC
lists:
  - {{id: team, name: Team, from: recap@team.example, postal_address: 1 Test Street, members: [{MEMBER}]}}
embedder: lexical
deliver: {{slack_interval_s: 0.01}}
"""
EVENTS = (
    ("halden", 16, "Corvane ships its compact translation model", "The model translates forty languages on a phone."),
    ("halden", 17, "Brightwell raises 80 million for battery recycling", "Brightwell will build two plants in Norway."),
    ("halden", 18, "Regulator fines Ostrava Telecom over leaked records", "Records of nine thousand customers leaked."),
    ("mirador", 19, "Kestrel opens the source of its routing engine", "Engineers can read every line of the router."),
    ("mirador", 20, "Chipmaker Lumenar delays its 2027 foundry", "Lumenar blames late lithography machines."),
)


def feed(publisher: str) -> bytes:
    """Return the RSS of a publisher."""
    items = "".join(
        f"<item><title>{title}</title><link>https://{slug}.example/{day}</link><guid>{slug}-{day}</guid>"
        f"<pubDate>{day} Nov 2026 08:00:00 GMT</pubDate><description>{title}. {text}</description></item>"
        for slug, day, title, text in EVENTS
        if slug == publisher
    )
    return f'<rss version="2.0"><channel><title>{publisher}</title>{items}</channel></rss>'.encode()


def routes(
    *, slack: tuple[str, ...] = (CHANNEL,), email: bool = True, review: str = "none", on_timeout: str = "hold"
) -> str:
    """Return routes.yaml with one route to the channels *slack* and to the list."""
    places = [f'{{slack: "{channel}"}}' for channel in slack] + (["{email: team}"] if email else [])
    checked = f"review: {review}, on_timeout: {on_timeout}"
    route = f'{{id: all, name: Everybody, audiences: ["*"], destinations: [{", ".join(places)}], {checked}}}'
    return f"routes:\n  - {route}\n"


def write_feeds(home: Path) -> None:
    """Write the publishers' files."""
    folder = home / "feeds"
    for publisher in ("halden", "mirador"):
        (folder / publisher).mkdir(parents=True, exist_ok=True)
        (folder / publisher / "feed.xml").write_bytes(feed(publisher))


def an_office(home: Path, *, sources: str = "", routed: str = "", recap: str = RECAP, **environment: str) -> Operator:
    """Return the operator; *sources* adds to the two folders of feed files."""
    folders = "".join(
        f"  - {{slug: {slug}, kind: directory, url: ../feeds/{slug}, full_text: never}}\n"
        for slug in ("halden", "mirador")
    )
    write_feeds(home)
    listed = f"sources:\n{folders}{sources}"
    return an_operator(home, recap=recap, sources=listed, routes=routed or routes(), **environment)
