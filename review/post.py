"""Put the comment on the pull request that a workflow runs for."""

import os
import re
from urllib.parse import urlsplit

from review.comment import LIMIT, MARKER
from review.github import GitHubError, PullRequest

_PUBLIC_API = "https://api.github.com"
# Who writes with a workflow's own token.
_WORKFLOW = "github-actions[bot]"
_LOOPBACK = ("127.0.0.1", "localhost")
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")


def post(text: str, where: PullRequest) -> str:
    """Put a comment on the pull request, in place of an earlier one; return a sentence on what was done.

    Raise `GitHubError` when the text is no such comment, or GitHub refuses.
    """
    if not text.startswith(MARKER):
        raise GitHubError(
            "The file is no comment of this project: make it with `make pr-comment BASE=… COMMENT=file`."
        )
    if (size := len(text.encode())) > LIMIT:
        raise GitHubError(f"The comment has {size} bytes, and GitHub takes {LIMIT}. Make it without WHOLE=1.")
    address, is_new = where.put(MARKER, text)
    return f"{'Wrote' if is_new else 'Updated'} {address}"


def pull_request() -> PullRequest:
    """Return the pull request that the environment names; raise `GitHubError` for a missing or wrong variable."""
    repository, number = _variable("GITHUB_REPOSITORY"), _variable("PULL_REQUEST")
    if not _REPOSITORY.fullmatch(repository):
        raise GitHubError(f"GITHUB_REPOSITORY is {repository!r}; it must be `owner/name`.")
    if not re.fullmatch("[1-9][0-9]{0,9}", number):
        raise GitHubError(f"PULL_REQUEST is {number!r}; it must be the number of the pull request.")
    api = os.environ.get("GITHUB_API_URL") or _PUBLIC_API
    where = urlsplit(api)
    if where.scheme != "https" and where.hostname not in _LOOPBACK:
        raise GitHubError(
            f"GITHUB_API_URL is {api!r}; it must begin with https://, because a token is sent there."
        )
    return PullRequest(
        api=api.rstrip("/"),
        repository=repository,
        number=int(number),
        author=os.environ.get("COMMENT_AUTHOR") or _WORKFLOW,
        token=_variable("GITHUB_TOKEN"),
    )


def _variable(name: str) -> str:
    if not (value := os.environ.get(name, "").strip()):
        raise GitHubError(f"The variable {name} is not set. In a workflow, set it in the step's `env`.")
    return value
