"""Sections: the headings that a digest's cards are put under."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bot.model.audience import AudienceMatch
from bot.model.digest import Card, Digest, DigestSection
from bot.model.policy import CardPolicy
from bot.model.route import Route, Sectioning
from bot.model.values import EventId, Language
from bot.ports import Renderer

_EVERYBODY = "*"


def of_cards(
    cards: Sequence[Card],
    route: Route,
    *,
    topics: Mapping[EventId, Sequence[str]],
    policy: CardPolicy,
    renderer: Renderer,
) -> list[DigestSection]:
    """
    Return the sections of *cards* (best first), those with the best cards first; none where the route asks for none.

    A card stands under its best audience of the route's, or under that one of its *topics* (of the route's,
    where it names some) which most cards have; what has none comes last, under "More".
    """
    if route.sections == Sectioning.NONE:
        return []
    by_audience = route.sections == Sectioning.AUDIENCE
    ids = [_audience(card, route) for card in cards] if by_audience else _topics(cards, route, topics)
    held: dict[str, list[EventId]] = {}
    for section, card in zip(ids, cards, strict=True):
        held.setdefault(section, []).append(card.event_id)
    names = _names(policy, route.language) if by_audience else {}
    rest = renderer.render("words/more.txt.j2", language=route.language).strip()
    return _rest_last(
        DigestSection(id=section, title=names.get(section, section) or rest, event_ids=events)
        for section, events in held.items()
    )


def kept(sections: Sequence[DigestSection], cards: Sequence[Card]) -> list[DigestSection]:
    """
    Return *sections* with just *cards*, after an editor dropped or moved some.

    Sections follow the order of their first cards, the last one stays last; a card of no section joins the last.
    """
    if not sections:
        return []
    places = {event: number for number, section in enumerate(sections) for event in section.event_ids}
    held: dict[int, list[EventId]] = {}
    for card in cards:
        held.setdefault(places.get(card.event_id, len(sections) - 1), []).append(card.event_id)
    return _rest_last(sections[number].model_copy(update={"event_ids": events}) for number, events in held.items())


def merged(digests: Sequence[Digest], cards: Sequence[Card]) -> list[DigestSection]:
    """
    Return the sections of *digests* as those of one page with *cards* (best first); none unless all have some.

    A card that several digests show stands where the first of them puts it.
    """
    told = [digest for digest in digests if digest.cards]
    if not all(digest.sections for digest in told):
        return []
    section_of: dict[EventId, DigestSection] = {}
    for section in (section for digest in told for section in digest.sections):
        for event in section.event_ids:
            section_of.setdefault(event, section)
    held: dict[str, list[EventId]] = {}
    titles: dict[str, str] = {}
    for card in cards:
        if own := section_of.get(card.event_id):
            titles.setdefault(own.id, own.title)
            held.setdefault(own.id, []).append(card.event_id)
    return _rest_last(DigestSection(id=of, title=titles[of], event_ids=events) for of, events in held.items())


def in_order(cards: Sequence[Card], sections: Sequence[DigestSection]) -> list[Card]:
    """Return *cards* section by section, those of none last; as they are where there are no sections."""
    if not sections:
        return list(cards)
    by_id = {card.event_id: card for card in cards}
    listed = (event for section in sections for event in section.event_ids if event in by_id)
    return [by_id[event] for event in dict.fromkeys([*listed, *by_id])]


def headings(sections: Sequence[DigestSection], cards: Sequence[Card]) -> dict[EventId, str]:
    """Return the title of each section by the first of *cards*, which are in the sections' order, that it holds."""
    shown = {card.event_id for card in cards}
    firsts = ((next((event for event in section.event_ids if event in shown), ""), section) for section in sections)
    return {event: section.title for event, section in firsts if event}


def _rest_last(sections: Iterable[DigestSection]) -> list[DigestSection]:
    return sorted(sections, key=lambda section: not section.id)


def _audience(card: Card, route: Route) -> str:
    is_open = not route.audiences or _EVERYBODY in route.audiences
    wanted: list[AudienceMatch] = [match for match in card.audiences if is_open or match.id in route.audiences]
    best = max(wanted, key=lambda match: (match.confidence, match.id), default=None)
    return best.id if best else ""


def _topics(cards: Sequence[Card], route: Route, topics: Mapping[EventId, Sequence[str]]) -> list[str]:
    wanted = [
        [topic for topic in topics.get(card.event_id, ()) if not route.topics or topic in route.topics]
        for card in cards
    ]
    counts = Counter(topic for own in wanted for topic in own)
    return [min(own, key=lambda topic: (-counts[topic], topic), default="") for own in wanted]


def _names(policy: CardPolicy, language: Language) -> Mapping[str, str]:
    return policy.audience_names | policy.audience_names_in.get(language, {})
