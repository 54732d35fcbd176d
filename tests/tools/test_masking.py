"""The real processors of scrubbing on the committed cases, and on 200 and more variants of each kind."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from settings.scrubbing import Scrubbing
from tests.support.masking_kinds import HIDE, KEEP
from tests.support.span_cases import SpanCase, committed_cases, span_of, wrong
from tests.tools.masked import Scrubber, scrubber

pytestmark = pytest.mark.tools

_VARIANTS = 220
_PATIENT = settings(
    max_examples=_VARIANTS,
    phases=[Phase.generate],
    database=None,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scrubber]:
    """A collector with the processors that a stack without settings has."""
    with scrubber(tmp_path_factory.mktemp("masking"), Scrubbing()) as found:
        yield found


def variants(kind: Any) -> list[SpanCase]:
    """Return the variants of a kind, the same ones in every run."""
    found: list[SpanCase] = []

    @_PATIENT
    @given(kind)
    def collect(case: SpanCase) -> None:
        found.append(case)

    collect()
    return found


def mistakes(running: Scrubber, cases: Sequence[SpanCase]) -> list[str]:
    """Return what the collector did wrong."""
    found = running.scrubbed([span_of(case) for case in cases])
    return [one for case, spans in zip(cases, found, strict=True) if (one := wrong(case, spans))]


def test_the_committed_cases_are_masked_and_only_they(running: Scrubber) -> None:
    assert mistakes(running, committed_cases()) == []


@pytest.mark.parametrize("kind", sorted(HIDE))
def test_every_variant_of_a_secret_is_masked(running: Scrubber, kind: str) -> None:
    assert mistakes(running, variants(HIDE[kind])) == []


@pytest.mark.parametrize("kind", sorted(KEEP))
def test_no_variant_of_a_harmless_text_is_masked(running: Scrubber, kind: str) -> None:
    assert mistakes(running, variants(KEEP[kind])) == []


_NO_JSON = {"a": {"__double": "nan"}}


@pytest.mark.parametrize(
    "key",
    [
        "db.system",
        "db.system.name",
        "db.statement",
        "db.query.text",
        "event:exception.message",
        "event:exception.stacktrace",
        "fawkes.scrub.name",
        "fawkes.scrub.status",
        "event:fawkes.scrub.event",
        "scope:fawkes.scrub.scope",
    ],
)
def test_no_attribute_of_one_sender_drops_the_spans_of_others(running: Scrubber, key: str) -> None:
    """An error drops the batch, and a pattern asked of a value that JSON cannot hold is one."""
    hostile = SpanCase("hostile", {"db.statement": "SET k v", "status.message": "it's 'x'", key: _NO_JSON})
    other = SpanCase("other", {"app.note": "others' span"}, keep=("others' span",))
    assert mistakes(running, [hostile, other]) == []
