"""The bridge between the asynchronous server and Django's pages."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from pliego.config import asgi


def ask(body_parts, headers=(), method="POST", path="/x"):
    """Drive the application once; answers (status, headers, body)."""
    sent = []
    messages = [
        {"type": "http.request", "body": part, "more_body": i + 1 < len(body_parts)}
        for i, part in enumerate(body_parts)
    ]

    async def receive():
        return messages.pop(0)

    def send(message):
        """Like the server's: answers something awaitable that is no coroutine."""
        sent.append(message)
        done = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done

    scope = {"type": "http", "method": method, "path": path, "query_string": b"a=1", "headers": list(headers)}
    # A thread of its own: other tests may leave a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, asgi.application(scope, receive, send)).result()
    body = b"".join(m.get("body", b"") for m in sent[1:])
    return sent[0]["status"], dict(sent[0]["headers"]), body


@pytest.fixture
def put(monkeypatch):
    """Put a WSGI page in Django's place; `seen` is the environment it was called with."""
    seen = {}

    class Whole(list):
        content = streaming = False

    def install(chunks, streaming=False):
        def wsgi(environ, start_response):
            seen.update(environ, body=environ["wsgi.input"].read(), thread=threading.current_thread().name)
            start_response("201 Created", [("X-Saw", environ["REQUEST_METHOD"])])
            answer = Whole(chunks)
            answer.streaming = streaming
            return answer

        monkeypatch.setattr(asgi, "django", wsgi)
        return seen

    return install


class TestBridge:
    def test_gives_the_page_a_whole_body_in_a_worker_thread(self, put):
        seen = put([b"hello"])

        status, headers, body = ask([b"ab", b"cd"], headers=[(b"content-type", b"text/plain"), (b"x-one", b"1")])

        assert (status, headers[b"x-saw"], body) == (201, b"POST", b"hello")
        assert (seen["body"], seen["CONTENT_TYPE"], seen["HTTP_X_ONE"], seen["CONTENT_LENGTH"]) == (
            b"abcd",
            "text/plain",
            "1",
            "4",
        )
        assert seen["thread"].startswith("page")

    def test_sends_a_streaming_answer_chunk_by_chunk(self, put):
        put([b"one", b"", b"two"], streaming=True)

        assert ask([b""])[2] == b"onetwo"

    def test_knows_how_long_a_complete_request_waited(self, put):
        seen = put([b""])

        ask([b""])

        assert 0 <= seen["pliego.waited"]() < 60

    def test_keeps_large_bodies_on_disk_and_refuses_those_larger_than_any_form(self, put, settings):
        settings.PLIEGO_MAX_FILE_BYTES = 2 * asgi.IN_MEMORY
        seen = put([b""])

        assert ask([b"x" * asgi.IN_MEMORY] * 2)[0] == 201
        assert len(seen["body"]) == 2 * asgi.IN_MEMORY
        assert ask([b"x" * asgi.IN_MEMORY] * 4)[0] == 413
