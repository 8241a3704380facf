"""What earlier recaps told, by the words of its titles: how like it something is."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from bot.model.words import words


class Told:
    """The titles that readers saw already."""

    def __init__(self, titles: Iterable[str] = ()) -> None:
        self._titles = sorted(set(titles))
        self._sizes = [len(set(words(title))) for title in self._titles]
        self._with_word: dict[str, list[int]] = defaultdict(list)
        for place, title in enumerate(self._titles):
            for word in set(words(title)):
                self._with_word[word].append(place)

    def likest(self, title: str) -> tuple[float, str]:
        """Return the share of words, 0..1, that *title* has in common with the likest told one, and that one."""
        own = set(words(title))
        shared = Counter(place for word in own for place in self._with_word.get(word, ()))
        rated = [
            (count / (len(own) + self._sizes[place] - count), self._titles[place]) for place, count in shared.items()
        ]
        return max(rated, default=(0.0, ""))
