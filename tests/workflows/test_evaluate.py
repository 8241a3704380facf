from bot.adapters.embedder import LexicalEmbedder
from bot.entrypoints.demo import gold
from bot.model.labelled import LabelledSet, RatedPair, RatedSet
from bot.model.policy import ClusterPolicy
from bot.settings import shipped_directory
from bot.workflows import evaluate
from bot.workflows.evaluate import Evaluation
from tests.builders import an_article

TOLD = an_article("Velloway opens a chip plant in Tarnmouth", source="halden")
SAME = an_article("Velloway's chip plant in Tarnmouth opens", source="pipelark")
OTHER = an_article("Draftwell draws flows from your own components", source="kern")


def measured(labelled: LabelledSet | RatedSet, *, mistakes: int = 5) -> Evaluation:
    (found,) = evaluate.clustering(
        [labelled],
        embedder=LexicalEmbedder(),
        policy=ClusterPolicy(),
        mistakes=mistakes,
        on_progress=lambda _: None,
    )
    return found


def test_the_sample_weeks_are_sorted_as_labelled_by_words_alone() -> None:
    found = measured(gold.load(shipped_directory() / "demo"))

    assert found.articles == 91
    assert found.b_cubed is not None
    assert found.b_cubed.precision > 0.98
    assert found.b_cubed.f1 > 0.96


def test_what_was_joined_wrongly_is_shown() -> None:
    found = measured(LabelledSet("wrong", (TOLD, SAME, OTHER), ("a", "b", "c")))

    assert [{mistake.one, mistake.other} for mistake in found.wrongly_joined] == [{TOLD.title, SAME.title}]
    assert found.missed == ()


def test_what_was_missed_is_shown_least_alike_first_and_no_more_than_asked() -> None:
    found = measured(LabelledSet("missed", (TOLD, SAME, OTHER), ("a", "a", "a")), mistakes=1)

    assert len(found.missed) == 1
    assert OTHER.title in (found.missed[0].one, found.missed[0].other)


def test_ratings_are_compared_with_our_likeness() -> None:
    pairs = (RatedPair(0, 1, 1.0), RatedPair(0, 2, 0.0))

    found = measured(RatedSet("rated", (TOLD, SAME, OTHER), pairs))

    assert found.b_cubed is None
    assert found.ranked_right == 1
