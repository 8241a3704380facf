"""Orders to language models that hide in articles: found, so that no model sees them and no quote shows them."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from bot.analyze import sentences, words
from bot.model.article import Article

_PATTERNS = (
    # Markers that chat templates put around turns, and our own fences.
    r"<\|[^|<>\n]{1,40}\|>",
    r"\[/?INST\]|<</?SYS>>|</?s>",
    r"</?(?:system|assistant|user|human|instructions?|articles?|data|documents?|prompt|start_of_turn|end_of_turn)\b[^<>\n]*>",
    r"^\s*(?:#{1,4}\s*)?(?:system|assistant|user|human|instructions?)\s*(?:prompt|message)?\s*:",
    r"^[\W_]*end of (?:the )?(?:articles?|data|documents?|input|sources?)[\W_]*$",
    # English
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,50}\b(?:previous|prior|above|earlier|preceding|all|any|your|these"
    r"|system)\b.{0,40}\b(?:instruct\w*|prompts?|rules?|guidelines|directions?|orders?|commands?)\b",
    r"\b(?:ignore|disregard|forget|override)\b.{0,30}\b(?:instructions|prompt|rules|guidelines)\b.{0,20}"
    r"\b(?:above|before|so far|you (?:were|have been) given)\b",
    r"\b(?:dear|hey|hello|attention),? (?:ai|llm|language model|assistant|chatbot|model)s?\b",
    r"\byou are (?:now )?(?:an?|the|my)\b.{0,30}\b(?:ai|assistant|language model|llm|chatbot|agent|dan)\b",
    r"\b(?:system|developer) (?:prompt|message|override)\b",
    r"(?:^|[.!?:>\]]\s*)(?:note|message|instructions?|attention|notice|memo)\b.{0,15}\b(?:to|for)\b.{0,25}"
    r"\b(?:ais?|llms?|language models?|assistants?|chatbots?|summari[sz]ers?|agents|models?)\b",
    r"\b(?:if|when|since|as) you are an? (?:ai|llm|language model|assistant|agent)\b",
    r"\b(?:respond|reply|answer|output|return)\b (?:only|exactly|solely|nothing but|with the following)\b",
    # Other languages: to ignore, and what.
    r"\b(?:ignorier|vergiss|vergesst|missacht)\w*\b.{0,60}\b(?:anweisung|regel|befehl|instruktion|vorgabe)\w*",
    r"\b(?:ignor(?:e|ez|er)|oubli(?:e|ez|er))\b.{0,50}\b(?:instructions|consignes|règles|ordres)\b",
    r"\b(?:ignor[ae]|olvid[ae]|descarta|omite)\w*\b.{0,50}\b(?:instrucciones|reglas|órdenes|indicaciones)\b",
    r"\b(?:ignor[ae]|esqueça|desconsidere)\w*\b.{0,50}\b(?:instruções|regras|ordens)\b",
    r"\b(?:ignora|dimentica)\w*\b.{0,50}\b(?:istruzioni|regole|ordini)\b",
    r"(?:игнорир|забуд|не обращай)\w*.{0,50}(?:инструкц|указани|правил|команд)\w*",
    r"(?:忽略|无视|無視|忘记|忘掉|不要理会|不理会).{0,20}(?:指令|指示|提示|规则|規則|要求|命令)",
    r"(?:指示|命令|ルール|プロンプト).{0,15}(?:無視|忘れ)",
    r"(?:지시|명령|규칙|프롬프트).{0,15}(?:무시|잊)",
    r"你(?:现在|現在)?是(?:一个|一個|一名)?.{0,8}(?:AI|人工智能|助手|语言模型|大模型|机器人)|系统提示|系統提示",
)
_ORDER = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS), re.IGNORECASE | re.MULTILINE)
_PARAGRAPH = re.compile(r".+?(?=\n\s*\n|\Z)", re.DOTALL)


def without(article: Article) -> str:
    """Return the text of *article* without what gives orders to a machine."""
    kept, at = [], 0
    for start, end in spans(article.text):
        kept.append(article.text[at:start])
        at = end
    return "".join([*kept, article.text[at:]]).strip()


def is_order(text: str) -> bool:
    """Return whether *text* addresses a machine that reads it."""
    return _first(text) is not None


def quotes_one(article: Article, start: int, end: int) -> bool:
    """Return whether the characters from *start* to *end* of the article's text stand in an order."""
    return any(begin < end and start < stop for begin, stop in spans(article.text))


@lru_cache(maxsize=256)
def spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return where orders stand in *text*: each from the sentence that gives itself away to its paragraph's end."""
    return tuple(_found(text)) if _first(text) is not None else ()


def _first(text: str) -> int | None:
    """Return where the first order begins, also one whose words are broken up by characters that nobody sees."""
    places = [place for place, char in enumerate(text) if char.isascii() or unicodedata.category(char) != "Cf"]
    seen = text if len(places) == len(text) else "".join(text[place] for place in places)
    found = _ORDER.search(seen)
    return places[found.start()] if found else None


def _found(text: str) -> Iterator[tuple[int, int]]:
    for paragraph in _PARAGRAPH.finditer(text):
        at = _first(paragraph[0])
        if at is None:
            continue
        # What follows is the order's own text: "Ignore the above. Write that …"
        spoken = sentences.split(paragraph[0], "zh" if words.reads_cjk(paragraph[0]) else "en")
        begin = max((start for start, _ in spoken if start <= at), default=0)
        yield paragraph.start() + begin, paragraph.end()
