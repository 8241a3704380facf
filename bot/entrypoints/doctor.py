"""Examine everything outside, and say how to mend what is wrong."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.adapters import dns
from bot.deliver import records
from bot.model.errors import AnalysisError, DeliveryError, StorageError
from bot.model.route import Medium, Route
from bot.model.subscriber import BounceKind
from bot.wiring import Bot, composition
from bot.wiring.returns import PROVIDERS
from bot.workflows import keep_lists, keep_routes, keep_time, shut_destinations
from bot.workflows.shut_destinations import MEND

Level = Literal["ok", "note", "fault"]

CLOCK_SLACK = timedelta(minutes=5)
"""Machines that share a database may differ by that much."""

QUEUE_PATIENCE = timedelta(minutes=30)
"""10,000 mails take as long at six a second; who waits longer should be looked at."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one thing outside."""

    subject: str
    level: Level
    text: str


def examine(bot: Bot, *, now: datetime) -> list[Finding]:
    """Return what is right and what is wrong, in the order of the way of the data."""
    stored = list(_database(bot))
    findings = [*_config(bot), *stored]
    has_store = not any(finding.level == "fault" for finding in stored) and not bot.store.is_missing()
    if has_store:
        findings += [
            *_queue(bot, now),
            *_sources(bot),
            *_clock(bot, now),
            *_routes(bot, now),
            *_shut(bot),
            *_came_back(bot, now),
        ]
    routes = bot.desk.load_routes() if has_store else bot.settings.routes
    checks: tuple[Callable[[], Iterator[Finding]], ...] = (
        lambda: _embedder(bot),
        lambda: _analyst(bot, now, has_store=has_store),
        lambda: _senders(bot, routes),
        lambda: _domains(bot),
        lambda: _slack_app(bot, routes, has_store=has_store),
        lambda: _web(bot),
        lambda: _sign_up(bot),
        lambda: _ways_back(bot),
        lambda: _schedule(bot, routes, now),
    )
    return findings + [finding for check in checks for finding in check()]


def _config(bot: Bot) -> Iterator[Finding]:
    settings = bot.settings
    counts = f"{len(settings.sources)} sources, {len(settings.audiences)} audiences, {len(settings.routes)} routes"
    yield Finding("config", "ok", f"{settings.directory} has no faults: {counts}.")
    if not settings.secret_keys:
        mend = "set it before mail goes out, so that links to leave a list keep working"
        yield Finding("config", "note", f"RECAP_SECRET_KEY is not set: {mend}.")


def _database(bot: Bot) -> Iterator[Finding]:
    try:
        bot.store.check_writing()
        if bot.store.is_missing():
            yield Finding("database", "note", "There is none yet; the first `recap run` makes it.")
            return
        bot.store.check()
    except StorageError as exc:
        yield Finding("database", "fault", str(exc))
    else:
        yield Finding("database", "ok", "can be read and written, and has this release's schema.")


def _queue(bot: Bot, now: datetime) -> Iterator[Finding]:
    if bot.jobs is None:
        return
    try:
        bot.jobs.check()
        state = bot.jobs.load_state()
    except StorageError as exc:
        yield Finding("queue", "fault", str(exc))
        return
    since = f"; the oldest waits since {state.waiting_since:%Y-%m-%d %H:%M} UTC" if state.waiting_since else ""
    if not state.workers:
        yield Finding(
            "queue", "fault", f"no worker shows life, and {state.chunks} jobs wait{since}: start `recap worker`."
        )
    elif state.waiting_since and now - state.waiting_since > QUEUE_PATIENCE:
        mend = "is the relay slow (`smtp_rate`, `smtp_connections`), or does the workers' log name a failure?"
        yield Finding("queue", "note", f"{state.workers} workers, but {state.chunks} jobs are left{since}: {mend}")
    else:
        yield Finding("queue", "ok", f"{state.workers} workers; {state.chunks} jobs wait or are worked on.")


def _sources(bot: Bot) -> Iterator[Finding]:
    states = bot.store.load_source_states()
    ours = [states[source.slug] for source in bot.settings.sources if source.slug in states]
    failing = [state for state in ours if state.failures and not state.retired_at]
    for state in failing:
        times = "once" if state.failures == 1 else f"{state.failures} times in a row"
        again = f" Next try {state.next_due_at:%Y-%m-%d %H:%M} UTC." if state.next_due_at else ""
        yield Finding("sources", "fault", f"{state.slug} failed {times}: {state.last_error}{again}")
    for state in (state for state in ours if state.retired_at):
        yield Finding("sources", "note", f"{state.slug} was retired by its publisher: take it out of sources.yaml.")
    if not failing:
        read = sum(1 for state in ours if state.last_success_at)
        yield Finding("sources", "ok", f"{read} of {len(bot.settings.sources)} were read; none fails.")


