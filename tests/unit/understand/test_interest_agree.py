"""Looking up all audiences' keywords at once finds the same as searching every text for every keyword."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.model.article import Article
from bot.model.audience import Audience
from bot.model.words import LETTERS, is_cjk
from bot.understand import interest
from tests.builders import a_dossier, an_article

AUDIENCE = Audience(
    id="builders",
    name="Builders",
    keywords={
        "en": ["open weights", "agent", "AI-native", "C++", "Series B", "kernel"],
        "zh": ["开源", "智能体", "agent", "大 模型"],
        "de": ["Agenten", "Kernel"],
    },
)
PIECES = [*(text for texts in AUDIENCE.keywords.values() for text in texts)]
PIECES += [
    " ",
    " ",
    " ",
    "-",
    ", ",
    "\n",
    "s",
    "es",
    "OPEN-WEIGHTS",
    "Agents",
    "kernels",
    "大模型",
    "fundamental",
    "完成",
]
SPACES = st.sampled_from([" ", " ", " ", "", "-"])
TEXTS = st.lists(st.sampled_from(PIECES) | SPACES, max_size=12).flatmap(
    lambda pieces: SPACES.map(lambda space: space.join(pieces))
)
LANGUAGES = ("en", "zh", "ja", "de", "fr", "und")
ARTICLES = st.lists(
    st.builds(
        lambda title, text, language: an_article(title, text=text, language=language),
        TEXTS,
        TEXTS,
        st.sampled_from(LANGUAGES),
    ),
    min_size=1,
    max_size=3,
)


def mentioned(articles: list[Article]) -> list[str]:
    """Search every text for every keyword; return those of titles, then those of texts, in the audience's order."""
    in_titles = searched([(article.language, article.title) for article in articles])
    in_texts = searched([(article.language, article.text) for article in articles])
    return list(dict.fromkeys([*in_titles, *in_texts]))


def searched(texts: list[tuple[str, str]]) -> list[str]:
    return [
        keyword
        for spoken, keywords in AUDIENCE.keywords.items()
        for keyword in keywords
        if any(counts(spoken, keyword, language) and pattern(keyword).search(text) for language, text in texts)
    ]


def counts(spoken: str, keyword: str, language: str) -> bool:
    is_latin = keyword.isascii()
    return spoken == language or language not in AUDIENCE.keywords or (is_latin and language in ("zh", "ja", "ko"))


def pattern(keyword: str) -> re.Pattern[str]:
    written = re.escape(keyword).replace(r"\ ", r"[\s-]+")
    bounded = rf"(?<![{LETTERS}]){written}(?:e?s)?(?![{LETTERS}])"
    return re.compile(bounded if keyword.isascii() else written, re.IGNORECASE)


@given(ARTICLES)
def test_mentioned_words_are_those_of_searching_every_text_for_every_keyword(articles: list[Article]) -> None:
    dossier = a_dossier(*articles)

    matches = interest.match_all([dossier], [AUDIENCE], sources={})[dossier.event.id]

    is_chinese = is_cjk(dossier.event.title)
    expected = sorted(mentioned(list(dossier.articles)), key=lambda word: is_cjk(word) != is_chinese)
    reasons = [match.reason for match in matches if match.reason.startswith("mentions")]
    assert reasons in ([], [f"mentions {', '.join(expected[:3])}"])
    assert reasons or len({word.casefold() for word in expected}) < 2 or len(articles) > 1
