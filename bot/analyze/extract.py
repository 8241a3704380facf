"""An insight by extraction: sentences of the sources, counted facts and the playbook, nothing invented."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.analyze import (
    attribution,
    candidates,
    central,
    cues,
    ground,
    hooks,
    phrases,
    timeline,
    words,
)
from bot.analyze import (
    playbook as advisor,
)
from bot.analyze.candidates import Candidate
from bot.model.article import Article
from bot.model.audience import Audience
from bot.model.event import Dossier
from bot.model.insight import Claim, ClaimPart, Insight, insight_key
from bot.model.policy import Playbook
from bot.model.values import ArticleId, Language

ANALYST = "extractive"
VERSION = "extract-3"
"""Changes whenever the same event would get other lines."""
MAX_TAKEAWAYS = 5
MAX_IMPLICATIONS = 3
HOOK_CHARS = 1_500
"""Every event gets a hook, so it must be cheap; the first sentences are enough."""
NEWS_WITHIN = 5
"""Sentences at the head of an article among which what changed is looked for."""
OWN_ARTICLE = 1.25
"""What a sentence is worth that stands under the title of the card."""
LEAD_AS_REASON = 0.5
"""What the first sentence of an article is worth as a reason: it tells what changed once more."""
FACT_WORDS = 6
"""A shorter one without a number is an exclamation: "C’mon, get it together."."""
OWN = 0.5
"""What a sentence is worth that shares no word with the title; one that has all of its words is worth 1.5."""
NEWS_WORDS = 8
"""A shorter one without a number sets a mood: "Ivar Holm was riding high"."""
_CJK_DATE = re.compile(r"\d+\s?[年月日]")


@dataclass(slots=True)
class _Card:
    """The lines so far, so that none says the same again."""

    title: str
    lines: list[str] = field(default_factory=list)

    def is_new(self, candidate: Candidate) -> bool:
        if words.is_repetition(candidate.text, self.title):
            return False
        return not any(central.tell_the_same(candidate.text, line) for line in self.lines)

    def is_more(self, candidate: Candidate) -> bool:
        """Return whether the line adds something, although it may say what a line above says too."""
        return not any(words.is_repetition(candidate.text, line) for line in (self.title, *self.lines))

    def take(self, candidate: Candidate) -> Candidate:
        self.lines.append(candidate.text)
        return candidate


def hook(dossier: Dossier) -> str | None:
    """Return one line with who, what and the number that matters, or null where nothing is better than the title."""
    sentences = candidates.gather(dossier.articles, max_chars=HOOK_CHARS)
    found = hooks.find(dossier, dossier.event.language, sentences=sentences)
    return candidates.claim(found, ClaimPart.HOOK).text if found else None


def insight(
    dossier: Dossier,
    *,
    audiences: Sequence[Audience],
    playbook: Playbook,
    language: Language,
    earlier: Sequence[Dossier],
    now: datetime,
) -> Insight:
    """
    Return the insight of *dossier*, in sentences of *language* where its articles have some.

    *audiences* is the closed list; advice is given to those of them that the event concerns. *earlier* are the
    events of its thread before it, oldest first.
    """
    drawn = _claims(dossier, language=language, earlier=earlier)
    articles = _articles(dossier, earlier)
    sound, dropped = ground.sift(drawn, articles)
    known = {audience.id for audience in audiences}
    concerned = [match.id for match in dossier.event.audiences if match.id in known]
    key = insight_key(
        dossier.event.id, dossier.content_hash, language=language, analyst=ANALYST, prompt_version=VERSION
    )
    return Insight(
        key=key,
        event_id=dossier.event.id,
        content_hash=dossier.content_hash,
        language=language,
        analyst=ANALYST,
        prompt_version=VERSION,
        claims=sound,
        advice=advisor.advice(dossier, audiences=concerned, playbook=playbook, language=language),
        dropped_claims=len(dropped),
        dropped=dropped,
        made_at=now,
    )


def _articles(dossier: Dossier, earlier: Iterable[Dossier]) -> dict[ArticleId, Article]:
    return {article.id: article for told in (*earlier, dossier) for article in told.articles}


def _claims(dossier: Dossier, *, language: Language, earlier: Sequence[Dossier]) -> list[Claim]:
    sentences = candidates.gather(dossier.articles)
    pool = candidates.pool(sentences, language, otherwise=dossier.event.language)
    titles = [title for title in candidates.titles(dossier.articles) if pool and title.language == pool[0].language]
    ranking = central.rank(pool, titles)
    card = _Card(dossier.title_in(language)[0])
    first = hooks.find(dossier, language, sentences=sentences)
    top = [candidates.claim(card.take(first), ClaimPart.HOOK)] if first else []
    changed = _what_changed(ranking, card)
    why = _why_it_matters(ranking, card) or _computed(dossier, language)
    ahead = _implications(ranking, card, language=language)
    news = [line for line in pool if card.is_new(line)]
    steps = timeline.entries(dossier.articles, earlier=earlier, language=language, pool=news)
    card.lines.extend(step.text for step in steps if not step.is_computed)
    background = _background(earlier, card, language=language)
    takeaways = _takeaways(ranking, card, limit=MAX_TAKEAWAYS - len(background))
    return [*top, *changed, *why, *takeaways, *background, *ahead, *steps]


def _what_changed(ranking: central.Ranking, card: _Card) -> list[Claim]:
    told = [line for line in ranking.ordered() if _tells_the_news(line) and card.is_more(line)]
    found = max(told, key=lambda line: ranking.score(line) * _newsworth(line, card.title), default=None)
    return [candidates.claim(card.take(found), ClaimPart.WHAT_CHANGED)] if found else []


def _newsworth(line: Candidate, title: str) -> float:
    # An event may hold a second affair: what changed is told of the one that the title names, and early.
    own = OWN_ARTICLE if line.article.title == title else 1.0
    return own * (OWN + words.overlap(title, line.text)) * (1 + 1 / (1 + line.position))


def _tells_the_news(line: Candidate) -> bool:
    if line.position > NEWS_WITHIN or line.leans or cues.is_speech(line.text) or cues.is_chat(line.text):
        return False
    if words.count(line.text) < NEWS_WORDS and not re.search(r"\d", _CJK_DATE.sub("", line.text)):
        return False
    # A lead may look back ("used in three frauds since September") or ahead; later it is background or prediction.
    stated = timeline.mention(line.text, line.article) if line.position else None
    if stated and timeline.is_long_before(stated.value, line.article):
        return False
    return line.position <= 1 or not cues.looks_ahead(line.text)


def _why_it_matters(ranking: central.Ranking, card: _Card) -> list[Claim]:
    weighed = [
        (weight * (0.3 + ranking.score(line)) * (LEAD_AS_REASON if line.position == 0 else 1.0), line)
        for line in ranking.candidates
        if (weight := _weight(line)) and card.is_new(line)
    ]
    if not weighed:
        return []
    best = max(weighed, key=lambda pair: (pair[0], -pair[1].position))[1]
    return [candidates.claim(card.take(best), ClaimPart.WHY_IT_MATTERS)]


def _weight(line: Candidate) -> int:
    if cues.quoted_share(line.text) > 0.5 or cues.looks_ahead(line.text) or cues.is_talk(line.text):
        return 0
    # "That makes it the first …" reads on from what changed; "They doubled it" does not.
    leads_on = cues.draws_a_consequence(line.text)
    if words.count(line.text) < 8 or (line.leans and not leads_on):
        return 0
    weight = min(cues.weighs(line.text), 3)
    return weight + 1 if weight and leads_on else weight


def _computed(dossier: Dossier, language: Language) -> list[Claim]:
    publishers = len(dossier.publishers)
    if publishers < 2:
        return []
    times = [article.published_at for article in dossier.articles if article.published_at]
    span = max(times) - min(times) if len(times) == len(dossier.articles) else None
    text = phrases.coverage(publishers, languages=len(dossier.languages), span=span, language=language)
    said_in = phrases.language_of(language)
    return [Claim(part=ClaimPart.WHY_IT_MATTERS, text=text, language=said_in, is_computed=True)]


def _implications(ranking: central.Ranking, card: _Card, *, language: Language) -> list[Claim]:
    found = [
        card.take(line)
        for line in central.diverse(
            ranking, limit=MAX_IMPLICATIONS, is_allowed=lambda line: _foretells(line) and card.is_new(line)
        )
    ]
    return [
        candidates.claim(line, ClaimPart.IMPLICATION).model_copy(
            update={"rationale": attribution.rationale(line, language=language)}
        )
        for line in found
    ]


def _foretells(line: Candidate) -> bool:
    if not cues.looks_ahead(line.text) or cues.is_talk(line.text) or cues.is_open(line.text):
        return False
    # "She said the firm plans to hire 200 people" is worth it, "If that happens, it will matter" is not.
    return not line.leans or any(char.isdigit() for char in line.text)


def _takeaways(ranking: central.Ranking, card: _Card, *, limit: int) -> list[Claim]:
    chosen = central.diverse(ranking, limit=limit, is_allowed=lambda line: _states(line) and card.is_new(line))
    return [candidates.claim(card.take(line), ClaimPart.TAKEAWAY) for line in chosen]


def _states(line: Candidate) -> bool:
    """Return whether *line* is a statement of fact that stands alone: no opinion in the first person, no speech."""
    if line.leans or cues.is_talk(line.text) or cues.is_open(line.text) or cues.quoted_share(line.text) > 0.5:
        return False
    return words.count(line.text) >= FACT_WORDS or words.has_figure(line.text)


def _background(earlier: Sequence[Dossier], card: _Card, *, language: Language) -> list[Claim]:
    for dossier in reversed(earlier):
        pool = candidates.pool(candidates.gather(dossier.articles), language, otherwise=dossier.event.language)
        ranking = central.rank(pool, candidates.titles(dossier.articles))
        found = next((line for line in ranking.ordered() if card.is_more(line)), None)
        if found:
            day = found.article.dated_at.date().isoformat()
            claim = candidates.claim(card.take(found), ClaimPart.TAKEAWAY)
            return [claim.model_copy(update={"background_on": day})]
    return []
