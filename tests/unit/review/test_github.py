"""The comment on GitHub: one, updated in place, and a sentence when GitHub refuses."""

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from review.app import main
from review.comment import LIMIT, MARKER
from review.github import GitHubError, PullRequest
from review.post import post, pull_request
from tests.support.github import BOT, TOKEN, FakeGitHub, Trouble, serving

TEXT = f"{MARKER}\n## new"
OLD = f"{MARKER}\n## old"
VARIABLES = {"GITHUB_REPOSITORY": "team/traces", "PULL_REQUEST": "7", "GITHUB_TOKEN": TOKEN}


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    """A GitHub without comments."""
    with serving(FakeGitHub()) as found:
        yield found


def request_of(github: FakeGitHub) -> PullRequest:
    """Return the pull request on it."""
    return PullRequest(api=github.url, repository="team/traces", number=7, author=BOT, token=TOKEN)


def put(github: FakeGitHub, pauses: list[float] | None = None) -> tuple[str, bool]:
    """Put the comment; collect the pauses instead of waiting."""
    return request_of(github).put(MARKER, TEXT, (pauses if pauses is not None else []).append)


def test_the_first_comment_is_created(github: FakeGitHub) -> None:
    github.add("a person's")
    assert put(github) == ("https://example.com/2", True)
    assert github.bodies() == ["a person's", TEXT]
    assert github.tokens == {f"Bearer {TOKEN}"}


def test_the_next_one_takes_its_place(github: FakeGitHub) -> None:
    github.add(OLD)
    github.add("a person's")
    assert put(github) == ("https://example.com/1", False)
    assert put(github) == ("https://example.com/1", False)
    assert github.bodies() == [TEXT, "a person's"]


@pytest.mark.parametrize(("body", "author"), [(OLD, "mallory"), (f"I quote {OLD}", BOT), ("", BOT), (OLD, "bot")])
def test_only_the_own_comment_is_changed(github: FakeGitHub, body: str, author: str) -> None:
    """Anybody can write the marker, and the token may change everybody's comments."""
    github.add(body, author)
    put(github)
    assert github.bodies() == [body, TEXT]


def test_a_comment_without_an_author_is_nobodys(github: FakeGitHub) -> None:
    """GitHub has no user for a deleted account."""
    github.add(OLD)
    github.comments[0]["user"] = None
    put(github)
    assert github.bodies() == [OLD, TEXT]


def test_it_is_found_on_a_later_page(github: FakeGitHub) -> None:
    for number in range(250):
        github.add(f"comment {number}")
    github.add(OLD)
    assert put(github) == ("https://example.com/251", False)
    assert len([1 for method, _ in github.requests if method == "GET"]) == 3


def test_the_token_is_sent_to_no_other_host(github: FakeGitHub) -> None:
    for number in range(101):
        github.add(f"comment {number}")
    github.next_page_at = "http://localhost:1"
    with pytest.raises(GitHubError, match="goes on at another host"):
        put(github)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("code", [500, 502, 503])
def test_a_passing_failure_is_tried_again(github: FakeGitHub, method: str, code: int) -> None:
    github.troubles = {method: [Trouble(code), Trouble(code)]}
    pauses: list[float] = []
    put(github, pauses)
    assert github.bodies() == [TEXT]
    assert pauses == [2.0, 8.0]


def test_a_comment_that_was_written_although_the_answer_failed_is_not_written_twice(github: FakeGitHub) -> None:
    github.troubles = {"POST": [Trouble(502, done=True)]}
    assert put(github)[1] is False
    assert github.bodies() == [TEXT]


def test_a_lasting_failure_ends_with_a_sentence(github: FakeGitHub) -> None:
    github.troubles = {"GET": [Trouble(503, {"message": "Unicorn"})] * 4}
    with pytest.raises(GitHubError, match=r"answered 503 \(Unicorn\)\. Run the job again"):
        put(github)
    assert len(github.requests) == 4


@pytest.mark.parametrize("code", [403, 429])
def test_a_rate_limit_is_waited_for(github: FakeGitHub, code: int) -> None:
    github.troubles = {"POST": [Trouble(code, {"message": "secondary rate limit"}, {"Retry-After": "30"})]}
    pauses: list[float] = []
    put(github, pauses)
    assert pauses == [30.0]
    assert github.bodies() == [TEXT]


