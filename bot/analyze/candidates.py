"""Sentences that may become a line of the card, with their place in an article."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.analyze import cues, sentences, words
from bot.model.article import Article
from bot.model.insight import Citation, Claim, ClaimPart
from bot.model.values import Language

MAX_CHARS = 9_000
"""Of an article's text; what stands after 1,500 words is no news."""
MAX_SENTENCES = 120
"""Of an event, so that its cost stays bounded."""
MIN_WORDS, MAX_WORDS, MAX_CJK_WORDS = 5, 55, 80
_ENDING = re.compile(r"[.!?。！？｡][\"'”’»«“)\]」』）】》]*$")
_CLOSING = "\"'”’»«“)]」』）】》"
_CUT_OFF = re.compile(r"(?:\.\.\.|…|\[\.*\]|\(\.\.\.\))[\"'”’»)\]]*$|\b(?:Dr|Mr|Mrs|Ms|Prof|St|Gen|Sen|Rep|Gov|vs)\.$")
_QUESTION = re.compile(r"[?？][\"'”’»“)」』）]*$")
_LOWER_START = re.compile(r"^[^\w]*[a-zäöüß](?![A-Z\d])")
_MARKUP = re.compile(r"^[A-Z]{2,10}: |https?:|\*\*|\]\(|</?[a-z]+>|&[a-z]+;|[{}\\]|_{3}|={3}|\|")
_ASIDE = re.compile(r"^当地时间[^，。]{2,16}，[^，。]{2,16}[州市营国省区宫岛]。$|^[(（][^()（）]*[.。]?[)）][.。]?$")
"""A sentence in brackets, or one that only sets the scene by day and place."""
_CREDITED = re.compile(
    r"\s*[(（](?:[^()（）\n]{1,30}(?:社|摄|官网|供图|资料图|截图)|(?:AP|AFP|Reuters|Getty|Photo|Image)\b[^()\n]{0,40})[)）]"
)
_END_OF_NEWS = re.compile(
    r"Crunchbase|About (?:the authors?|us|[A-Z][\w.&’' -]{1,40})|Forward[- ]looking statements|Media contacts?:?"
    r"|(?:Related|Recommended) (?:articles|stories|posts|reading)|More from [\w ’']{2,30}"
    r"|关于(?:我们|[^，。]{2,12})|媒体联系.{0,2}"
)
"""Headings under which a text is no longer about the news: the firm's profile, the writer, other articles."""
_LAST_CLAUSE = re.compile(r"[，；](?=[^，；。]*$)")
_OPEN_CLAUSE = re.compile(r"(?:^|[，；。])(?:如果|虽然|尽管|因为|由于|随着|为了?|当|据|若|在|自|从|除了|对于)[^，；]*$")
WHOLE_TEASER_WORDS = 10
"""A teaser of so many words is a sentence although its full stop is missing; a shorter one is a label."""
_SITE = re.compile(r"\s+(?:[|–—·•]|-)\s+[^|–—]{2,40}$|[_|｜][^_|｜]{2,16}$")


@dataclass(frozen=True, slots=True, eq=False)  # each is itself: comparing their articles takes long
class Candidate:
    """A sentence or a title of an article: `source[start:end] == text`."""

    article: Article
    start: int
    end: int
    text: str
    position: int
    """Among the article's usable sentences; 0 for its first, and for a title."""
    in_title: bool = False
    leans: bool = False
    """It cannot be understood without the sentence before it."""

    @property
    def language(self) -> Language:
        """Of its article, or told from its script where the article's is unknown."""
        return language_of(self.article)


def language_of(article: Article) -> Language:
    """Return the language of *article*; `zh` for unknown text in Chinese characters."""
    if article.language != "und":
        return article.language
    return "zh" if words.is_cjk(article.title + article.text[:400]) else "und"


def gather(articles: Iterable[Article], *, max_chars: int = MAX_CHARS) -> list[Candidate]:
    """
    Return the usable sentences in the first *max_chars* of *articles*: whole, no boilerplate, no question.

    What several articles share word for word (agency copy) comes once, from the first of them.
    """
    found = {
        candidate.text: candidate
        for article in reversed(list(articles))
        for candidate in _of_article(article, max_chars)
    }
    ordered = sorted(found.values(), key=lambda line: (line.article.dated_at, line.article.id, line.position))
    if len(ordered) <= MAX_SENTENCES:
        return ordered
    # Every article keeps its lead where the event has too many sentences.
    return sorted(ordered, key=lambda line: line.position)[:MAX_SENTENCES]


