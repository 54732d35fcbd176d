"""Prometheus takes span metrics and exemplars, and keeps them as long as the settings say."""

import re
from collections.abc import Iterator

from ready.facts import Facts, Prometheus, known
from ready.finding import Finding, met, not_met, not_seen
from ready.needs import Needs

# Prometheus' units, in days.
_DAYS = {"y": 365.0, "w": 7.0, "d": 1.0, "h": 1 / 24, "m": 1 / 1440, "s": 1 / 86_400, "ms": 1 / 86_400_000}


def check(needs: Needs, facts: Facts) -> Iterator[Finding]:
    """Yield whether it receives, stores exemplars, and keeps series long enough."""
    grafana = needs.settings.grafana
    if grafana.prometheus_url is None:
        return
    prometheus = known(facts.cluster.prometheus)
    if prometheus.silent:
        sentence = f"{grafana.prometheus_url} does not answer: {prometheus.silent.rstrip('.')}."
        yield not_met("Prometheus", sentence, "Start it, or correct grafana.prometheus_url.")
        return
    yield _receiver(grafana.prometheus_url, prometheus)
    yield _exemplars(prometheus)
    if days := needs.settings.retention.aggregated_metrics_days:
        yield _retention(days, prometheus.retention)


def _receiver(url: str, prometheus: Prometheus) -> Finding:
    if prometheus.flags.get("web.enable-remote-write-receiver") == "true":
        return met("remote write", f"The receiver of {url} is on.")
    fix = "Set enableRemoteWriteReceiver: true in the Prometheus resource, or --web.enable-remote-write-receiver."
    return not_met("remote write", f"{url} answers, and its remote-write receiver is off.", fix)


def _exemplars(prometheus: Prometheus) -> Finding:
    if "exemplar-storage" in prometheus.flags.get("enable-feature", "").split(","):
        return met("exemplars", "Prometheus stores exemplars.")
    fix = (
        "Set enableFeatures: [exemplar-storage] in the Prometheus resource, or --enable-feature=exemplar-storage."
    )
    return not_met("exemplars", "Prometheus does not store exemplars, which lead from a metric to a trace.", fix)


def _retention(wanted: int, said: str) -> Finding:
    days = days_of(said)
    if days is None:
        why = f"Prometheus states its retention as {said!r}, without a time"
        return not_seen("metrics' retention", why, "Compare it with retention.aggregated_metrics_days.")
    if days >= wanted:
        return met("metrics' retention", f"Prometheus keeps series for {said}; {wanted} days are wanted.")
    fix = f"Set its retention to {wanted}d, or correct retention.aggregated_metrics_days."
    return not_met("metrics' retention", f"Prometheus keeps series for {said}, not for {wanted} days.", fix)


def days_of(retention: str) -> float | None:
    """Return the days in Prometheus' words, such as `15d`, `2w1d` or `15d or 10GiB`; None without a time."""
    time = retention.partition(" or ")[0]
    parts = re.findall(r"([0-9]+)(ms|[ywdhms])", time)
    if not parts or "".join(number + unit for number, unit in parts) != time:
        return None
    return sum(int(number) * _DAYS[unit] for number, unit in parts)
