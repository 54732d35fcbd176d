"""Send the load of a shop to the stack's agent for a while."""

import time
from dataclasses import dataclass

from lab.cluster.service import Cluster
from lab.progress import Progress
from lab.traces.roundtrip import send
from lab.traces.shop import Shop
from settings.stack import StackSettings


@dataclass(frozen=True, kw_only=True)
class Load:
    """How long, how many traces a second, and the seed of their sequence."""

    seconds: float
    traces_per_second: int
    seed: int = 1


def send_load(cluster: Cluster, settings: StackSettings, progress: Progress, load: Load) -> int:
    """Send it, and return how many traces were sent. LabError when the agent refuses them.

    One request carries all traces of a second, as a collector beside the applications would batch them.
    """
    shop, sent, started = Shop(load.seed), 0, time.monotonic()
    with progress.step("send the load of a shop") as step:
        while (elapsed := time.monotonic() - started) < load.seconds:
            send(cluster, settings, shop.requests(load.traces_per_second, time.time_ns()).SerializeToString())
            sent += load.traces_per_second
            step.update(f"{sent} traces, {load.seconds - elapsed:.0f} s left")
            due = started + sent / load.traces_per_second
            time.sleep(max(0.0, due - time.monotonic()))
    return sent
