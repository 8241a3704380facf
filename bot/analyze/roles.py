"""Who does what to whom: "A sues B" is not "B sues A"."""

import re
from dataclasses import dataclass

from bot.analyze import lexicon, words

_TOKEN = re.compile(rf"[^\W_{words.CJK}]+(?:[-.&'’][^\W_{words.CJK}]+)*|[.;:!?]")
_BE = frozenset({"is", "are", "was", "were", "be", "been", "being", "wird", "wurde", "wurden", "werden"})
_ENDS = frozenset(".;:!?")
_BEFORE, _AFTER = 12, 5
"""Tokens before and after a verb among which stands who acts, and on whom."""


@dataclass(frozen=True, slots=True)
class _Act:
    verb: str
    who: frozenset[str]
    whom: frozenset[str]


def fault(text: str, source: str) -> str | None:
    """Return which act of *text* goes the other way round in *source*, or null where none does."""
    told = _acts(source)
    for mine in _acts(text):
        for theirs in told:
            if _is_same_act(mine.verb, theirs.verb) and _is_turned(mine, theirs):
                return f"who does what ('{mine.verb}') is the other way round in the quotes"
    return None


def _is_turned(mine: _Act, theirs: _Act) -> bool:
    actor_suffers = mine.who & (theirs.whom - theirs.who)
    sufferer_acts = mine.whom & (theirs.who - theirs.whom)
    return bool(actor_suffers or sufferer_acts) and not (mine.who & theirs.who and mine.whom & theirs.whom)


def _is_same_act(one: str, other: str) -> bool:
    return words.stem(one) == words.stem(other) or bool(lexicon.meanings(one) & lexicon.meanings(other))


def _acts(text: str) -> list[_Act]:
    tokens = _TOKEN.findall(text)
    return [_act(tokens, place) for place, token in enumerate(tokens) if token in lexicon.ACTS]


def _act(tokens: list[str], place: int) -> _Act:
    before, after = tokens[max(0, place - _BEFORE) : place], tokens[place + 1 : place + 1 + _AFTER]
    if ends := [nth for nth, token in enumerate(before) if token in _ENDS]:
        before = before[ends[-1] + 1 :]
    who, whom = _names(before), _names(after)
    if _BE & {token.casefold() for token in before[-2:]} or after[:1] == ["by"]:
        # "B is sued by A": the one after "by" acts; without it nobody is named who does.
        return _Act(tokens[place], whom if "by" in after or "von" in after else frozenset(), who)
    return _Act(tokens[place], who, whom)


def _names(tokens: list[str]) -> frozenset[str]:
    low = [token.casefold().removesuffix("'s").removesuffix("’s") for token in tokens if token[0].isupper()]
    return frozenset(low) - words.stop_words()
