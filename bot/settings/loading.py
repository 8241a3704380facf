"""Read the config directory and the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.model.errors import ConfigFaults, Fault
from bot.model.policy import CardPolicy, ClusterPolicy, DeliverPolicy
from bot.model.values import RouteId
from bot.settings import building, checks, documents, taught
from bot.settings import environment as surroundings
from bot.settings.complaints import shaped
from bot.settings.documents import Document
from bot.settings.environment import Places
from bot.settings.shapes import (
    AudiencesFile,
    PlaybookFile,
    RankingFile,
    RecapFile,
    RoutesFile,
    Shape,
    SourcesFile,
)
from bot.settings.values import Settings

SHAPES: dict[str, type[Shape]] = {
    "recap": RecapFile,
    "sources": SourcesFile,
    "audiences": AudiencesFile,
    "ranking": RankingFile,
    "routes": RoutesFile,
    "playbook": PlaybookFile,
}
LENT = ("audiences", "ranking", "playbook")
"""Taken from the defaults where the directory lacks them."""


def load(directory: Path, *, environment: Mapping[str, str], defaults: Path | None = None) -> Settings:
    """
    Return the settings in *directory* and *environment*; *defaults* lends audiences, ranking and playbook.

    Raises: ConfigFaults with every fault of all files and of the environment.
    """
    if not os.path.isdir(directory):  # unlike Path's, it says no where it may not look
        raise ConfigFaults([Fault(str(directory), 0, 0, f"no such directory; `recap init {directory}` writes one")])
    places, of_environment = surroundings.read(environment)
    gathered = _gather(directory, defaults)
    gathered.faults += checks.every_fault(gathered.documents)
    if places.smtp_url:
        gathered.faults += checks.mail_faults(gathered.documents, has_sender=places.email_from is not None)
    gathered.faults += checks.queue_faults(gathered.documents, database_url=places.database_url)
    gathered.faults += checks.budget_faults(gathered.documents, model=places.llm)
    if gathered.faults or of_environment:
        raise ConfigFaults(gathered.in_order() + of_environment)
    return _settings(gathered.documents, directory=directory, places=places)


@dataclass(slots=True)
class _Gathered:
    """The files that could be read, and what is wrong with any."""

    documents: dict[str, Document] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    order: list[str] = field(default_factory=list)

    def in_order(self) -> list[Fault]:
        """Return the faults by file and line, each once."""
        ordered = sorted(self.faults, key=lambda fault: (self.order.index(fault.file), fault.line, fault.column))
        return list(dict.fromkeys(ordered))


def _gather(directory: Path, defaults: Path | None) -> _Gathered:
    gathered = _Gathered()
    for stem, shape in SHAPES.items():
        path = directory / f"{stem}.yaml"
        is_own = os.path.exists(path) or stem not in LENT or defaults is None
        if defaults is not None and not is_own:
            path = defaults / path.name
        gathered.order.append(str(path))
        try:
            gathered.documents[stem] = documents.read(path, is_own=is_own)
            shaped(gathered.documents[stem], shape)
        except ConfigFaults as exc:
            gathered.faults += exc.faults
    return gathered


def _settings(sound: Mapping[str, Document], *, directory: Path, places: Places) -> Settings:
    of_recap = shaped(sound["recap"], RecapFile)
    recap = building.recap_policy(of_recap, places=places)
    models = taught.read(directory)
    audiences = tuple(
        building.audience(shape, taught=models.get(shape.id))
        for shape in shaped(sound["audiences"], AudiencesFile).audiences
    )
    names = {audience.id: audience.name for audience in audiences}
    names_in = {
        language: {audience.id: audience.name_in(language) for audience in audiences if language in audience.names}
        for language in recap.languages
    }
    sources = shaped(sound["sources"], SourcesFile).sources
    llm = _model(of_recap.analyst if places.llm is None else places.llm)
    provider = (llm or "").partition(":")[0]
    return Settings(
        directory=directory,
        sources=tuple(building.source(shape, directory=directory) for shape in sources),
        audiences=audiences,
        routes=tuple(building.route(shape, recap=of_recap) for shape in shaped(sound["routes"], RoutesFile).routes),
        route_lines=_lines(sound["routes"]),
        playbook=building.playbook(shaped(sound["playbook"], PlaybookFile), audiences=set(names)),
        ranking=building.ranking(shaped(sound["ranking"], RankingFile)),
        cluster=building.policy(ClusterPolicy, of_recap.cluster),
        collect=building.collect_policy(of_recap, places=places),
        recap=recap,
        deliver=building.policy(DeliverPolicy, of_recap.deliver),
        bounces=building.bounce_policy(of_recap),
        card=CardPolicy(places.base_url, recap.title, recap.freshness, names, names_in, places.takes_clicks),
        slack=building.slack_policy(of_recap),
        queue=of_recap.queue,
        embedder=of_recap.embedder,
        openai_base_url=places.openai_base_url,
        openai_api_key=places.openai_api_key,
        llm=llm,
        llm_key=places.model_keys.get(provider),
        llm_url=places.model_urls.get(provider),
        llm_policy=building.llm_policy(of_recap.llm),
        database_url=places.database_url,
        outbox=places.outbox,
        base_url=places.base_url,
        secret_keys=places.secret_keys,
        smtp_url=places.smtp_url,
        email_from=places.email_from,
        dkim_key_file=places.dkim_key_file,
        dkim_selector=places.dkim_selector,
        webhook_keys=places.webhook_keys,
        slack_token=places.slack_token,
        slack_signing_secret=places.slack_signing_secret,
        slack_app_token=places.slack_app_token,
        slack_client_id=places.slack_client_id,
        slack_client_secret=places.slack_client_secret,
        slack_api_url=places.slack_api_url,
    )


def _lines(document: Document) -> dict[RouteId, int]:
    return {str(row["id"]): document.values[where][0] for where, row in document.rows("routes")}


def _model(text: str) -> str | None:
    return text if text not in ("", "extractive") else None
