"""The kind of an event is told by the playbook's words."""

from bot.analyze import kinds
from bot.model.policy import EventKind, Playbook
from tests.builders import a_dossier, an_article

PLAYBOOK = Playbook(
    kinds=(
        EventKind(
            "funding",
            "Funding",
            {"en": ("raises", "Series B", "fund"), "zh": ("融资", "领投"), "de": ("Finanzierungsrunde",)},
        ),
        EventKind("release", "Release", {"en": ("releases", "open weights"), "zh": ("发布",)}),
    )
)


def test_title_decides_and_says_by_which_words() -> None:
    dossier = a_dossier(an_article("Ostra raises $40 million in Series B round"))

    assert kinds.of(dossier, PLAYBOOK) == ("funding", "mentions raises, Series B")


def test_title_counts_more_than_text() -> None:
    dossier = a_dossier(an_article("Ostra releases a model", text="Ostra raises prices. The fund of the city paid."))

    assert kinds.of(dossier, PLAYBOOK)[0] == "release"


def test_chinese_words_are_found_inside_a_run_of_characters() -> None:
    dossier = a_dossier(an_article("青禾科技完成新一轮融资", language="zh"))

    assert kinds.of(dossier, PLAYBOOK) == ("funding", "mentions 融资")


def test_latin_words_are_found_beside_chinese_ones() -> None:
    dossier = a_dossier(an_article("青禾科技完成Series B轮", language="zh"))

    assert kinds.of(dossier, PLAYBOOK)[0] == "funding"


def test_word_inside_another_word_does_not_count() -> None:
    assert kinds.of(a_dossier(an_article("Ostra praises fundamental research")), PLAYBOOK)[0] == "other"


def test_word_of_another_language_does_not_count() -> None:
    dossier = a_dossier(an_article("Ein seltener Fund in Kiruna: fund", language="de"))

    assert kinds.of(dossier, PLAYBOOK)[0] == "other"


def test_lead_decides_where_the_title_is_silent() -> None:
    dossier = a_dossier(an_article("Good news for Ostra", text="The firm raises $40 million in its Series B round."))

    assert kinds.of(dossier, PLAYBOOK)[0] == "funding"


def test_single_word_of_the_lead_does_not_decide() -> None:
    dossier = a_dossier(an_article("Good news for Ostra", text="The mayor raises his hat."))

    assert kinds.of(dossier, PLAYBOOK)[0] == "other"


def test_one_word_far_down_does_not_decide() -> None:
    dossier = a_dossier(an_article("Good news for Ostra", text="Nothing is known. " * 40 + "It raises hopes."))

    assert kinds.of(dossier, PLAYBOOK)[0] == "other"


def test_at_a_tie_the_first_kind_wins() -> None:
    assert kinds.of(a_dossier(an_article("Ostra raises, Tarn releases")), PLAYBOOK)[0] == "funding"


def test_longest_of_words_that_overlap_counts_alone() -> None:
    words = ("open", "open weights", "weights released")
    playbook = Playbook(kinds=(EventKind("release", "Release", {"en": words}),))

    assert kinds.of(a_dossier(an_article("Ostra: open weights released")), playbook) == (
        "release",
        "mentions open weights",
    )


def test_turkish_letter_in_a_text_is_taken_for_the_keywords_own() -> None:
    playbook = Playbook(kinds=(EventKind("funding", "Funding", {"en": ("IPO",)}),))

    assert kinds.of(a_dossier(an_article("Ostra plans its İPO")), playbook) == ("funding", "mentions IPO")
