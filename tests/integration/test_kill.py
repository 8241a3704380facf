"""Processes killed with SIGKILL in the middle of sending: nothing twice, planned = sent + unknown."""

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from email import message_from_bytes
from pathlib import Path

from bot.adapters.storage.store import SqlStore
from bot.model.delivery import DeliveryState
from bot.model.policy import MailingList
from bot.model.route import Medium, Route
from bot.workflows import send_recap
from tests.builders import NOW
from tests.delivery_builders import LIST, a_digest, a_message, a_recap, a_route, mail_to, slack_to
from tests.fakes.sending_process import WORKERS, sender_of
from tests.fakes.slack_server import SlackServer
from tests.fakes.smtp_server import SmtpServer
from tests.fakes.stores import url_of

ROOT = Path(__file__).parents[2]
KILLS = 3
READERS = MailingList(
    "weekly", "Weekly", LIST.sender, "1 Quay", members=tuple(f"r{number}@reader.example" for number in range(600))
)


def plan(database: str, kind: str, url: str, route: Route) -> int:
    sender = sender_of(kind, url)
    digest = a_digest(slack=[a_message(), *(a_message(f"reply-{number:02}") for number in range(1, 40))])
    with closing(SqlStore(database)) as store:
        store.save_edition(a_recap(), [digest], [])
        return send_recap.plan_deliveries(
            a_recap(),
            [digest],
            [route],
            store=store,
            senders={Medium.EMAIL: sender, Medium.SLACK: sender},
            lists=[READERS],
            now=NOW,
            at_once=True,
        )


def kill_and_finish(command: list[str], arrived: Callable[[], int], chance: random.Random, *, step: int) -> None:
    for _ in range(KILLS):
        enough = arrived() + chance.randint(1, step)
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while arrived() < enough and process.poll() is None and time.monotonic() < deadline:
            time.sleep(chance.uniform(0, 0.01))
        process.kill()
        process.wait(10)
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True, timeout=120)


def states_of(database: str) -> Counter[DeliveryState]:
    with closing(SqlStore(database)) as store:
        return Counter(row.state for row in store.load_deliveries())


def a_seeded_chance() -> random.Random:
    seed = random.SystemRandom().randrange(2**32)
    sys.stdout.write(f"seed {seed}\n")
    return random.Random(seed)


def test_killed_mailing_writes_to_nobody_twice(tmp_path: Path) -> None:
    database = url_of(tmp_path / "recap.db")
    with SmtpServer() as relay:
        planned = plan(database, "smtp", relay.url, a_route(destinations=mail_to("weekly")))
        command = [sys.executable, "-m", "tests.fakes.sending_process", database, "smtp", relay.url]

        kill_and_finish(command, lambda: len(relay.mails), a_seeded_chance(), step=100)

        arrivals = Counter(str(message_from_bytes(mail.content)["Message-ID"]) for mail in relay.mails)
    states = states_of(database)
    assert planned == 600
    assert states[DeliveryState.SENT] + states[DeliveryState.UNKNOWN] == planned
    assert states[DeliveryState.UNKNOWN] <= WORKERS * KILLS
    assert max(arrivals.values()) == 1
    assert len(arrivals) >= states[DeliveryState.SENT]


def test_killed_posting_leaves_nothing_unknown_that_the_history_shows(tmp_path: Path) -> None:
    database = url_of(tmp_path / "recap.db")
    with SlackServer() as slack:
        planned = plan(database, "slack", slack.url, a_route(destinations=slack_to("C0FOUNDERS", "C0RESEARCH")))
        command = [sys.executable, "-m", "tests.fakes.sending_process", database, "slack", slack.url]

        kill_and_finish(command, lambda: len(slack.posted), a_seeded_chance(), step=15)

        arrivals = Counter(json.dumps([each.channel, each.arguments["metadata"]]) for each in slack.posted)
    states = states_of(database)
    assert planned == 80
    assert max(arrivals.values()) == 1
    assert states[DeliveryState.SENT] == len(arrivals)
    if states[DeliveryState.UNKNOWN] == 0:
        assert len(arrivals) == planned
