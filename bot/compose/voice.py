"""How we speak to one person in Slack."""

from dataclasses import dataclass
from datetime import datetime

from bot.compose.blocks import MAX_TEXT_CHARS, stripped
from bot.model.policy import CardPolicy
from bot.model.values import Language
from bot.ports import Renderer

SIZES = (300, 120, 60, 30, 20)
"""Of what feeds and people wrote, in code points: the most generous that fits one text is taken."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How an answer is worded: in whose language and time zone, as of when."""

    renderer: Renderer
    language: Language
    zone: str
    policy: CardPolicy
    now: datetime
    command: str = "/recap"

    def words(self, template: str, **values: object) -> str:
        """Return the words of `templates/slack/TEMPLATE`, its values shortened as it says to fit one text."""
        shared = {"site": self.policy, "now": self.now, "zone": self.zone, "command": self.command}
        for size in SIZES:
            given = shared | {"size": size} | values
            text = stripped(self.renderer.render(f"slack/{template}", language=self.language, **given))
            if len(text) <= MAX_TEXT_CHARS:
                break
        return text

    def label(self, name: str) -> str:
        """Return the words on a button or a form's field."""
        return self.words("command/label.txt.j2", name=name)