def _of_article(article: Article, max_chars: int) -> list[Candidate]:
    text = article.text[:max_chars]
    found: list[Candidate] = []
    after_question = False
    spans = [sentences.trim(text, span) for span in sentences.split(text, language_of(article))]
    for start, end in spans:
        sentence = text[start:end]
        if found and _END_OF_NEWS.fullmatch(sentence):
            return found
        if is_usable(sentence) and not _CREDITED.match(text, end):
            leans = after_question or cues.points_back(sentence)
            found.append(Candidate(article, start, end, sentence, len(found), leans=leans))
        after_question = bool(_QUESTION.search(sentence))
    return found or [Candidate(article, start, end, text[start:end], 0) for start, end in _teaser(text, spans)]


def _teaser(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the first of *spans* where it states something, although its end is missing or cut off."""
    if not spans:
        return []
    start, end = spans[0]
    if _CUT_OFF.search(text[start:end]) and words.is_cjk(text[start:end]):
        # Chinese clauses are statements of their own: those before the cut stand.
        last = _LAST_CLAUSE.search(text, start, end)
        end = last.start() if last else start
    return [(start, end)] if _is_complete(text[start:end]) else []


def _is_complete(sentence: str) -> bool:
    """Return whether *sentence*, which has no full stop, would be one with it."""
    if words.count(sentence) < WHOLE_TEASER_WORDS or _ENDING.search(sentence) or _OPEN_CLAUSE.search(sentence):
        return False
    ends_open = words.plain(sentence)[-1] in words.stop_words()
    return not ends_open and is_usable(sentence + ("。" if words.is_cjk(sentence) else "."))


def is_usable(sentence: str) -> bool:
    """Return whether *sentence* is a whole statement that may stand on a card."""
    longest = MAX_CJK_WORDS if words.is_cjk(sentence) else MAX_WORDS
    if not MIN_WORDS <= words.count(sentence) <= longest or not _ENDING.search(sentence) or _CUT_OFF.search(sentence):
        return False
    if _LOWER_START.match(sentence) or _QUESTION.search(sentence) or _MARKUP.search(sentence):
        return False
    if _ASIDE.match(sentence):
        return False
    return _is_balanced(sentence) and not sentences.is_boilerplate(sentence)


def _is_balanced(sentence: str) -> bool:
    pairs = (("(", ")"), ("（", "）"), ("[", "]"), ("「", "」"), ("《", "》"))
    if any(sentence.count(left) != sentence.count(right) for left, right in pairs):
        return False
    marks = sum(sentence.count(mark) for mark in "“”„")
    return sentence.count('"') % 2 == 0 and marks % 2 == 0 and sentence[0] not in "，,;；:："


def titles(articles: Sequence[Article]) -> list[Candidate]:
    """Return the titles of *articles*, without the name of the site behind them."""
    return [_title(article) for article in articles if article.title.strip()]


def _title(article: Article) -> Candidate:
    title = article.title
    site = _SITE.search(title)
    end = site.start() if site and words.count(title[: site.start()]) >= MIN_WORDS else len(title.rstrip())
    start = len(title) - len(title.lstrip())
    return Candidate(article, start, end, title[start:end], 0, in_title=True)


def pool(sentences: Sequence[Candidate], language: Language, *, otherwise: Language) -> list[Candidate]:
    """Return the *sentences* in *language*; where there are none, those in the language *otherwise*, or in any."""
    for wanted in (language, otherwise):
        if chosen := [sentence for sentence in sentences if sentence.language == wanted]:
            return chosen
    return [sentence for sentence in sentences if sentence.language == sentences[0].language]


def claim(candidate: Candidate, part: ClaimPart) -> Claim:
    """Return *candidate* as a claim that stands on itself."""
    text = re.sub(r"\s+", " ", candidate.text)
    return Claim(part=part, text=text, language=candidate.language, citations=[citation(candidate)])


def citation(candidate: Candidate) -> Citation:
    """Return the verbatim quote that *candidate* is."""
    return Citation(
        article_id=candidate.article.id,
        content_hash=candidate.article.content_hash,
        quote=candidate.text,
        start=candidate.start,
        end=candidate.end,
        in_title=candidate.in_title,
    )


def worth(candidate: Candidate) -> float:
    """Return how well *candidate* can stand alone (about 0.1 to 1.3), whatever it is about."""
    text, factor = candidate.text, 1.0
    if candidate.leans:
        factor *= 0.3
    if cues.is_talk(text):
        factor *= 0.35
    if (share := cues.quoted_share(text)) > 0.35:
        factor *= 0.5 if share < 0.7 else 0.3
    if text.rstrip(_CLOSING).endswith(("!", "！")):
        factor *= 0.5
    if sum(text.count(mark) for mark in ";；") > 2:  # a list in one line
        factor *= 0.4
    if words.has_figure(text):
        factor *= 1.25
    length = words.count(text)
    return factor * (0.75 if length > 40 or length < 8 else 1.0)
