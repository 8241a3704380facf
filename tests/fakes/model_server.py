"""
A stand-in for an OpenAI-compatible language model on 127.0.0.1, with a character.

Run by hand: `python -m tests.fakes.model_server [CHARACTER]`; set OPENAI_BASE_URL to the address it prints and
RECAP_LLM to openai:stand-in.
"""

import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any, Self

Json = dict[str, Any]

_ARTICLE = re.compile(r'<article id="(?P<id>\w+)"[^>]*>\n(?P<title>[^\n]*)\n\n(?P<text>.*?)\n</article>', re.DOTALL)
_SENTENCE = re.compile(r"[^.!?。]+[.!?。]+")
_ORDERED = re.compile(r"[:：]\s*[\"“«「]([^\"”»」]+)[\"”»」]")
TOKENS_IN, TOKENS_OUT = 1_000, 200
"""Of each answer."""


@dataclass(frozen=True, slots=True)
class Told:
    """An article as the model sees it."""

    id: str
    title: str
    text: str

    @property
    def sentences(self) -> list[str]:
        return [" ".join(sentence.split()) for sentence in _SENTENCE.findall(self.text)]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    body: Json
    headers: Mapping[str, str]
    nth: int
    """1 for the server's first."""

    @property
    def words(self) -> str:
        """Return all that the model was told."""
        return "\n".join(str(message["content"]) for message in self.body["messages"])

    @property
    def articles(self) -> list[Told]:
        first = next(str(message["content"]) for message in self.body["messages"] if message["role"] == "user")
        return [Told(found["id"], found["title"], found["text"]) for found in _ARTICLE.finditer(first)]

    @property
    def is_native(self) -> bool:
        """Whether a JSON schema is wanted of the server."""
        return (self.body.get("response_format") or {}).get("type") == "json_schema"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model says, or how it fails."""

    text: str = ""
    finish_reason: str = "stop"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    is_late: bool = False
    """Nothing comes until the server closes."""


Character = Callable[[Asked], Reply]


def line(text: str, article: str, *quotes: str, **more: str) -> Json:
    """Return one line of an answer."""
    return {"text": text, "quotes": [{"article": article, "text": quote} for quote in quotes or (text,)], **more}


def an_answer(**parts: Any) -> Json:
    """Return an answer with *parts*, empty in the others."""
    empty = {"title": "", "hook": None, "what_changed": None, "why_it_matters": None}
    return {**empty, "takeaways": [], "implications": [], "timeline": [], **parts}


def says(**parts: Any) -> Character:
    """Return a character that always answers with *parts*."""
    return lambda _: Reply(json.dumps(an_answer(**parts), ensure_ascii=False))


def in_turn(*characters: Character) -> Character:
    """Return a character that is each of *characters* for one answer, and the last one from then on."""
    return lambda asked: characters[min(asked.nth, len(characters)) - 1](asked)


def good(asked: Asked) -> Reply:
    """Say what the articles say, in their words."""
    first = asked.articles[0]
    told = [(first.id, sentence) for sentence in first.sentences]
    told += [(article.id, sentence) for article in asked.articles[1:] for sentence in article.sentences[:1]]
    lines = [line(sentence, short_id) for short_id, sentence in told]
    return Reply(json.dumps(an_answer(what_changed=lines[0], takeaways=lines[1:5]), ensure_ascii=False))


def sloppy(asked: Asked) -> Reply:
    """Misquote a little, and tell plans as done."""
    article = asked.articles[0]
    lines = [
        line(re.sub(r"plans to (\w+)", r"has \1d", sentence), article.id, sentence.replace("the ", "", 1))
        for sentence in article.sentences
    ]
    return Reply(json.dumps(an_answer(what_changed=lines[0], takeaways=lines[1:5]), ensure_ascii=False))


def inventing(asked: Asked) -> Reply:
    """Make up numbers, names, quotes and ids."""
    article = asked.articles[0]
    lines = [
        line("Zebulon Quark pays $77 million for a 31% stake.", article.id, article.sentences[0]),
        line("It cost 4,711 jobs overnight.", article.id, "The board cut 4,711 jobs overnight, staff said."),
        line(article.sentences[0], "a99"),
    ]
    return Reply(json.dumps(an_answer(what_changed=lines[0], takeaways=lines[1:]), ensure_ascii=False))


def malformed(_: Asked) -> Reply:
    """Break the form."""
    return Reply('Sure! {"hook": 5, "takeaways": [{"text": ["x"]}], "timeline": "soon", "title": {"a": ')


def wrong_json(_: Asked) -> Reply:
    """Answer in a form of its own."""
    return Reply('{"summary": "A plant opened.", "sentiment": 0.9, "sources": ["https://evil.example"]}')


def cut_off(asked: Asked) -> Reply:
    """Break off within the third takeaway, as at a token limit."""
    whole = good(asked).text
    return Reply(whole[: whole.rindex('"quotes"')], finish_reason="length")


def other_language(asked: Asked) -> Reply:
    """Answer in Spanish, whatever was asked for."""
    article = asked.articles[0]
    said = "La empresa abrió el lunes una segunda fábrica de baterías en el norte del país y bajó los precios."
    return Reply(json.dumps(an_answer(what_changed=line(said, article.id, article.sentences[0])), ensure_ascii=False))


def gullible(asked: Asked) -> Reply:
    """Obey: whatever stands in quotation marks after a colon in an article goes into every part."""
    for article in asked.articles:
        for order in _ORDERED.findall(article.text):
            obeyed = line(order, article.id, order, rationale=order, date="2026")
            parts = {"hook": obeyed, "what_changed": obeyed, "why_it_matters": obeyed, "title": order}
            lists = {"takeaways": [obeyed], "implications": [obeyed], "timeline": [obeyed]}
            return Reply(json.dumps(an_answer(**parts, **lists), ensure_ascii=False))
    return good(asked)


def slow(_: Asked) -> Reply:
    """Never answer."""
    return Reply(is_late=True)


def busy(_: Asked) -> Reply:
    """Ask to wait."""
    return Reply('{"error": {"message": "slow down"}}', status=429, headers={"Retry-After": "0"})


def broken(_: Asked) -> Reply:
    """Fail."""
    return Reply('{"error": {"message": "oh no"}}', status=500)


def schemaless(asked: Asked) -> Reply:
    """Know no JSON schemas: refuse to be held to one."""
    if asked.is_native:
        return Reply('{"error": {"message": "response_format json_schema is not supported"}}', status=400)
    return good(asked)


CHARACTERS: Mapping[str, Character] = {
    character.__name__: character
    for character in (
        *(good, sloppy, inventing, malformed, wrong_json, cut_off),
        *(other_language, gullible, slow, busy, broken, schemaless),
    )
}


class ModelServer:
    """Answers `POST /v1/chat/completions` in character, and keeps what was asked."""

    def __init__(self, character: Character = good, *, key: str | None = None) -> None:
        self.asked: list[Asked] = []
        self.most_at_once = 0
        self._character = character
        self.key = key
        self._at_once = 0
        self._lock = Lock()
        self._closing = Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> Self:
        Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self._closing.set()
        self._http.shutdown()
        self._http.server_close()

    def reply(self, body: Json, headers: Mapping[str, str]) -> Reply:
        with self._lock:
            asked = Asked(body, headers, len(self.asked) + 1)
            self.asked.append(asked)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            return self._in_character(asked)
        finally:
            with self._lock:
                self._at_once -= 1

    def _in_character(self, asked: Asked) -> Reply:
        if self.key is not None and asked.headers.get("Authorization") != f"Bearer {self.key}":
            return Reply('{"error": {"message": "Incorrect API key", "code": "invalid_api_key"}}', status=401)
        if not asked.articles:
            return Reply("Yes.")
        reply = self._character(asked)
        if reply.is_late:
            self._closing.wait(30)
        return reply

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                reply = server.reply(body, dict(self.headers))
                content = _completion(reply, body) if reply.status == 200 else reply.text.encode()
                try:
                    self.send_response(reply.status)
                    for name, value in reply.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)
                except OSError:
                    self.close_connection = True  # whoever asked has gone

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def _completion(reply: Reply, body: Json) -> bytes:
    message = {"role": "assistant", "content": reply.text}
    answer = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_795_000_000,
        "model": body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": reply.finish_reason}],
        "usage": {
            "prompt_tokens": TOKENS_IN,
            "completion_tokens": TOKENS_OUT,
            "total_tokens": TOKENS_IN + TOKENS_OUT,
        },
    }
    return json.dumps(answer, ensure_ascii=False).encode()


def main(arguments: Sequence[str]) -> None:
    with ModelServer(CHARACTERS[arguments[0] if arguments else "good"]) as server:
        print(server.url)  # noqa: T201
        Event().wait()


if __name__ == "__main__":
    main(sys.argv[1:])
