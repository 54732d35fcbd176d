"""The lab's Prometheus sees the deployed stack as the platform's would."""

import pytest

from render.names import AGENT, GATEWAY, TEMPO
from tests.cluster.lab_prometheus import answer, scraped_jobs
from tests.support.live import LiveStack
from tests.support.waiting import eventually

pytestmark = pytest.mark.cluster

# A target is found within 3 s, scraped every 10 s, and new only after an `up`.
_SCRAPED_SECONDS = 60.0
# Some groups are evaluated every two minutes.
_EVALUATED_SECONDS = 150.0


def test_every_monitor_of_the_stack_has_a_target_that_is_scraped(dojo: LiveStack) -> None:
    namespace = dojo.namespace
    jobs = {f"{namespace}/{name}" for name in (AGENT, GATEWAY, TEMPO, "span-metrics")}
    eventually(lambda: jobs <= scraped_jobs(), f"Prometheus scrapes {', '.join(sorted(jobs))}", _SCRAPED_SECONDS)


def test_every_rule_of_the_stack_is_evaluated_without_an_error(dojo: LiveStack) -> None:
    def evaluated() -> bool:
        groups = answer("rules", {})["groups"]
        rules = [rule for group in groups for rule in group["rules"]]
        return bool(rules) and all(rule["health"] == "ok" for rule in rules)

    eventually(evaluated, "Prometheus has evaluated every rule", _EVALUATED_SECONDS)
    assert dojo.settings.alerts.delivery == "prometheus_operator"
