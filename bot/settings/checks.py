"""What must agree across entries and files. Works on raw documents, so that one bad value hides no other fault."""

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from bot.model.errors import Fault
from bot.model.hints import nearest
from bot.model.policy import RankPolicy
from bot.settings.documents import Document, Where

IDENTITIES = {
    "sources": ("sources", "slug"),
    "audiences": ("audiences", "id"),
    "routes": ("routes", "id"),
    "recap": ("lists", "id"),
    "playbook": ("kinds", "id"),
}
"""File → its list and the key that must be unique there."""


def every_fault(documents: Mapping[str, Document]) -> Iterator[Fault]:
    """Yield what does not agree in *documents* (by file stem; a file that could not be read is missing)."""
    for stem, (rows, key) in IDENTITIES.items():
        if stem in documents:
            yield from _duplicates(documents[stem], rows, key)
    if "recap" in documents:
        yield from _review(documents["recap"])
    if "routes" in documents:
        yield from _routes(documents)
    if "ranking" in documents:
        yield from _signals(documents["ranking"])
    if "playbook" in documents and documents["playbook"].is_own:
        yield from _playbook(documents)
    if "audiences" in documents and documents["audiences"].is_own:
        yield from _audiences(documents)


def mail_faults(documents: Mapping[str, Document], *, has_sender: bool) -> Iterator[Fault]:
    """Yield what email lists lack before they may be written to. Source: CONVENTIONS E1, E55."""
    if "recap" not in documents:
        return
    for where, row in documents["recap"].rows("lists"):
        name = f"list '{row.get('id', '?')}'"
        if not has_sender and not row.get("from"):
            yield documents["recap"].fault(where, f"{name} has no sender; add 'from' or set RECAP_EMAIL_FROM")
        if not row.get("postal_address"):
            yield documents["recap"].fault(where, f"{name} has no 'postal_address', which every newsletter must carry")


def queue_faults(documents: Mapping[str, Document], *, database_url: str) -> Iterator[Fault]:
    """Yield a fault where workers are to share a database that stands in a file."""
    root = documents["recap"].data if "recap" in documents else None
    if isinstance(root, dict) and root.get("queue") == "procrastinate" and database_url.startswith("sqlite"):
        mend = "set RECAP_DATABASE_URL to postgresql://…, or write in-process"
        yield documents["recap"].fault(("queue",), f"procrastinate needs PostgreSQL; {mend}")


def budget_faults(documents: Mapping[str, Document], *, model: str | None) -> Iterator[Fault]:
    """Yield a fault where the *model* (null: that of recap.yaml) has a budget without a price to reckon with."""
    root = documents["recap"].data if "recap" in documents else None
    given = root if isinstance(root, dict) else {}
    llm = given.get("llm")
    name = given.get("analyst") if model is None else model
    if not isinstance(llm, dict) or llm.get("weekly_budget") is None or name in (None, "", "extractive"):
        return
    prices = llm.get("prices")
    if str(name) not in (prices if isinstance(prices, dict) else ()):
        message = f"there is no price for {name} to reckon with; add it under llm.prices"
        yield documents["recap"].fault(("llm", "weekly_budget"), message)


def ids(documents: Mapping[str, Document], stem: str) -> set[str] | None:
    """Return the ids that a file declares, or null where the file could not be read."""
    if stem not in documents:
        return None
    rows, key = IDENTITIES[stem]
    return {str(row[key]) for _, row in documents[stem].rows(rows) if key in row}


def _duplicates(document: Document, rows: str, key: str) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for where, row in document.rows(rows):
        name = row.get(key)
        if not isinstance(name, str):
            continue
        if name in seen:
            message = f"{key} '{name}' is already taken in line {seen[name]}; choose another"
            yield document.fault((*where, key), message)
        seen.setdefault(name, document.values[(*where, key)][0])


def _review(recap: Document) -> Iterator[Fault]:
    root = recap.data if isinstance(recap.data, dict) else {}
    review, slack = root.get("review"), root.get("slack")
    only_admins = isinstance(review, dict) and review.get("editors") == "admins"
    if only_admins and isinstance(slack, dict) and slack.get("admins") == []:
        mend = "name some there, or write channel (whoever is in the editors' channel)"
        yield recap.fault(("review", "editors"), f"slack has no 'admins', so nobody may review; {mend}")