def _clock(bot: Bot, now: datetime) -> Iterator[Finding]:
    polled = [state.last_polled_at for state in bot.store.load_source_states().values() if state.last_polled_at]
    if polled and max(polled) > now + CLOCK_SLACK:
        behind = f"{now:%Y-%m-%d %H:%M} UTC is before the last poll of a source ({max(polled):%Y-%m-%d %H:%M})"
        yield Finding("clock", "fault", f"{behind}: set the clock of this machine.")


def _embedder(bot: Bot) -> Iterator[Finding]:
    name = bot.desk.embedder.name
    yield Finding("languages", "ok" if name else "note", f"titles are compared by {name or 'their words only'}.")
    for note in bot.notes:
        yield Finding("languages", "note", note)


def _analyst(bot: Bot, now: datetime, *, has_store: bool) -> Iterator[Finding]:
    try:
        said = bot.desk.analyst.check()
    except AnalysisError as exc:
        yield Finding("analyst", "fault", f"{exc.detail} Until then every insight is extracted from the sources.")
        return
    yield Finding("analyst", "ok", said or "insights are extracted from the sources; no language model is set.")
    budget = bot.settings.llm_policy.weekly_budget
    if said and has_store:
        spent = sum(usage.cost for usage in bot.store.load_usage(since=bot.desk.week_of(now).starts_at))
        yield Finding("analyst", "ok", f"spent this week: {spent:.2f}{'' if budget is None else f' of {budget:g}'}.")


def _senders(bot: Bot, routes: Sequence[Route]) -> Iterator[Finding]:
    for medium in Medium:
        sender = bot.senders[medium]
        places = {place.id for route in routes for place in route.destinations if place.medium == medium}
        try:
            found = sender.check(sorted(places))
        except DeliveryError as exc:
            yield Finding(medium, "fault", str(exc))
            continue
        if sender.name == "outbox":
            yield Finding(medium, "note", f"has no credentials: goes to the outbox in {bot.settings.outbox}.")
        else:
            yield Finding(medium, "ok", found.text)
        yield from (Finding(medium, "fault", fault) for fault in found.faults)
        yield from (Finding(medium, "note", note) for note in found.notes)


def _routes(bot: Bot, now: datetime) -> Iterator[Finding]:
    """Yield which channels have routes of their own, and which of these are not used."""
    own = [each for each in keep_routes.standings({}, desk=bot.desk, now=now) if each.route.origin != "config"]
    if used := [each.route.name for each in own if not each.shadowed_by]:
        yield Finding("routes", "ok", f"channels with a route of their own (`/recap route`): {', '.join(used)}.")
    for each in own:
        if each.shadowed_by:
            said = f"{each.route.id} of {each.route.name} is not used: '{each.shadowed_by}' of routes.yaml goes there"
            yield Finding("routes", "note", f"{said}; `recap routes remove {each.route.id}` tidies up.")


def _shut(bot: Bot) -> Iterator[Finding]:
    for shut, routes in shut_destinations.of_routes(bot.desk.load_routes(), store=bot.store):
        since = f"since {shut.since:%Y-%m-%d %H:%M} UTC"
        yield Finding(
            "slack",
            "fault",
            f"{shut.destination} (route {', '.join(routes)}) takes nothing {since}: {shut.reason}; {MEND}.",
        )


def _domains(bot: Bot) -> Iterator[Finding]:
    """Yield what the DNS of the senders' domains says, where mail really goes out."""
    if bot.senders[Medium.EMAIL].name == "outbox":
        return
    mailboxes = [bot.settings.email_from or each.sender for each in bot.settings.recap.lists]
    named = (parseaddr(mailbox)[1].rpartition("@")[2].lower() for mailbox in mailboxes)
    domains = list(dict.fromkeys(filter(None, named)))
    key = composition.dkim_key(bot.settings)
    look_up = dns.TextRecords().fetch_each(name for domain in domains for name in records.names(domain, dkim=key))
    for domain in domains:
        for found in records.judge(domain, look_up=look_up, dkim=key):
            yield Finding(f"mail {domain}", found.level, found.text)


def _slack_app(bot: Bot, routes: Sequence[Route], *, has_store: bool) -> Iterator[Finding]:
    if bot.settings.slack_token:
        from bot.entrypoints.slack_app import examine  # Bolt takes long to load

        shut = bot.store.load_shut() if has_store else []
        found = examine.review(bot.settings, routes, sender=bot.senders[Medium.SLACK], shut=shut)
        for subject, said in (("slack app", examine.findings(bot.settings)), ("review", found)):
            yield from (Finding(subject, level, text) for level, text in said)


