"""What to do next, from the operator's playbook."""

import re
from collections.abc import Iterable, Sequence

from bot.model.event import Dossier
from bot.model.insight import Advice
from bot.model.policy import Playbook, PlaybookEntry
from bot.model.values import AudienceId, Language

EVERYBODY = "*"
_ANY = "*"
_SLOT = re.compile(r"\{(publisher|title)\}")


def advice(
    dossier: Dossier, *, audiences: Sequence[AudienceId], playbook: Playbook, language: Language
) -> list[Advice]:
    """
    Return at most one piece of advice per audience of *audiences*, in their order.

    The closest entry counts: for the kind and the audience, for the kind and everybody, for any kind and the
    audience, for any kind and everybody. What is meant for everybody comes once, under `*`.
    """
    found: list[Advice] = []
    for audience in audiences or (EVERYBODY,):
        entry = _closest(playbook.entries, kind=dossier.event.kind, audience=audience)
        text = _text(entry, language) if entry else None
        if entry and text:
            found.append(Advice(audience=entry.audience, text=_fill(text, dossier)))
    return list({(line.audience, line.text): line for line in found}.values())


def _closest(entries: Iterable[PlaybookEntry], *, kind: str, audience: AudienceId) -> PlaybookEntry | None:
    fitting = [entry for entry in entries if entry.kind in {kind, _ANY} and entry.audience in {audience, EVERYBODY}]
    return min(fitting, key=lambda entry: (entry.kind == _ANY, entry.audience == EVERYBODY), default=None)


def _text(entry: PlaybookEntry, language: Language) -> str | None:
    return entry.text.get(language) or entry.text.get("en")


def _fill(text: str, dossier: Dossier) -> str:
    values = {"publisher": dossier.publishers[0] if dossier.publishers else "", "title": dossier.event.title}
    # One pass: a title that holds "{publisher}" stays as it is.
    return _SLOT.sub(lambda slot: values[slot[1]], text)
