"""The grounding is tried on the sample week, by machine and by hand."""

import csv
from collections import Counter

from bot import settings
from bot.analyze import ground, words
from bot.entrypoints.demo import gold
from bot.model.article import Article
from bot.model.insight import ClaimPart, DraftClaim, Quote
from bot.model.policy import ClusterPolicy
from bot.workflows import evaluate_grounding
from bot.workflows.evaluate_grounding import Grounding
from tests.builders import a_dossier

DEMO = settings.shipped_directory() / "demo"


def sample() -> Grounding:
    articles = gold.load(DEMO).articles
    return evaluate_grounding.grounding(
        "sample", articles, policy=ClusterPolicy(), mistakes=5, on_progress=lambda _: None
    )


def test_planted_falsehoods_fall_and_paraphrases_stand() -> None:
    found = sample()

    false, true = found.falsehoods, found.paraphrases
    assert (sum(kind.planted for kind in false), sum(kind.planted for kind in true)) == (200, 200)
    assert sum(kind.dropped for kind in false) >= 196, found.falsehoods_shown
    assert sum(kind.dropped for kind in true) <= 20, found.paraphrases_dropped


def test_all_that_is_shown_stands() -> None:
    for analyst in sample().analysts:
        assert analyst.grounded == analyst.kept + analyst.repaired, analyst
        assert analyst.drafted == analyst.kept + analyst.repaired + analyst.dropped, analyst


def fate(row: dict[str, str], article: Article) -> str:
    language = "zh" if words.reads_cjk(row["text"]) else "de" if article.language == "de" else "en"
    quotes = [Quote(article_id=article.id, text=row["quote"])]
    draft = DraftClaim(part=ClaimPart.TAKEAWAY, text=row["text"], language=language, quotes=quotes)
    found = ground.claims([draft], a_dossier(article))
    return "kept" if found.kept else "repaired" if found.repaired else "dropped"


def test_sentences_written_by_hand_are_judged_rightly() -> None:
    by_guid = {(article.source, article.guid): article for article in gold.load(DEMO).articles}
    with (DEMO / "claims.tsv").open(encoding="utf-8") as lines:
        told = (line for line in lines if not line.startswith("#"))
        rows = list(csv.DictReader(told, delimiter="\t", quoting=csv.QUOTE_NONE))

    fates = Counter((row["kind"] == "true", fate(row, by_guid[row["source"], row["guid"]])) for row in rows)

    assert fates[False, "kept"] == 0
    assert fates[False, "dropped"] + fates[False, "repaired"] == 42
    assert fates[True, "kept"] >= 38
