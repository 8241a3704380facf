"""Evaluate the grounding: what is shown of extracted and of scripted answers, of falsehoods and of paraphrases."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from bot.analyze import extract, ground, planted, scripted
from bot.analyze.ground import Grounded
from bot.analyze.planted import Planted
from bot.model.article import Article
from bot.model.event import Dossier
from bot.model.insight import Claim
from bot.model.policy import ClusterPolicy, Playbook
from bot.understand import cluster

PLANTED = 200
"""Falsehoods and paraphrases each, where the articles give so many."""
SEED = 5


@dataclass(frozen=True, slots=True)
class Analyst:
    """What one analyst's sentences came to."""

    name: str
    """`extractive`, or the character of the scripted answers."""
    drafted: int
    kept: int
    repaired: int
    dropped: int
    grounded: int
    """Of those kept and repaired, how many stand when checked anew."""


@dataclass(frozen=True, slots=True)
class PlantedKind:
    """What became of one kind of planted sentences."""

    kind: str
    planted: int
    kept: int
    repaired: int
    """Mended: other words than the planted ones are shown."""
    dropped: int


@dataclass(frozen=True, slots=True)
class Missed:
    """A sentence that was judged wrongly."""

    kind: str
    text: str
    quote: str
    reason: str
    """Why it was dropped or mended; empty where it was kept."""


@dataclass(frozen=True, slots=True)
class Grounding:
    """What was measured on one set of articles."""

    data: str
    articles: int
    events: int
    analysts: tuple[Analyst, ...]
    falsehoods: tuple[PlantedKind, ...]
    paraphrases: tuple[PlantedKind, ...]
    falsehoods_shown: tuple[Missed, ...] = ()
    paraphrases_dropped: tuple[Missed, ...] = ()


@dataclass(slots=True)
class _Tally:
    """Counts per kind, and what was judged wrongly."""

    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    wrong: list[Missed] = field(default_factory=list)

    def kinds(self) -> tuple[PlantedKind, ...]:
        return tuple(
            PlantedKind(kind, count.total(), count["kept"], count["repaired"], count["dropped"])
            for kind, count in self.counts.items()
        )


def grounding(
    name: str,
    articles: Sequence[Article],
    *,
    policy: ClusterPolicy,
    mistakes: int,
    on_progress: Callable[[str], None],
) -> Grounding:
    """Return what is measured on *articles*, called *name*; at most so many *mistakes* of each kind are listed."""
    on_progress(f"{name}: finding events")
    dossiers = _dossiers(articles, policy)
    on_progress(f"{name}: extracting")
    extracted = _extracted(dossiers)
    on_progress(f"{name}: planting")
    false = _judged(planted.falsehoods(dossiers, seed=SEED, count=PLANTED), should_stand=False)
    true = _judged(planted.paraphrases(dossiers, seed=SEED, count=PLANTED), should_stand=True)
    answers = [_answered(character, dossiers) for character in scripted.CHARACTERS]
    return Grounding(
        data=name,
        articles=len(articles),
        events=len(dossiers),
        analysts=(extracted, *answers),
        falsehoods=false.kinds(),
        paraphrases=true.kinds(),
        falsehoods_shown=tuple(false.wrong[:mistakes]),
        paraphrases_dropped=tuple(true.wrong[:mistakes]),
    )


def _dossiers(articles: Sequence[Article], policy: ClusterPolicy) -> list[Dossier]:
    now = max(article.collected_at for article in articles)
    joined = cluster.into_events(articles, [], vectors={}, policy=policy, now=now)
    event_of = {membership.article_id: membership.event_id for membership in joined.memberships}
    told: dict[str, list[Article]] = defaultdict(list)
    for article in sorted(articles, key=lambda article: (article.dated_at, article.id)):
        told[event_of[article.id]].append(article)
    return [Dossier(event, tuple(told[event.id])) for event in joined.events if event.id in told]


def _extracted(dossiers: Iterable[Dossier]) -> Analyst:
    kept = dropped = grounded = 0
    for dossier in dossiers:
        insight = extract.insight(
            dossier,
            audiences=(),
            playbook=Playbook(),
            language=dossier.event.language,
            earlier=(),
            now=dossier.event.last_published_at,
        )
        kept, dropped = kept + len(insight.claims), dropped + insight.dropped_claims
        grounded += _grounded(insight.claims, dossier)
    return Analyst("extractive", kept + dropped, kept, 0, dropped, grounded)


def _grounded(claims: Iterable[Claim], dossier: Dossier) -> int:
    articles = {article.id: article for article in dossier.articles}
    return sum(1 for claim in claims if ground.check(claim, articles) is None and _is_verbatim(claim, dossier))


def _is_verbatim(claim: Claim, dossier: Dossier) -> bool:
    """Return whether each quote is, letter by letter, at its place in its article: checked apart from the grounding."""
    texts = {(article.id, in_title): article.title if in_title else article.text
             for article in dossier.articles for in_title in (True, False)}  # fmt: skip
    return all(
        texts[citation.article_id, citation.in_title][citation.start : citation.end] == citation.quote
        for citation in claim.citations
    )


def _answered(character: str, dossiers: Sequence[Dossier]) -> Analyst:
    results = [
        (dossier, drafts, ground.claims(drafts, dossier))
        for dossier, drafts in scripted.answers(character, dossiers, seed=SEED)
    ]
    return Analyst(
        name=character,
        drafted=sum(len(drafts) for _, drafts, _ in results),
        kept=sum(len(found.kept) for _, _, found in results),
        repaired=sum(len(found.repaired) for _, _, found in results),
        dropped=sum(len(found.dropped) for _, _, found in results),
        grounded=sum(_grounded(found.shown, dossier) for dossier, _, found in results),
    )


def _judged(sentences: Iterable[Planted], *, should_stand: bool) -> _Tally:
    tally = _Tally()
    for each in sentences:
        found = ground.claims([each.draft], each.dossier)
        fate = "kept" if found.kept else "repaired" if found.repaired else "dropped"
        tally.counts[each.kind][fate] += 1
        if (fate == "dropped") == should_stand:
            quote = each.draft.quotes[0].text
            tally.wrong.append(Missed(each.kind, each.draft.text, quote, _reason(found)))
    return tally


def _reason(found: Grounded) -> str:
    dropped = [each.reason for each in found.dropped]
    return next(iter([*dropped, *(each.reason for each in found.repaired)]), "")
