from bot.compose import facts
from bot.model.insight import ClaimPart, DroppedClaim
from bot.model.policy import FreshnessPolicy
from tests.builders import NOW, a_dossier, an_article
from tests.contract.builders import an_insight


def test_dropped_sentences_are_told_with_their_reasons() -> None:
    claim = DroppedClaim(part=ClaimPart.TAKEAWAY, text="Tidal lost 9 keys.", reason="9 is in no quote")
    dossier = a_dossier(an_article("Tidal loses keys"))
    insight = an_insight(dossier, dropped_claims=2, dropped=[claim])

    told = facts.of_event(dossier, insight, None, url="", week="2026-W47", policy=FreshnessPolicy(), now=NOW).insight

    assert told is not None
    assert told.model_dump(mode="json")["dropped"] == [
        {"part": "takeaway", "text": "Tidal lost 9 keys.", "reason": "9 is in no quote"}
    ]
    assert told.dropped_claims == 2
