"""A process that sends what is due, for tests that kill it: DATABASE_URL `smtp`|`slack` PROVIDER_URL."""

import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

from bot.adapters.queue import InProcessQueue
from bot.adapters.slack import SlackSender
from bot.adapters.smtp import SmtpSender
from bot.adapters.storage.store import SqlStore
from bot.model.policy import DeliverPolicy
from bot.ports import Sender
from bot.workflows import send_recap
from tests.delivery_builders import LIST, a_token
from tests.fakes.slack_server import TOKEN

WORKERS = 2
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def sender_of(kind: str, url: str) -> Sender:
    makers: dict[str, Callable[[], Sender]] = {
        "smtp": lambda: SmtpSender(url, lists=[LIST], sender=None, base_url="https://recap.example", token=a_token),
        "slack": lambda: SlackSender(TOKEN, api_url=url, interval_s=0),
    }
    return makers[kind]()


def main(database_url: str, kind: str, provider_url: str) -> None:
    sender = sender_of(kind, provider_url)
    with closing(SqlStore(database_url)) as store:
        report = send_recap.send(
            store=store,
            senders={sender.name: sender},
            queue=InProcessQueue(WORKERS),
            policy=DeliverPolicy(),
            now=lambda: NOW,
            jitter=lambda: 0.0,
            alone=True,
        )
    sys.stdout.write(f"{report}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
