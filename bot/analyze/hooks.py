"""The one line that tells who, what and the number that matters."""

import re
from collections.abc import Sequence

from bot.analyze import candidates, cues, words
from bot.analyze.candidates import Candidate
from bot.model.event import Dossier
from bot.model.values import Language

MAX_CHARS = 140
"""Chinese, Japanese and Korean characters count twice."""
LEADS = 4
"""A hook comes from the first sentences of an article."""

_WIDE = re.compile(rf"(?=[{words.CJK}])[^\W\d_]")


def find(dossier: Dossier, language: Language, *, sentences: Sequence[Candidate]) -> Candidate | None:
    """
    Return another publisher's telling title, or a short lead sentence with a number, in *language*.

    *sentences* are the event's usable ones. Where no article is in *language*, the event's own is taken.
    Null where nothing is better than the title.
    """
    spoken = {candidates.language_of(article) for article in dossier.articles}
    wanted = language if language in spoken else dossier.event.language
    title, _ = dossier.title_in(language)
    lines = [*candidates.titles(dossier.articles), *_leads(sentences, title)]
    scored = [
        (_score(line, title), line)
        for line in lines
        if line.language == wanted and _width(line.text) <= MAX_CHARS and not words.is_repetition(line.text, title)
    ]
    best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return best[1] if best[0] > 0 else None


def _leads(sentences: Sequence[Candidate], title: str) -> list[Candidate]:
    # The first sentence under the title is what changed; it makes a hook only where the event has no other sentence.
    if len(sentences) == 1:
        return list(sentences)
    tells_all = {line.article.id for line in sentences if line.article.title == title}
    return [
        line
        for line in sentences
        if 0 < line.position < LEADS or (line.position == 0 and tells_all and line.article.id not in tells_all)
    ]


def _score(line: Candidate, title: str) -> float:
    """Return how much the line tells; 0 where it is no hook."""
    text = line.text
    if cues.is_vague(text) or cues.is_label(text) or line.leans or cues.is_talk(text) or cues.quoted_share(text) > 0.3:
        return 0.0
    # What is to come has a place of its own on the card.
    if not line.in_title and cues.looks_ahead(text):
        return 0.0
    # Where the title teases, another one that says what happened is better, with a number or without.
    is_plainer = line.in_title and cues.is_vague(title)
    if not (words.has_figure(text) or is_plainer) or words.count(text) < 5:
        return 0.0
    known, mine = set(words.tokens(title)), set(words.tokens(text))
    shared = len(known & mine)
    if shared < (3 if words.is_cjk(text) else 2) and not _names_the_same(text, title):
        return 0.0
    new_figure = bool(words.figures(text) - words.figures(title))
    return (2.0 if line.in_title else 1.0) + new_figure + min(shared, 3) * 0.2 - line.position * 0.3


def _width(text: str) -> int:
    return len(text) + len(_WIDE.findall(text))


def _names_the_same(text: str, title: str) -> bool:
    """Return whether a name of the title stands in *text*: a Latin word with a capital within the sentence."""
    names = re.findall(r"(?<=[\w,] )[A-Z][\w-]+|^[A-Z][\w-]*[A-Z\d][\w-]*", text) + re.findall(r"^[A-Z][\w-]+", text)
    return any(
        re.search(rf"\b{re.escape(name)}\b", title) for name in names if name.casefold() not in words.stop_words()
    )
