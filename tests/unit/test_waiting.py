"""Waiting for a condition: what ends it, and what is said then."""

import pytest

from tests.support.waiting import eventually


def test_a_server_that_does_not_answer_yet_is_asked_again() -> None:
    answers = iter((ConnectionRefusedError(), None, "an answer"))

    def asked() -> str | None:
        found = next(answers)
        if isinstance(found, OSError):
            raise found
        return found

    assert eventually(asked, "it answers") == "an answer"


def test_the_reason_why_it_never_answered_is_told() -> None:
    def asked() -> None:
        raise ConnectionRefusedError

    with pytest.raises(AssertionError, match="after 0 s it is still not true that it answers") as failed:
        eventually(asked, "it answers", seconds=0)
    assert isinstance(failed.value.__cause__, ConnectionRefusedError)


def test_an_error_of_the_test_ends_the_wait_at_once() -> None:
    answers = iter((KeyError("traceID"),))

    def asked() -> None:
        raise next(answers)

    with pytest.raises(KeyError, match="traceID"):
        eventually(asked, "it answers")
