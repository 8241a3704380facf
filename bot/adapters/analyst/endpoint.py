"""Where language models answer, and what their errors mean in one line."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pydantic_ai import exceptions
from pydantic_ai.models import Model

from bot.model.errors import AnalystMisconfigured

OLLAMA = "http://127.0.0.1:11434/v1"
_KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY", "google": "GEMINI_API_KEY"}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model of a provider."""

    provider: str
    """`openai` (with *url*: any API as OpenAI's), `anthropic`, `google` or `ollama`."""
    model: str
    key: str | None = field(default=None, repr=False)
    url: str | None = None
    """Null: the provider's own."""

    @property
    def name(self) -> str:
        """Provider and model, such as `openai:gpt-5`."""
        return f"{self.provider}:{self.model}"

    @property
    def place(self) -> str:
        """The model, and the host where that is not the provider's own."""
        return f"{self.name} at {urlsplit(self.url).netloc}" if self.url else self.name


def connect(endpoint: Endpoint) -> Model:
    """Return a client of *endpoint*; nothing is sent yet. Raises: AnalystMisconfigured with the mend."""
    needed = _KEYS.get(endpoint.provider)
    if needed and not endpoint.key and not endpoint.url:
        raise AnalystMisconfigured(f"{endpoint.name} needs a key: set {needed}.")
    try:
        return _CLIENTS[endpoint.provider](endpoint)
    except ImportError as exc:
        mend = f"pip install 'pydantic-ai-slim[{endpoint.provider}]' installs it"
        raise AnalystMisconfigured(f"The client for {endpoint.name} is not installed: {mend}.") from exc


def _openai(endpoint: Endpoint) -> Model:
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider
    from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

    if endpoint.url is None:
        return OpenAIChatModel(endpoint.model, provider=OpenAIProvider(api_key=endpoint.key))
    # Servers that need no key get one all the same: the client does not start without.
    provider = OpenAICompatibleProvider("compatible", base_url=endpoint.url, api_key=endpoint.key or "none")
    return OpenAIChatModel(endpoint.model, provider=provider)


def _ollama(endpoint: Endpoint) -> Model:
    from pydantic_ai.models.ollama import OllamaModel
    from pydantic_ai.providers.ollama import OllamaProvider

    provider = OllamaProvider(base_url=endpoint.url or OLLAMA, api_key=endpoint.key)
    return OllamaModel(endpoint.model, provider=provider)


def _anthropic(endpoint: Endpoint) -> Model:
    from pydantic_ai.models.anthropic import AnthropicModel
    from pydantic_ai.providers.anthropic import AnthropicProvider

    provider = AnthropicProvider(api_key=endpoint.key or "none", base_url=endpoint.url)
    return AnthropicModel(endpoint.model, provider=provider)


def _google(endpoint: Endpoint) -> Model:
    from pydantic_ai.models.google import GoogleModel
    from pydantic_ai.providers.google import GoogleProvider

    provider = GoogleProvider(api_key=endpoint.key or "none", base_url=endpoint.url)
    return GoogleModel(endpoint.model, provider=provider)


_CLIENTS: dict[str, Callable[[Endpoint], Model]] = {
    "openai": _openai,
    "ollama": _ollama,
    "anthropic": _anthropic,
    "google": _google,
}

HOPELESS = (
    exceptions.ModelAuthenticationError,
    exceptions.ModelNotFoundError,
    exceptions.ModelQuotaExceededError,
    exceptions.UserError,
)
"""Errors that the next event would meet, too."""


def reason(exc: BaseException, endpoint: Endpoint, *, timeout_s: float) -> str:
    """Return one line for an operator; never what the provider's answer says, which may repeat the prompt."""
    if isinstance(exc, TimeoutError | exceptions.ModelTimeoutError | exceptions.ModelRequestTimeout):
        return f"{endpoint.place} took longer than {timeout_s:g} seconds."
    status = getattr(exc, "status_code", None)
    answered = f" ({status})" if status else ""
    for kind, said in _SAID:
        if isinstance(exc, kind):
            return f"{endpoint.place} {said}{answered}."
    return f"{endpoint.place} gave no usable answer{answered}."


_SAID: tuple[tuple[type[Exception], str], ...] = (
    (exceptions.ModelAuthenticationError, "refuses the key: check it and what it may do"),
    (exceptions.ModelNotFoundError, "does not know the model: check RECAP_LLM"),
    (exceptions.ModelQuotaExceededError, "says that the account's credit is used up"),
    (exceptions.ModelRateLimitError, "asks to wait: lower llm.requests_per_minute or llm.concurrency"),
    (exceptions.ModelContextWindowExceededError, "takes no prompt of this length: lower llm.max_input_chars"),
    (exceptions.ModelRequestRejectedError, "refuses the request"),
    (exceptions.ModelConnectionError, "cannot be reached"),
    (exceptions.ModelServerError, "fails"),
    (exceptions.ModelUnavailableError, "is overloaded"),
    (exceptions.OutputTokenLimitExceeded, "broke off: raise llm.max_output_tokens"),
    (exceptions.UserError, "cannot be asked: check RECAP_LLM and its key"),
)
