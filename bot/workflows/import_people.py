"""Bring people onto a list from a file: only with their consent, and never those who must not be written to."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.model.roll import Row
from bot.model.subscriber import (
    Subscriber,
    Subscription,
    SubscriptionState,
    address_hash,
    subscriber_id_of,
    subscription_id,
)
from bot.ports import Store
from bot.workflows import people_rows
from bot.workflows.people_rows import Fate, Unfit
from bot.workflows.subscribing import choices
from bot.workflows.subscribing.choices import EVERYTHING, Offer

BATCH = 500
"""People stored in one transaction."""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one row that was not simply added."""

    row: int
    fate: Fate
    reason: str

    def __str__(self) -> str:
        """Return the line an operator reads."""
        return f"row {self.row}: {self.reason}"


@dataclass(slots=True)
class ImportReport:
    """What an import did, or would do."""

    list_id: str
    added: int = 0
    left_out: int = 0
    failed: int = 0
    unknown_columns: list[str] = field(default_factory=list)
    """Of the file: an import makes nothing of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """Onto which list, and what the rows need not say."""

    offer: Offer
    consent: str
    """What all of them agreed to, word for word; empty where the rows say so themselves."""
    form: str
    """Where the consent comes from, such as `import:people.csv`."""
    is_rehearsal: bool = False
    """Nothing is stored."""

    @property
    def list_id(self) -> str:
        """The list's id."""
        return self.offer.mailing_list.id


@dataclass(slots=True)
class _Run:
    plan: ImportPlan
    store: Store
    now: datetime
    barred: dict[str, str] = field(default_factory=dict)
    """Address hash → why we must not write there."""
    seen: dict[str, int] = field(default_factory=dict)
    """Address hash → the row that had it first."""


def import_people(
    rows: Iterable[Row], *, plan: ImportPlan, store: Store, now: datetime, tell: Callable[[Told], None]
) -> ImportReport:
    """
    Add the people of *rows* to a list, 500 at a time, and *tell* of each row that is not added.

    Who is on the list in any state, or suppressed, stays as they are: an import undoes no decision of a reader's.
    """
    barred = {
        each.address_hash: each.reason
        for each in store.load_suppressions()
        if each.list_id in (plan.list_id, EVERYTHING)
    }
    run, report = _Run(plan, store, now, barred), ImportReport(plan.list_id)
    for batch in _batches(rows):
        told = _take(batch, run, report)
        for each in sorted(told, key=lambda each: each.row):
            report.failed += each.fate is Fate.FAILED
            report.left_out += each.fate is Fate.LEFT_OUT
            tell(each)
    return report


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch


def _take(batch: Sequence[Row], run: _Run, report: ImportReport) -> list[Told]:
    """Add the people of *batch*; return what is told of those who were not added."""
    told: list[Told] = []
    fit: list[tuple[int, Subscriber, Subscription]] = []
    for row in batch:
        if row.cells:
            report.unknown_columns = report.unknown_columns or people_rows.unknown_columns(row)
        try:
            fit.append((row.number, *_person(row, run)))
        except Unfit as exc:
            told.append(Told(row.number, exc.fate, exc.reason))
    known = run.store.load_of_list(run.plan.list_id, [person.id for _, person, _ in fit])
    told += [Told(number, Fate.LEFT_OUT, _KNOWN[known[who.id].state]) for number, who, _ in fit if who.id in known]
    new = [(person, subscription) for _, person, subscription in fit if person.id not in known]
    if not run.plan.is_rehearsal:
        run.store.save_newcomers(new)
    report.added += len(new)
    return told


_KNOWN = {
    SubscriptionState.ACTIVE: "is on the list already, and stays as they are",
    SubscriptionState.PAUSED: "is on the list already, and paused",
    SubscriptionState.PENDING: "has signed up already, and has yet to confirm",
    SubscriptionState.ENDED: "left the list; only they can come back, by signing up",
}


def _person(row: Row, run: _Run) -> tuple[Subscriber, Subscription]:
    """Return whom *row* adds. Raises: Unfit."""
    if row.fault:
        raise Unfit(Fate.FAILED, row.fault)
    cells = people_rows.named(row)
    address = choices.address(cells.get("address", ""))
    if not address:
        raise Unfit(Fate.FAILED, f"'{people_rows.short(cells.get('address', ''))}' is no mail address")
    hashed = address_hash(address)
    if hashed in run.seen:
        raise Unfit(Fate.LEFT_OUT, f"has the address of row {run.seen[hashed]}")
    if cells.get("state", "").lower() not in people_rows.IS_ON:
        raise Unfit(Fate.LEFT_OUT, f"is '{people_rows.short(cells['state'])}' where they come from")
    if hashed in run.barred:
        raise Unfit(Fate.LEFT_OUT, f"must not be written to ({run.barred[hashed]})")
    chosen = people_rows.chosen(cells, run.plan.offer)
    text, at = people_rows.consent(cells, otherwise=run.plan.consent, now=run.now)
    person = Subscriber(
        id=subscriber_id_of(hashed),
        address=address,
        language=chosen.language,
        timezone=chosen.timezone,
        created_at=run.now,
    )
    subscription = Subscription(
        id=subscription_id(person.id, run.plan.list_id),
        subscriber_id=person.id,
        list_id=run.plan.list_id,
        state=SubscriptionState.ACTIVE,
        consented_at=at,
        consent_text=text,
        consent_form=run.plan.form,
        created_at=run.now,
        changed_at=run.now,
    )
    run.seen[hashed] = row.number
    return person, chosen.applied_to(subscription)
