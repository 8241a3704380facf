"""The embedder behind an endpoint, against a stand-in for OpenAI, Ollama and vLLM."""

import json
import socket
from collections.abc import Callable

import numpy as np
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from bot.adapters.embedder import Endpoint, OpenAiEmbedder, embedder
from bot.model.errors import EmbeddingError


def asked(server: HTTPServer, *, key: str | None = "secret-key", timeout_s: float = 5.0) -> OpenAiEmbedder:
    return OpenAiEmbedder("small", Endpoint(server.url_for("/v1"), key, timeout_s))


def answering(server: HTTPServer, answer: Callable[[Request], Response]) -> None:
    server.expect_request("/v1/embeddings", method="POST").respond_with_handler(answer)


def lengths(request: Request) -> Response:
    """Answer with a vector of each text's length, the last text first."""
    data = [
        {"object": "embedding", "index": index, "embedding": [3.0 * len(text), 4.0 * len(text), 0.0]}
        for index, text in enumerate(request.get_json()["input"])
    ]
    return Response(json.dumps({"object": "list", "data": data[::-1], "model": "small"}))


def numbered(request: Request) -> Response:
    """Answer with the number that each text is, as a direction."""
    data = [{"index": index, "embedding": [float(text), 1.0]} for index, text in enumerate(request.get_json()["input"])]
    return Response(json.dumps({"data": data[::-1]}))


def test_vectors_are_made_of_unit_length(httpserver: HTTPServer) -> None:
    answering(httpserver, lengths)

    [vector] = asked(httpserver).embed(["A crow sits on the fence"])

    assert vector.dtype == np.float32
    assert np.allclose(vector, [0.6, 0.8, 0.0])


def test_order_is_that_of_the_texts_over_all_batches(httpserver: HTTPServer) -> None:
    answering(httpserver, numbered)

    vectors = asked(httpserver).embed([str(number) for number in range(150)])

    assert np.allclose([vector[0] / vector[1] for vector in vectors], range(150), rtol=1e-4)
    sizes = [len(json.loads(request.data)["input"]) for request, _ in httpserver.log]
    assert sizes == [64, 64, 22]


def test_key_and_model_go_along(httpserver: HTTPServer) -> None:
    answering(httpserver, lengths)

    asked(httpserver).embed(["One"])
    asked(httpserver, key=None).embed(["One"])

    [(with_key, _), (without, _)] = httpserver.log
    assert with_key.headers["Authorization"] == "Bearer secret-key"
    assert "Authorization" not in without.headers
    assert json.loads(with_key.data) == {"model": "small", "input": ["One"]}


def test_no_text_goes_out_empty(httpserver: HTTPServer) -> None:
    answering(httpserver, lengths)

    assert len(asked(httpserver).embed(["", "\0"])) == 2
    assert json.loads(httpserver.log[0][0].data)["input"] == ["-", "-"]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Response("no", status=401), r"small at localhost answered 401 \(UNAUTHORIZED\)\."),
        (Response("slow down", status=429), "answered 429"),
        (Response("<html>", status=200), "something else than embeddings"),
        (Response('{"data": [{"index": 0}]}'), "something else than embeddings"),
        (Response('{"data": []}'), "other than 1 vectors"),
        (Response('{"data": [{"index": 0, "embedding": [NaN, 1]}]}'), "other than 1 vectors"),
        (Response("", status=302, headers={"Location": "http://127.0.0.1:9/v1/embeddings"}), "answered 302"),
    ],
)
def test_bad_answer_is_one_line_without_the_key(httpserver: HTTPServer, answer: Response, told: str) -> None:
    answering(httpserver, lambda _: answer)

    with pytest.raises(EmbeddingError, match=told) as caught:
        asked(httpserver).embed(["One"])

    assert "secret-key" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_silent_endpoint_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        endpoint = Endpoint(f"http://127.0.0.1:{listener.getsockname()[1]}/v1", timeout_s=0.2)
        with pytest.raises(EmbeddingError, match=r"does not answer \(timed out\)"):
            OpenAiEmbedder("small", endpoint).embed(["One"])


def test_missing_endpoint_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    with pytest.raises(EmbeddingError, match=r"small at 127\.0\.0\.1 does not answer"):
        OpenAiEmbedder("small", Endpoint(f"http://127.0.0.1:{port}/v1")).embed(["One"])


def test_vectors_are_named_after_the_model() -> None:
    chosen, note = embedder("openai:nomic-embed-text", endpoint=Endpoint("http://127.0.0.1:11434/v1"))

    assert (chosen.name, note) == ("openai:nomic-embed-text", "")


def test_openai_itself_needs_a_key() -> None:
    chosen, note = embedder("openai:text-embedding-3-small", endpoint=Endpoint())

    assert (chosen.name, note) == (
        "",
        "OPENAI_API_KEY is not set, which OpenAI's embeddings need: comparing words only.",
    )
    assert "secret" not in repr(Endpoint(key="secret"))
