"""A cluster whose DNS does not answer."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from render.names import OTLP_GRPC_PORT
from tests.cluster.packet_rules import forwarded, packet_rules, reset
from tests.faults.fault import Fault
from tests.support.live import LiveStack

_DNS_LABEL = "k8s-app=kube-dns"
# Longer than the pause between two requests of a busy connection, so each is reset.
_RESET_SECONDS = 3.0


@contextmanager
def dns_down(stack: LiveStack) -> Iterator[None]:
    """Drop every packet to the Pods of DNS. The node itself reaches them, so the kubelet restarts none."""
    pods: list[Any] = stack.core.list_namespaced_pod("kube-system", label_selector=_DNS_LABEL).items
    assert pods, f"no Pod has the label {_DNS_LABEL}"
    with packet_rules(*(forwarded("-d", pod.status.pod_ip, "-j", "DROP") for pod in pods)):
        yield


@contextmanager
def dns_down_and_reset(stack: LiveStack) -> Iterator[None]:
    """Take DNS away and end the connections between agent, gateway and Tempo, so that each needs a new one."""
    with dns_down(stack):
        reset_connections()
        yield


def reset_connections(port: int = OTLP_GRPC_PORT) -> None:
    """End the connections between Pods to a port that carry something now."""
    with packet_rules(reset("--dport", str(port))):
        time.sleep(_RESET_SECONDS)


FAULTS = (
    Fault(
        name="DNS down",
        what="No Pod gets an answer from DNS for 75 s; connections that exist stay.",
        block=dns_down,
        seconds=75,
        settle_seconds=120,
    ),
    Fault(
        name="DNS down and connections reset",
        what="No Pod gets an answer from DNS for 75 s, and the connections between agent, gateway and Tempo "
        "are reset at its begin.",
        block=dns_down_and_reset,
        seconds=75,
        settle_seconds=150,
    ),
)