def _routes(documents: Mapping[str, Document]) -> Iterator[Fault]:
    routes = documents["routes"]
    audiences, lists, sources = (ids(documents, stem) for stem in ("audiences", "recap", "sources"))
    for where, route in routes.rows("routes"):
        for place, name in _texts(route.get("audiences"), (*where, "audiences")):
            yield from _unknown(routes, place, name, kind="audience", known=audiences, file="audiences.yaml")
        for place, name in _muted_or_boosted(route, where):
            yield from _unknown(routes, place, name, kind="source", known=sources, file="sources.yaml")
        seen: set[tuple[str, str]] = set()
        for place, medium, name in _destinations(route, where):
            if (medium, name) in seen:
                yield routes.fault(place, f"destination '{name}' is there twice; keep one")
            elif medium == "email":
                yield from _unknown(routes, place, name, kind="list", known=lists, file="the lists of recap.yaml")
            seen.add((medium, name))


def _muted_or_boosted(route: Mapping[str, JsonValue], where: Where) -> Iterator[tuple[Where, str]]:
    """Yield the sources that the rules of a route name."""
    for name in ("mute", "boost"):
        rule = route.get(name)
        if isinstance(rule, dict):
            yield from _texts(rule.get("sources"), (*where, name, "sources"))


def _destinations(route: Mapping[str, JsonValue], where: Where) -> Iterator[tuple[Where, str, str]]:
    rows = route.get("destinations")
    for index, row in enumerate(rows if isinstance(rows, list) else []):
        for medium, name in row.items() if isinstance(row, dict) else ():
            if medium in ("slack", "email") and isinstance(name, str):
                yield (*where, "destinations", index, medium), medium, name


def _signals(ranking: Document) -> Iterator[Fault]:
    weights = ranking.data.get("weights") if isinstance(ranking.data, dict) else None
    if not isinstance(weights, dict):
        return
    known = RankPolicy().weights
    for name in weights:
        if name not in known:
            yield ranking.fault(("weights", name), f"unknown signal '{name}'{nearest(name, known)}", at_key=True)
    if not any(weights.values()):
        yield ranking.fault(("weights",), "every weight is 0; give one signal a weight", at_key=True)


def _playbook(documents: Mapping[str, Document]) -> Iterator[Fault]:
    playbook = documents["playbook"]
    audiences, kinds = ids(documents, "audiences"), _kinds(documents)
    for where, row in playbook.rows("advice"):
        for place, name in _texts(row.get("kind"), (*where, "kind")):
            yield from _unknown(playbook, place, name, kind="kind", known=kinds, file="the kinds of this file")
        for place, name in _texts(row.get("audience"), (*where, "audience")):
            yield from _unknown(playbook, place, name, kind="audience", known=audiences, file="audiences.yaml")


def _audiences(documents: Mapping[str, Document]) -> Iterator[Fault]:
    audiences, kinds = documents["audiences"], _kinds(documents)
    for where, row in audiences.rows("audiences"):
        for place, name in _texts(row.get("kinds"), (*where, "kinds")):
            yield from _unknown(audiences, place, name, kind="kind", known=kinds, file="the kinds of playbook.yaml")


def _kinds(documents: Mapping[str, Document]) -> set[str] | None:
    """Return the kinds of events, or null where the playbook could not be read."""
    kinds = ids(documents, "playbook")
    return None if kinds is None else kinds | {"other"}


def _texts(value: JsonValue, where: Where) -> Iterator[tuple[Where, str]]:
    if isinstance(value, str):
        yield where, value
    for index, text in enumerate(value if isinstance(value, list) else []):
        if isinstance(text, str):
            yield (*where, index), text


def _unknown(
    document: Document, where: Where, name: str, *, kind: str, known: set[str] | None, file: str
) -> Iterator[Fault]:
    if known is not None and name != "*" and name not in known:
        yield document.fault(where, f"{kind} '{name}' is not in {file}{nearest(name, known)}")
