"""Comments of a pull request through GitHub's REST API, with the token of a workflow."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

# To connect, and to wait for bytes of an answer.
_SECONDS = (10, 30)
# GitHub answers 5xx for seconds at a time. Three more tries take half a minute in all.
_PAUSES = (2.0, 8.0, 20.0)
# A rate limit may say to come back in an hour; a job should rather fail.
_LONGEST_PAUSE = 60.0
_PER_PAGE = 100
# Ten thousand comments: a list of pages without an end is a mistake of the server.
_MOST_PAGES = 100
_REASONS: Mapping[int, str] = {
    401: "The token is not valid. Pass the workflow's own: GITHUB_TOKEN: ${{ github.token }}.",
    403: "Give the job `permissions: {pull-requests: write}`. The token of a pull request from a fork may only "
    "read: print the comment to the job's summary instead.",
    404: "There is no such repository or pull request, or the token may not see it. Check GITHUB_REPOSITORY and "
    "PULL_REQUEST.",
    410: "The pull request's conversation is locked or gone.",
    422: "GitHub refuses the comment's text.",
}


class GitHubError(Exception):
    """GitHub refused, or did not answer; the message is for people and never has the token."""


class _PassingError(Exception):
    """What another try may get over, and after how many seconds GitHub wants it; None if it does not say."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class _Token(AuthBase):
    """Sends the token; given as `auth`, because otherwise a `.netrc` of the machine would replace it."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


@dataclass(frozen=True, kw_only=True)
class PullRequest:
    """A pull request: `api` is the API's URL, `repository` is `owner/name`, `author` who writes with the token."""

    api: str
    repository: str
    number: int
    author: str
    token: str = field(repr=False)

    def put(self, marker: str, body: str, pause: Callable[[float], object] = time.sleep) -> tuple[str, bool]:
        """Make `body` the comment that begins with `marker`; return its address, and whether it is a new one.

        Every try begins by looking for it: a request that failed on the way back may have succeeded. Raise
        `GitHubError` when GitHub refuses, or still fails after three more tries.
        """
        for seconds in (*_PAUSES, None):
            try:
                return self._put(marker, body)
            except _PassingError as error:
                if seconds is None or (error.after or 0) > _LONGEST_PAUSE:
                    raise GitHubError(
                        f"GitHub does not take the comment now: {error}. Run the job again."
                    ) from error
                pause(max(seconds, error.after or 0))
        raise AssertionError("the last pause is None")

    def _put(self, marker: str, body: str) -> tuple[str, bool]:
        earlier = next((one for one in self._comments() if self._is_ours(one, marker)), None)
        text = {"body": body}
        if earlier is None:
            made = self._asked("POST", f"{self._issue}/comments", json=text)
            return made.json()["html_url"], True
        changed = self._asked("PATCH", f"{self._repository}/issues/comments/{earlier['id']}", json=text)
        return changed.json()["html_url"], False

    def _is_ours(self, comment: Mapping[str, Any], marker: str) -> bool:
        """Return whether a comment is the earlier one; anybody could write the marker into another."""
        author = (comment.get("user") or {}).get("login")
        return author == self.author and str(comment.get("body") or "").startswith(marker)

    def _comments(self) -> Iterator[Mapping[str, Any]]:
        address = f"{self._issue}/comments?per_page={_PER_PAGE}"
        for _ in range(_MOST_PAGES):
            answer = self._asked("GET", address)
            yield from answer.json()
            if "next" not in answer.links:
                return
            address = answer.links["next"]["url"]
            if urlsplit(address).netloc != urlsplit(self.api).netloc:
                raise GitHubError(
                    f"GitHub's list of comments goes on at another host: {address}. Nothing is sent there."
                )
        raise GitHubError(f"The list of comments has more than {_MOST_PAGES} pages.")

    @property
    def _repository(self) -> str:
        return f"{self.api}/repos/{self.repository}"

    @property
    def _issue(self) -> str:
        return f"{self._repository}/issues/{self.number}"

    def _asked(self, method: str, address: str, json: object = None) -> requests.Response:
        """Return a successful answer; raise `_PassingError`, or `GitHubError` with a way to get over it."""
        headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
        try:
            answer = requests.request(
                method,
                address,
                json=json,
                headers=headers,
                auth=_Token(self.token),
                timeout=_SECONDS,
                # A redirected write would become a read.
                allow_redirects=False,
            )
        except (requests.ConnectionError, requests.Timeout) as error:
            raise _PassingError(f"{urlsplit(address).netloc} does not answer") from error
        if answer.ok and not answer.is_redirect:
            return answer
        said = f"{method} {urlsplit(address).path} answered {answer.status_code}{_message(answer)}"
        if answer.status_code >= requests.codes.server_error or _is_limited(answer):
            raise _PassingError(said, _wanted_pause(answer))
        hint = _REASONS.get(answer.status_code, "Check GITHUB_API_URL and GITHUB_REPOSITORY.")
        raise GitHubError(f"The comment is not on the pull request: {said}. {hint}")


def _message(answer: requests.Response) -> str:
    """Return GitHub's own words."""
    try:
        said = answer.json()
    except requests.JSONDecodeError:
        return ""
    return f" ({said['message']})" if isinstance(said, dict) and said.get("message") else ""


def _is_limited(answer: requests.Response) -> bool:
    """Return whether GitHub refuses because of too many requests, for which it has two codes."""
    codes = (requests.codes.too_many_requests, requests.codes.forbidden)
    used_up = answer.headers.get("x-ratelimit-remaining") == "0" or "retry-after" in answer.headers
    return answer.status_code == codes[0] or (answer.status_code == codes[1] and used_up)


def _wanted_pause(answer: requests.Response) -> float | None:
    """Return after how many seconds GitHub wants another try."""
    after, reset = answer.headers.get("retry-after", ""), answer.headers.get("x-ratelimit-reset", "")
    if after.isdigit():
        return float(after)
    if answer.headers.get("x-ratelimit-remaining") == "0" and reset.isdigit():
        return max(0.0, float(reset) - time.time())
    return None
