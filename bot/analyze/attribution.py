"""Who says it."""

import re

from bot.analyze import phrases
from bot.analyze.candidates import Candidate
from bot.model.values import Language

_PART = r"[A-ZÄÖÜ](?:[\w’'.-]*\w)?"
_JOINED = r"(?:of |for |de |van |von |del |bin |& )"
_NAME = rf"(?P<name>{_PART}(?: {_JOINED}?{_PART}){{0,4}})"
_VERBS = (
    r"(?:said|says|told|added|adds|wrote|writes|announced|announces|estimates|estimated|expects|expected|predicts|"
    r"predicted|forecasts|believes|argues|warned|warns|confirmed|noted|explained|claims|plans|planned|aims|intends|"
    r"promised|pledged|sagte|sagt|erklärte|erwartet|rechnet|schätzt|betonte|plant|kündigte)"
)
_ROLES = (
    r"(?:analyst|chief|executive|scientist|officer|founder|co-founder|president|director|spokes\w+|minister|researcher|"
    r"professor|lawyer|author|editor|commissioner|rapporteur|chairman|chairwoman|chair|head|manager|engineer|secretary)"
)
_CLAUSE = r"(?:^|[,;:”“\"»«] |\b(?:and|but|und|aber) )"
_RULES = (
    re.compile(rf"\b(?:[Aa]ccording to|[Ll]aut) {_NAME}"),
    re.compile(rf"[,”“\"»«’'] {_VERBS} {_NAME}"),
    # Not "a maintainer of the server Torrentine said": the server says nothing.
    re.compile(rf"{_CLAUSE}(?:[Tt]he )?{_NAME}(?:, [^,]{{3,80}},)? (?:also |has |have |had )?{_VERBS}\b"),
    re.compile(rf"{_CLAUSE}(?:(?!of\b|for\b|at\b|by\b)[\w'’-]+ ){{0,5}}{_ROLES} {_NAME} {_VERBS}\b"),
    re.compile(rf"\b(?:will|plant|erwartet|rechnet) {_NAME} (?=.*\b(?:\w+en|mit)\b)"),
)
_CJK = re.compile(
    r"(?:^|[，。；”])(?P<name>[^，。；：“”、]{2,40}?)\s?(?:还|也|则|对此)?"
    r"(?P<verb>表示|称|说|指出|透露|介绍|认为|强调|预计|计划)(?!的|了)"
)
_LATIN_TAIL = re.compile(r"[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*)*$")
_NO_CJK_NAME = re.compile(
    r"[他她它其我你这那此有并但也又还将在的了]|(?:商|方|者|们|员|人士|部|团队|公司|机构|媒体|报告|消息|数据|交易|来|官方|业内)$"
)
_NO_NAME = [
    "the",
    "a",
    "an",
    "it",
    "he",
    "she",
    "they",
    "we",
    "i",
    "this",
    "that",
    "these",
    "those",
    "in",
    "on",
    "at",
    "but",
    "and",
    "for",
    "as",
    "if",
    "when",
    "while",
    "until",
    "since",
    "after",
    "before",
    "er",
    "sie",
    "es",
    "das",
    "die",
    "der",
    "wir",
    "ich",
    "laut",
    "seit",
]


def rationale(line: Candidate, *, language: Language) -> str:
    """
    Return who makes the statement: the person or body that the sentence names, else its publisher.

    Where it is not clear who speaks, the publisher does: nobody gets words that may be another's.
    """
    name = _speaker(line)
    if name is None:
        return phrases.stated_by(line.article.publisher, language=language)
    return phrases.says(name, language=language)


def _speaker(line: Candidate) -> str | None:
    text = line.article.text
    for rule in _RULES:
        if (match := rule.search(line.text)) and _is_name(match["name"], text):
            return match["name"] if line.language == "de" else _full(match["name"], text)
    for match in _CJK.finditer(line.text):
        if name := _cjk_name(match["name"], match["verb"], text):
            return name
    return None


def _is_name(name: str, text: str) -> bool:
    first, *others = name.split()
    if first.casefold() in _NO_NAME:
        return False
    # "Partners said": the capital is the sentence's, unless the word has it within a sentence as well.
    return bool(others) or bool(re.search(rf"[\w,] {re.escape(first)}\b|\b{re.escape(first)} {_PART}", text))


def _full(name: str, text: str) -> str:
    """Return the full name of which *name* is the last part, where *text* gives it."""
    if " " in name:
        return name
    found = re.search(rf"\b({_PART} {re.escape(name)})\b", text)
    return found[1] if found and _is_name(found[1], text) else name


def _cjk_name(words: str, verb: str, text: str) -> str | None:
    latin = _LATIN_TAIL.search(words)
    if latin:
        # What is expected of a product ("小模型 Corvid-7 预计") is not said by it.
        is_speaker = verb not in {"预计", "计划"} or latin[0] == words
        return latin[0] if is_speaker and not re.search(r"\d", latin[0]) else None
    is_name = 2 <= len(words) <= 4 and not _NO_CJK_NAME.search(words) and text.count(words) > 1
    return words if is_name else None
