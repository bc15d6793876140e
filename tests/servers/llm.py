"""A loopback server that speaks OpenAI's chat completions, as vLLM, llama.cpp and Ollama do.

    with serving(answer) as server:
        openai.OpenAI(base_url=server.url, api_key="x").chat.completions.create(...)

`answer` is called with each request and returns what the model says: a text, or an `Answer` with more to it.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Answer:
    """What comes back. With a `status` other than 200 there is no completion; `body` is sent as it is."""

    text: str = ""
    status: int = 200
    finish: str = "stop"
    refusal: str | None = None
    tokens: tuple[int, int] = (100, 20)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass
class Served:
    """A running server: its address, and the requests it got."""

    url: str
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@contextlib.contextmanager
def serving(answer: Callable[[dict[str, Any]], str | Answer]) -> Iterator[Served]:
    """Run the server for the length of a block."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                served.requests.append(request)
                served.keys.append(self.headers.get("Authorization", ""))
            said = answer(request)
            said = Answer(said) if isinstance(said, str) else said
            body = said.body if said.body is not None else json.dumps(_completion(said, request)).encode()
            if said.status != 200 and said.body is None:
                body = json.dumps({"error": {"message": "no", "type": "test", "code": said.status}}).encode()
            self.send_response(said.status)
            for name, value in {
                "Content-Type": "application/json",
                "Content-Length": str(len(body)),
                **said.headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = Served(f"http://127.0.0.1:{server.server_port}/v1")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _completion(said: Answer, request: dict[str, Any]) -> dict[str, Any]:
    sent, made = said.tokens
    return {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1_700_000_000, "model": request["model"],
        "choices": [{
            "index": 0, "finish_reason": said.finish,
            "message": {"role": "assistant", "content": None if said.refusal else said.text, "refusal": said.refusal},
        }],
        "usage": {"prompt_tokens": sent, "completion_tokens": made, "total_tokens": sent + made},
    }  # fmt: skip
