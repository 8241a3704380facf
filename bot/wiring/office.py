"""What operators do to lists and people, put together: every use case as one call."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from bot.adapters import people_csv
from bot.model.errors import NotFound
from bot.model.policy import MailingList
from bot.model.subscriber import SubscriptionState
from bot.ports import Store
from bot.wiring.use_cases import Bot
from bot.workflows import export_people, import_people, keep_lists
from bot.workflows.handle_bounce import EVERY_LIST
from bot.workflows.import_people import ImportPlan, ImportReport, Told
from bot.workflows.keep_lists import Overview, Record

__all__ = ["ImportReport", "Office", "Overview", "Record", "Told"]


@dataclass(frozen=True, slots=True)
class Office:
    """The lists and their people."""

    bot: Bot

    @property
    def store(self) -> Store:
        """Where people are kept."""
        return self.bot.store

    def list_named(self, name: str | None) -> MailingList:
        """Return the list of that id, or the only one. Raises: NotFound."""
        lists = {each.id: each for each in self.bot.settings.recap.lists}
        if name is None and len(lists) == 1:
            return next(iter(lists.values()))
        if name is None or name not in lists:
            said = f"'{name}' is no list." if name else "Name the list by --list."
            raise NotFound(f"{said} recap.yaml has: {', '.join(lists) or 'none'}.")
        return lists[name]

    def import_people(
        self,
        file: BinaryIO,
        *,
        form: str,
        list_id: str | None,
        consent: str,
        encoding: str,
        is_rehearsal: bool,
        now: datetime,
        tell: Callable[[Told], None],
    ) -> ImportReport:
        """Add the people of a CSV file to a list. Raises: NotFound, NotAllowed."""
        mailing_list = self.list_named(list_id)
        language = self.bot.settings.recap.languages[0]
        offer = self.bot.people.offer(mailing_list, language=language)
        plan = ImportPlan(offer=offer, consent=consent, form=form, is_rehearsal=is_rehearsal)
        rows = people_csv.read(file, encoding=encoding)
        return import_people.import_people(rows, plan=plan, store=self.store, now=now, tell=tell)

    def export(
        self, list_id: str | None, *, states: frozenset[SubscriptionState], with_suppressed: bool
    ) -> Iterator[str]:
        """Yield the lines of a CSV file of a list's people. Raises: NotFound."""
        name = self.list_named(list_id).id
        rows = export_people.rows(name, store=self.store, states=states, with_suppressed=with_suppressed)
        return people_csv.write(export_people.COLUMNS, rows)

    def overview(self, *, now: datetime) -> Overview:
        """Return how the lists stand."""
        return keep_lists.overview(store=self.store, now=now)

    def record(self, address: str, *, now: datetime) -> Record:
        """Return all that is known of an address. Raises: NotFound."""
        return keep_lists.record(address, store=self.store, now=now)

    def suppress(self, address: str, *, list_id: str | None, reason: str, now: datetime) -> None:
        """Never write there again. Raises: NotFound."""
        keep_lists.suppress(address, list_id=self._scope(list_id), reason=reason, store=self.store, now=now)

    def unsuppress(self, address: str, *, list_id: str | None) -> None:
        """Let an address be written to again. Raises: NotFound, NotAllowed."""
        keep_lists.unsuppress(address, list_id=self._scope(list_id), store=self.store)

    def pause(self, address: str, *, list_id: str | None, until: datetime | None, now: datetime) -> int:
        """Send nothing for a while; return how many subscriptions. Raises: NotFound."""
        return keep_lists.pause(address, list_id=self._scope(list_id), until=until, store=self.store, now=now)

    def resume(self, address: str, *, list_id: str | None, now: datetime) -> int:
        """Send again; return how many subscriptions. Raises: NotFound."""
        return keep_lists.resume(address, list_id=self._scope(list_id), store=self.store, now=now)

    def erase(self, address: str) -> None:
        """Forget a person. Raises: NotFound."""
        keep_lists.erase(address, store=self.store)

    def _scope(self, list_id: str | None) -> str:
        return self.list_named(list_id).id if list_id else EVERY_LIST
