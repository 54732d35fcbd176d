"""Kafka, for Tempo 3 in microservices mode."""

from collections.abc import Iterator

from ready.facts import Facts
from ready.finding import Finding, not_seen
from ready.needs import Needs


def check(needs: Needs, _: Facts) -> Iterator[Finding]:
    """Yield that it is not looked at, with what must be there."""
    tempo = needs.settings.tempo
    if tempo.kafka:
        fix = f"Check that it has the topic {tempo.kafka.topic} with at least {tempo.ingesters} partitions."
        yield not_seen("Kafka", f"{tempo.kafka.address} may have an address in the cluster's network only", fix)