def test_a_rate_limit_of_an_hour_is_not(github: FakeGitHub) -> None:
    github.troubles = {"GET": [Trouble(403, {"message": "limit"}, {"Retry-After": "3600"})]}
    with pytest.raises(GitHubError, match="Run the job again"):
        put(github)
    assert len(github.requests) == 1


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        (401, "token is not valid"),
        (403, "pull-requests: write"),
        (404, "Check GITHUB_REPOSITORY"),
        (410, "locked or gone"),
        (422, "refuses the comment's text"),
        (301, "Check GITHUB_API_URL"),
    ],
)
def test_a_refusal_is_a_sentence_with_a_way_out_and_without_the_token(
    github: FakeGitHub, code: int, hint: str
) -> None:
    headers = {"Location": "http://127.0.0.1:1/"} if code == 301 else {}
    github.troubles = {"POST": [Trouble(code, {"message": "Resource not accessible by integration"}, headers)]}
    with pytest.raises(GitHubError) as error:
        put(github)
    assert hint in str(error.value)
    assert "Resource not accessible by integration" in str(error.value)
    assert TOKEN not in str(error.value)
    assert github.bodies() == []


def test_no_answer_is_a_sentence() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        silent = FakeGitHub(url=f"http://127.0.0.1:{unused.getsockname()[1]}")
        with pytest.raises(GitHubError, match="does not answer"):
            put(silent)


def test_the_token_is_not_shown(github: FakeGitHub) -> None:
    assert TOKEN not in repr(request_of(github))


def environment(monkeypatch: pytest.MonkeyPatch, **changes: str | None) -> None:
    """Set the variables of a workflow, changed; None removes one."""
    for name in ("GITHUB_API_URL", "COMMENT_AUTHOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in (VARIABLES | changes).items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)


def test_the_environment_names_the_pull_request(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch)
    found = pull_request()
    assert (found.api, found.repository, found.number, found.author) == (
        "https://api.github.com",
        "team/traces",
        7,
        BOT,
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"GITHUB_TOKEN": None}, "GITHUB_TOKEN is not set"),
        ({"GITHUB_TOKEN": " "}, "GITHUB_TOKEN is not set"),
        ({"PULL_REQUEST": None}, "PULL_REQUEST is not set"),
        ({"PULL_REQUEST": "7/merge"}, "must be the number"),
        ({"PULL_REQUEST": "0"}, "must be the number"),
        ({"GITHUB_REPOSITORY": "team/../x/y"}, "must be `owner/name`"),
        ({"GITHUB_API_URL": "http://github.example/api"}, "must begin with https"),
    ],
)
def test_a_wrong_environment_is_refused(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], sentence: str
) -> None:
    environment(monkeypatch, **changes)
    with pytest.raises(GitHubError, match=sentence):
        pull_request()


def test_a_text_that_is_no_comment_or_too_long_is_not_sent(github: FakeGitHub) -> None:
    with pytest.raises(GitHubError, match="no comment of this project"):
        post("anything", request_of(github))
    with pytest.raises(GitHubError, match=f"GitHub takes {LIMIT}"):
        post(TEXT + "x" * LIMIT, request_of(github))
    assert github.requests == []


def test_the_command_posts_a_written_comment(
    github: FakeGitHub, monkeypatch: pytest.MonkeyPatch, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    environment(monkeypatch, GITHUB_API_URL=github.url)
    file = tmp_path / "comment.md"
    file.write_text(TEXT, encoding="utf-8")
    assert main(["post", "--file", str(file)]) == 0
    assert capsys.readouterr().out == "Wrote https://example.com/1\n"
    assert main(["post", "--file", str(file)]) == 0
    assert capsys.readouterr().out == "Updated https://example.com/1\n"
    assert json.dumps(github.bodies()) == json.dumps([TEXT])


def test_an_empty_file_is_no_comment_and_starts_no_program(
    github: FakeGitHub, monkeypatch: pytest.MonkeyPatch, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """The program would run with the token in its environment."""
    environment(monkeypatch, GITHUB_API_URL=github.url)
    file = tmp_path / "comment.md"
    file.touch()
    assert main(["post", "--file", str(file)]) == 1
    assert capsys.readouterr().err.startswith("The file is no comment of this project")


def test_a_comment_is_written_into_a_folder_that_is_not_there_yet(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setattr("review.write.pull_request_comment", lambda *_, **__: TEXT)
    file = tmp_path / "out" / "comment.md"
    assert main(["comment", "--base", "main", "--out", str(file)]) == 0
    assert file.read_text(encoding="utf-8") == TEXT
