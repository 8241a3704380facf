"""Looking up all kinds at once tells the same as reading every text for every kind."""

import re
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bot.analyze import kinds
from bot.model.event import Dossier
from bot.model.keywords import fold
from bot.model.policy import EventKind, Playbook
from bot.model.words import LETTERS
from tests.builders import a_dossier, an_article

FUNDING = {"en": ("raises", "Series B", "raises Series", "B"), "zh": ("融资", "新一轮融资"), "de": ("Runde",)}
RELEASE = {"en": ("open", "open weights", "weights released", "C++"), "zh": ("发布", "发布融资")}
PLAYBOOK = Playbook(kinds=(EventKind("funding", "F", FUNDING), EventKind("release", "R", RELEASE)))
PIECES = [*(word for words in (FUNDING, RELEASE) for listed in words.values() for word in listed)]
PIECES += [" ", " ", " ", "-", ", ", "RAISES", "weights", "released", "Ostra", "praises", "完成", "x" * 390]
SPACES = st.sampled_from([" ", " ", " ", "", "-"])
TEXTS = st.lists(st.sampled_from(PIECES) | SPACES, max_size=12).flatmap(
    lambda pieces: SPACES.map(lambda space: space.join(pieces))
)
ARTICLES = st.builds(
    lambda title, text, language: an_article(title, text=text, language=language),
    TEXTS,
    TEXTS,
    st.sampled_from(["en", "zh", "de", "fr"]),
)


def slowly(dossier: Dossier) -> tuple[str, str]:
    """Tell the kind by reading every part of every text once per kind."""
    best: tuple[float, str, Counter[str]] = (0.0, "other", Counter())
    for kind in PLAYBOOK.kinds:
        found: Counter[str] = Counter()
        for article in dossier.articles:
            weights: dict[str, float] = {}
            for part, weight in ((article.text[400:3000], 0.4), (article.text[:400], 1.0), (article.title, 3.0)):
                weights |= dict.fromkeys(read(part, spoken(kind, article.language)), weight)
            found.update(weights)
        weighed = sum(found.values()) / len(dossier.articles)
        if weighed >= kinds.ENOUGH and weighed > best[0]:
            best = (weighed, kind.id, found)
    if best[1] == "other":
        return "other", "no kind's words in the title or the lead"
    return best[1], "mentions " + ", ".join(word for word, _ in best[2].most_common(3))


def spoken(kind: EventKind, language: str) -> tuple[str, ...]:
    if language not in kind.keywords:
        return tuple(word for listed in kind.keywords.values() for word in listed)
    return kind.keywords[language] + (kind.keywords["en"] if language == "zh" else ())


def read(text: str, keywords: tuple[str, ...]) -> list[str]:
    longest_first = sorted(dict.fromkeys(keywords), key=len, reverse=True)
    bound = [
        word if word[0] >= "一" else rf"(?<![{LETTERS}]){re.escape(word)}(?![{LETTERS}])" for word in longest_first
    ]
    spelled = {fold(word): word for word in keywords}
    return [spelled[fold(match)] for match in re.findall("|".join(bound), text, re.IGNORECASE)]


@given(st.lists(ARTICLES, min_size=1, max_size=3))
def test_kind_and_reason_are_those_of_reading_every_text_for_every_kind(articles: list[object]) -> None:
    dossier = a_dossier(*articles)  # type: ignore[arg-type]  # hypothesis does not type st.builds of a lambda

    assert kinds.of(dossier, PLAYBOOK) == slowly(dossier)
