"""A server that answers like GitHub's API of comments, as far as the command uses it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

BOT = "github-actions[bot]"
TOKEN = "planted-token-0123456789"
_PATH = "/repos/team/traces/issues"


@dataclass
class Trouble:
    """Answers instead of the right one: a code, a body and headers; `done` if the request was carried out, too."""

    code: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    done: bool = False


@dataclass
class FakeGitHub:
    """The comments of pull request 7; `troubles` by method are answered first, one a request."""

    comments: list[dict[str, Any]] = field(default_factory=list)
    troubles: dict[str, list[Trouble]] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    url: str = ""
    next_page_at: str = ""

    def add(self, body: str, author: str = BOT) -> None:
        """Add a comment."""
        number = len(self.comments) + 1
        address = f"https://example.com/{number}"
        self.comments.append({"id": number, "body": body, "user": {"login": author}, "html_url": address})

    def bodies(self) -> list[str]:
        """Return the texts of all comments."""
        return [comment["body"] for comment in self.comments]

    def answer(self, method: str, path: str, body: Any) -> Trouble:
        """Return code, body and headers of the answer to a request."""
        trouble = self.troubles[method].pop(0) if self.troubles.get(method) else None
        if trouble and not trouble.done:
            return trouble
        found = self._right_answer(method, urlsplit(path).path, parse_qs(urlsplit(path).query), body)
        return trouble or found

    def _right_answer(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> Trouble:
        if method == "GET" and path == f"{_PATH}/7/comments":
            size, page = int(query["per_page"][0]), int(query.get("page", ["1"])[0])
            rest = len(self.comments) > page * size
            following = f"{self.next_page_at or self.url}{_PATH}/7/comments?per_page={size}&page={page + 1}"
            headers = {"Link": f'<{following}>; rel="next"'} if rest else {}
            return Trouble(200, self.comments[(page - 1) * size : page * size], headers)
        if method == "POST" and path == f"{_PATH}/7/comments":
            self.add(body["body"])
            return Trouble(201, self.comments[-1])
        if method == "PATCH" and (number := int(path.rpartition("/")[2])) <= len(self.comments):
            self.comments[number - 1]["body"] = body["body"]
            return Trouble(200, self.comments[number - 1])
        return Trouble(404, {"message": "Not Found"})


@contextmanager
def serving(github: FakeGitHub) -> Iterator[FakeGitHub]:
    """Serve on loopback; `github.url` is the address meanwhile."""

    class Handler(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            github.requests.append((self.command, self.path))
            github.tokens.add(self.headers.get("Authorization", ""))
            answer = github.answer(self.command, self.path, body)
            content = json.dumps(answer.body).encode()
            self.send_response(answer.code)
            for name, value in {**answer.headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = _handle  # noqa: N815 - the server's own names

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    github.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield github
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
