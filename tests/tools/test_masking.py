from pathlib import Path

import pytest

from settings.scrubbing import Scrubbing
from tests.support.span_cases import committed_cases, span_of, wrong
from tests.tools.masked import scrubber

pytestmark = pytest.mark.tools


def test_the_committed_cases_are_masked_and_only_they(tmp_path: Path) -> None:
    cases = committed_cases()
    with scrubber(tmp_path, Scrubbing()) as running:
        found = running.scrubbed([span_of(case) for case in cases])
    assert [one for case, spans in zip(cases, found, strict=True) if (one := wrong(case, spans))] == []
