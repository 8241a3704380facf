"""A bot with a configuration and a database of its own, in a folder that goes away."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import structlog

from benchmarks.invented import audiences
from bot import settings, wiring
from bot.wiring import Bot

_RECAP = """
title: Weekly Recap
timezone: UTC
embedder: lexical
lists:
  - {id: team, name: Team, from: recap@team.example, postal_address: 1 Test Street, members: [ada@team.example]}
"""


@contextmanager
def opened(urls: Sequence[str], *, routes: int = 1) -> Iterator[Bot]:
    """Put a bot together that reads *urls* and sends to so many *routes*, into its outbox."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    with tempfile.TemporaryDirectory(prefix="recap-bench-") as folder:
        home = Path(folder)
        _write(home, {"recap": _RECAP, "sources": _sources(urls), "routes": _routes(routes)})
        environment = {
            "RECAP_SECRET_KEY": "benchmark",
            "RECAP_DATABASE_URL": f"sqlite:///{home}/recap.db",
            "RECAP_OUTBOX": str(home / "outbox"),
            "RECAP_ALLOW_HOSTS": ",".join(dict.fromkeys(urlsplit(url).netloc for url in urls)),
        }
        chosen = settings.load(home, environment=environment, defaults=settings.shipped_directory())
        with wiring.bot(chosen) as bot:
            bot.store.upgrade()
            yield bot


def _write(home: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (home / f"{name}.yaml").write_text(text, encoding="utf-8")


def _sources(urls: Sequence[str]) -> str:
    rows = [
        {"slug": f"feed-{number}", "name": f"Feed {number}", "url": url, "full_text": "never"}
        for number, url in enumerate(urls)
    ]
    return json.dumps({"sources": rows})


def _routes(count: int) -> str:
    ids = [audience.id for audience in audiences()]
    rows = [
        {
            "id": f"route-{number}",
            "name": f"Route {number}",
            "audiences": sorted({ids[number % len(ids)], ids[(number * 5 + 1) % len(ids)]}),
            "destinations": [{"slack": f"#channel-{number}"}, {"email": "team"}],
        }
        for number in range(count)
    ]
    return json.dumps({"routes": rows})
