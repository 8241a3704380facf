"""The extractive analyst keeps the promise of the port."""

from bot import ports
from bot.adapters.analyst import ExtractiveAnalyst
from bot.analyze import extract
from bot.model.policy import Playbook
from tests.builders import NOW, a_dossier, an_article


def test_extractive_analyst_signs_its_insights() -> None:
    analyst: ports.Analyst = ExtractiveAnalyst()
    dossier = a_dossier(an_article(text="Halcyon Labs opened a model for 40,000 weather stations on Monday morning."))

    (analysis,) = analyst.analyze_each([ports.Assignment(dossier, "en")], audiences=(), playbook=Playbook(), now=NOW)

    insight = analysis.insight
    assert insight is not None
    assert (insight.analyst, insight.prompt_version) == ("extractive", extract.VERSION)
    assert (insight.event_id, insight.content_hash) == (dossier.event.id, dossier.content_hash)
    assert insight.made_at == NOW
    assert len(insight.claims) == 1
