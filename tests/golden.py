"""
The sample week's digests in the words that readers see, as files to review: tests/data/golden/<route>.md.

`python -m tests.golden` plays the demo and writes them anew; look at what changed before you commit it.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot import wiring
from bot.compose import sections
from bot.entrypoints.demo import replay
from bot.model.digest import Card, Digest
from bot.wiring import Bot, Particulars
from tests.fakes.command import Operator

GOLDEN = Path(__file__).parent / "data" / "golden"
WEEK = "2026-W47"


@contextmanager
def opened(home: Path) -> Iterator[Bot]:
    """Open what `recap demo` left in *home*."""
    settings = replay.settings(home / "demo", base_url="http://127.0.0.1:8000")
    with wiring.bot(settings, Particulars(clock=replay.DemoClock())) as bot:
        yield bot


def digests(bot: Bot) -> list[Digest]:
    """Return the digests of the sample week."""
    return bot.store.load_digests(WEEK)


def told(digest: Digest) -> str:
    """Return the words of *digest* that every channel shows: sections, titles, hooks, what changed, the rest."""
    cards = sections.in_order(digest.cards, digest.sections)
    headings = sections.headings(digest.sections, cards)
    lines = [f"# {digest.title} for {digest.route_id} ({digest.language}): {digest.state}", ""]
    for number, card in enumerate(cards, 1):
        if heading := headings.get(card.event_id):
            lines += [f"## {heading}", ""]
        lines += [f"{number}. {card.title}", *(f"   - {text}" for text in words(card)), ""]
    if digest.also:
        lines += ["## Also this week", "", *(f"- {link.title} · {link.publisher}" for link in digest.also), ""]
    return "\n".join(lines).rstrip() + "\n"


def words(card: Card) -> list[str]:
    """Return the hook and what changed, where the card has them."""
    return [line.text for line in (card.hook, card.what_changed) if line]


def main() -> None:
    """Write the files."""
    GOLDEN.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        Operator(Path(folder), {}).recap("demo")
        with opened(Path(folder)) as bot:
            for digest in digests(bot):
                (GOLDEN / f"{digest.route_id}.md").write_text(told(digest), encoding="utf-8")


if __name__ == "__main__":
    main()
