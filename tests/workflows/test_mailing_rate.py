"""How many mails go at a time, and how fast."""

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock

from bot.adapters.queue import InProcessQueue
from bot.adapters.storage.store import SqlStore
from bot.model.delivery import Delivery, Receipt
from bot.model.digest import Digest
from bot.model.policy import DeliverPolicy, MailingList
from bot.model.route import Medium
from bot.workflows import send_recap
from tests.builders import NOW
from tests.delivery_builders import LIST, a_digest, a_recap, a_route, mail_to
from tests.fakes.sender import FakeSender
from tests.fakes.stores import url_of


class WatchfulSender(FakeSender):
    """Remembers how many mails were under way at once."""

    def __init__(self) -> None:
        super().__init__("smtp", team="")
        self.most = 0
        self._under_way = 0
        self._count = Lock()

    def send(self, delivery: Delivery, digest: Digest, *, parent: Receipt | None) -> Receipt:
        with self._count:
            self._under_way += 1
            self.most = max(self.most, self._under_way)
        receipt = super().send(delivery, digest, parent=parent)
        with self._count:
            self._under_way -= 1
        return receipt


class Watch:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = NOW

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def mailed(folder: Path, policy: DeliverPolicy, *, readers: int) -> tuple[WatchfulSender, datetime]:
    smtp, watch = WatchfulSender(), Watch()
    members = tuple(f"r{number}@reader.example" for number in range(readers))
    weekly = MailingList("weekly", "Weekly", LIST.sender, "1 Quay", members=members)
    with closing(SqlStore(url_of(folder / "recap.db"))) as store:
        store.save_edition(a_recap(), [a_digest()], [])
        route = a_route(destinations=mail_to("weekly"))
        send_recap.plan_deliveries(
            a_recap(),
            [a_digest()],
            [route],
            store=store,
            senders={Medium.EMAIL: smtp},
            lists=[weekly],
            now=NOW,
            at_once=True,
        )
        send_recap.send(
            store=store,
            senders={"smtp": smtp},
            queue=InProcessQueue(workers=8),
            policy=policy,
            now=lambda: watch.now,
            jitter=lambda: 0.0,
            sleep=watch.sleep,
        )
    return smtp, watch.now


def test_one_connection_carries_one_mail_at_a_time(tmp_path: Path) -> None:
    smtp, ended_at = mailed(tmp_path, DeliverPolicy(smtp_connections=1), readers=120)

    assert (len(smtp.sent), smtp.most) == (120, 1)
    assert ended_at == NOW


def test_several_connections_carry_no_more_than_so_many(tmp_path: Path) -> None:
    smtp, _ = mailed(tmp_path, DeliverPolicy(smtp_connections=3), readers=220)

    assert len({delivery.id for delivery, _ in smtp.sent}) == 220
    assert smtp.most <= 3


def test_mails_keep_to_the_rate(tmp_path: Path) -> None:
    smtp, ended_at = mailed(tmp_path, DeliverPolicy(smtp_connections=1, smtp_rate=2), readers=5)

    assert len(smtp.sent) == 5
    assert ended_at == NOW + timedelta(seconds=2)
