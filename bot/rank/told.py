"""What earlier recaps told, by the words of its titles: how like it something is."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from bot.model.words import words


class Told:
    """The titles that readers saw already."""

    def __init__(self, titles: Iterable[str] = ()) -> None:
        self._titles = sorted(set(titles))
        held = [set(words(title)) for title in self._titles]
        self._sizes = np.array([len(own) for own in held], dtype=np.intp)
        places: dict[str, list[int]] = defaultdict(list)
        for place, own in enumerate(held):
            for word in own:
                places[word].append(place)
        self._with_word: dict[str, NDArray[np.intp]] = {word: np.array(rows) for word, rows in places.items()}

    def likest(self, title: str) -> tuple[float, str]:
        """Return the share of words, 0..1, that *title* has in common with the likest told one, and that one."""
        own = set(words(title))
        known = [self._with_word[word] for word in own if word in self._with_word]
        if not known:
            return 0.0, ""
        shared = np.bincount(np.concatenate(known), minlength=len(self._titles))
        shares = shared / (len(own) + self._sizes - shared)
        # Of equals the last by name, whatever the order in which they were told.
        likest = len(shares) - 1 - int(shares[::-1].argmax())
        return float(shares[likest]), self._titles[likest]
