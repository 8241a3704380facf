"""Who says it."""

import re

from bot.analyze import phrases
from bot.analyze.candidates import Candidate
from bot.model.values import Language

_PART = r"[A-ZÄÖÜ][\w’'.-]*[\w]"
_NAME = rf"(?P<name>{_PART}(?: (?:de |van |von |del |bin )?{_PART}){{0,3}})"
_VERBS = (
    r"(?:said|says|told|added|adds|wrote|writes|announced|announces|estimates|estimated|expects|expected|predicts"
    r"|predicted|forecasts|believes|"
    r"argues|warned|warns|confirmed|noted|explained|claims|sagte|sagt|erklärte|erwartet|rechnet|kündigte|schätzt"
    r"|teilte|betonte|plans|planned|"
    r"plant|aims|intends|promised|pledged)"
)
_RULES = (
    re.compile(rf"\b(?:[Aa]ccording to|[Ll]aut) {_NAME}"),
    re.compile(rf"\b{_VERBS} {_NAME}"),
    re.compile(rf"{_NAME}(?:, [^,]{{3,80}},)? (?:also |has |have |had )?{_VERBS}\b"),
)
_CJK = re.compile(
    r"(?:^|[，。；”])(?P<name>[^，。；：“”、\s]{2,16}?)(?:还|也|则|对此)?(?:表示|称|说|指出|预计|透露|介绍|认为|强调|计划)(?!的|了)"
)
_NO_NAME = (
    "the a an it he she they we i this that these those in on at but and for as if when while until since after "
    "before er sie es das die der wir ich laut seit"
)


def rationale(line: Candidate, *, language: Language) -> str:
    """Return who makes the statement: the person or firm that the sentence names, else its publisher."""
    name = _speaker(line.text)
    if name is None:
        return phrases.stated_by(line.article.publisher, language=language)
    return phrases.says(_full(name, line.article.text), language=language)


def _speaker(sentence: str) -> str | None:
    for rule in (*_RULES, _CJK):
        for match in rule.finditer(sentence):
            if match["name"].casefold().split()[0] not in _NO_NAME.split():
                return match["name"]
    return None


def _full(name: str, text: str) -> str:
    """Return the full name of which *name* is the last part, where *text* gives it."""
    if " " in name:
        return name
    found = re.search(rf"\b((?:{_PART} ){{1,2}}{re.escape(name)})\b", text)
    return found[1] if found else name