def _web(bot: Bot) -> Iterator[Finding]:
    url = bot.settings.base_url
    host = urlsplit(url).hostname or ""
    sends = any(sender.name != "outbox" for sender in bot.senders.values())
    if host == "localhost" or host.startswith("127.") or host == "::1":
        level: Level = "fault" if sends else "note"
        mend = ": set RECAP_BASE_URL to the address that readers can reach" if sends else ""
        yield Finding("web", level, f"links lead to {url} (this machine only){mend}.")
    elif not url.startswith("https://"):
        mend = "put https in front of it and set RECAP_BASE_URL to that: one click to leave a list needs it (RFC 8058)"
        yield Finding("web", "fault", f"links lead to {url} without encryption; {mend}.")
    else:
        yield Finding("web", "ok", f"links lead to {url}.")


def _sign_up(bot: Bot) -> Iterator[Finding]:
    people = bot.people
    if missing := people.missing():
        yield Finding("sign-up", "note", f"is closed: set {missing}, and {bot.settings.base_url}/subscribe opens.")
    elif people.lists:
        names = ", ".join(each.id for each in people.lists)
        yield Finding("sign-up", "ok", f"{bot.settings.base_url}/subscribe takes readers for {names}.")


def _came_back(bot: Bot, now: datetime) -> Iterator[Finding]:
    since = now - keep_lists.COUNTED
    for fault in bot.store.load_bounces_of(BounceKind.POLICY, since=since, limit=1):
        said = f"{fault.status} {fault.diagnostic}".strip()
        mend = "mend SPF, DKIM, DMARC or the sender's standing; the readers stay"
        yield Finding(
            "bounces", "fault", f"mail is refused for a fault of ours, last {fault.bounced_at:%F}: {said}; {mend}."
        )
    for totals in bot.store.count_mails(since=since):
        rate = f"{totals.complaints} complaints about {totals.sent} mails of {totals.list_id} in four weeks"
        if totals.complaint_rate >= keep_lists.ALARM_RATE:
            mend = "providers will block you: send only to who asked for it, and show the way out"
            yield Finding("bounces", "fault", f"{rate}, {totals.complaint_rate:.2%}; {mend}.")
        elif totals.complaint_rate >= keep_lists.WATCH_RATE:
            yield Finding(
                "bounces", "note", f"{rate}, {totals.complaint_rate:.2%}: stay under {keep_lists.WATCH_RATE:.1%}."
            )


def _ways_back(bot: Bot) -> Iterator[Finding]:
    settings = bot.settings
    for provider in settings.webhook_keys.keys() - PROVIDERS.keys():
        known = ", ".join(name.upper() for name in PROVIDERS)
        fault = f"RECAP_WEBHOOK_{provider.upper()}_KEY names no provider that we know; known: {known}."
        yield Finding("bounces", "fault", fault)
    if settings.smtp_url is None or settings.webhook_keys:
        return
    for each in settings.recap.lists:
        if not each.bounce_address:
            mend = "add `bounce_address` to it in recap.yaml and pipe that into `recap bounce`"
            yield Finding("bounces", "note", f"nobody counts what comes back of the list {each.id}; {mend}.")


def _schedule(bot: Bot, routes: Sequence[Route], now: datetime) -> Iterator[Finding]:
    zone = bot.settings.recap.zone
    yield Finding("schedule", "ok", f"it is {_local(now, zone)}; UTC {now:%Y-%m-%d %H:%M}.")
    build = keep_time.next_build(desk=bot.desk, now=now)
    covered = bot.desk.week_of(build).previous.id
    yield Finding("schedule", "ok", f"{covered} is built {_local(build, zone)}{_change(now, build, zone)}.")
    for route in routes:
        yield _slot(route, keep_time.next_slot(route, desk=bot.desk, now=now), build=build, now=now)


def _slot(route: Route, slot: datetime, *, build: datetime, now: datetime) -> Finding:
    local = slot.astimezone(ZoneInfo(route.timezone))
    said = f"route {route.id} sends {_local(slot, route.timezone)}{_change(now, slot, route.timezone)}"
    if slot - build > keep_routes.LONG_WAIT:
        days = (slot - build).days
        return Finding("schedule", "note", f"{said}, {days} days after the build: choose a later time or another day.")
    if f"{local:%H:%M}" != route.time:
        return Finding("schedule", "note", f"{said}; the clocks skip {route.time} that day.")
    return Finding("schedule", "ok", f"{said}.")


def _local(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    offset = f"{local:%z}"
    return f"{local:%a %Y-%m-%d %H:%M} in {zone} (UTC{offset[:3]}:{offset[3:5]})"


def _change(now: datetime, then: datetime, zone: str) -> str:
    local = ZoneInfo(zone)
    if now.astimezone(local).utcoffset() == then.astimezone(local).utcoffset():
        return ""
    return ", after the clocks change"
