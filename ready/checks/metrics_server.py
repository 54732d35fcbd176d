"""The API of metrics is available, by which workloads are scaled."""

from collections.abc import Iterator

from ready.add_ons import METRICS_SERVER, installation
from ready.facts import Facts, known
from ready.finding import Finding, listed, met, not_met
from ready.needs import Needs


def check(needs: Needs, facts: Facts) -> Iterator[Finding]:
    """Yield whether the autoscalers of the stack get the use of CPU."""
    if not needs.autoscaled:
        return
    state, scaled = known(facts.cluster.metrics_api), listed(needs.autoscaled)
    if state is None:
        yield not_met("metrics-server", f"There is no API of metrics, by which {scaled} scale.", _fix(needs))
    elif state:
        fix = "Look at it: kubectl describe apiservice v1beta1.metrics.k8s.io"
        yield not_met("metrics-server", f"The API of metrics is not available: {state.rstrip('.')}.", fix)
    else:
        yield met("metrics-server", f"The API of metrics is available; {scaled} scale by it.")


def _fix(needs: Needs) -> str:
    return f"Install metrics-server; on EKS it is an add-on: {installation(METRICS_SERVER, needs)}"
