"""A mistake in the settings is refused before anything is changed, in a sentence."""

import re

import pytest

from lab.engine.run import EngineError
from tests.support.live import LiveStack, section
from tests.support.stacks import SENTENCE

pytestmark = pytest.mark.engine


def test_a_misspelled_setting_is_refused_in_one_sentence_and_nothing_changes(dojo: LiveStack) -> None:
    """If it were ignored, the default would stay in force and nobody would notice."""
    # Each run begins by a refresh, which writes down what became ready since the last one.
    dojo.engine().refresh()
    before = _resources(dojo)
    misspelled = dojo.engine(section("retention", detailed_hour=48))
    for verb in (misspelled.preview, misspelled.up):
        with pytest.raises(EngineError) as refusal:
            verb()
        _, where, sentence = refusal.value.what.splitlines()
        assert where.endswith("Pulumi.dojo.yaml is refused:")
        assert "retention.detailed_hour" in sentence
        assert re.match(SENTENCE, sentence.strip()), sentence
    for log in (dojo.engine().home / "logs").glob("dojo-*.log"):
        assert "Traceback" not in log.read_text(encoding="utf-8")
    assert _resources(dojo) == before


def _resources(stack: LiveStack) -> list[tuple[str, str, str]]:
    """Return each resource's URN, id and time of last change; its secrets are encrypted differently each time."""
    resources = stack.engine().export_state()["deployment"]["resources"]
    return [(each["urn"], each.get("id", ""), each["modified"]) for each in resources]
