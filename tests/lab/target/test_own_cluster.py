import io
import os
import pty
import sys
from collections.abc import Callable, Iterator

import pytest

from lab.errors import LabError
from lab.target.own_cluster import ask


@pytest.fixture(autouse=True)
def _nothing_said_beforehand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YES", raising=False)


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """A person at a terminal, who types a line."""
    keyboard, terminal = pty.openpty()
    with os.fdopen(terminal, encoding="utf-8") as stdin, os.fdopen(keyboard, "wb", buffering=0) as keys:
        monkeypatch.setattr(sys, "stdin", stdin)

        def type_line(text: str) -> None:
            keys.write(f"{text}\n".encode())

        yield type_line


def test_a_yes_goes_on(person: Callable[[str], None], capsys: pytest.CaptureFixture[str]) -> None:
    """The question is printed to standard error."""
    person("y")
    ask("Destroy it?", "make down")
    assert "Destroy it?" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["n", ""])
def test_a_no_and_a_mere_return_change_nothing(text: str, person: Callable[[str], None]) -> None:
    """Return is often pressed without reading."""
    person(text)
    with pytest.raises(LabError, match="Nothing was changed"):
        ask("Destroy it?", "make down")


def test_a_closed_standard_input_is_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """`make down <&-`."""
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(LabError, match="Nobody is here to confirm"):
        ask("Destroy it?", "make down")


def test_where_nobody_is_the_answer_is_no(monkeypatch: pytest.MonkeyPatch) -> None:
    """`make down </dev/null` destroyed a stack at once."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    with pytest.raises(LabError, match="YES=1 make down"):
        ask("Destroy it?", "make down")


def test_a_script_says_yes_beforehand(monkeypatch: pytest.MonkeyPatch) -> None:
    """With exactly the word that the sentence names: `YES=0` is no yes."""
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setenv("YES", "1")
    ask("Destroy it?", "make down")
    monkeypatch.setenv("YES", "0")
    with pytest.raises(LabError):
        ask("Destroy it?", "make down")
