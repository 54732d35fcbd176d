"""What a collector has accepted survives its restart."""

from collections.abc import Iterator

from pydantic import Field

from policies.collector_config import kind_of, ways
from policies.collectors import Collector, collectors
from policies.resources import Stack
from policies.rule import Bounds, Severity, StackRule, Violation
from policies.volumes import Volume, volume_of

_MIB = 1024 * 1024


class Queues(Bounds):
    """How large a queue has to be, and how much of its volume queues may take."""

    min_mib: float = Field(128, gt=0, description="Size of each exporter's queue in MiB at least.")
    max_volume_percentage: float = Field(
        95, gt=0, le=100, description="Percentage of their volume that queues may take: compaction needs some."
    )


def check(stack: Stack, bounds: Queues) -> Iterator[Violation]:
    """Yield each exporter of spans whose queue is in memory or too small, and queues that no volume can hold."""
    for collector in collectors(stack):
        taken: dict[str, float] = {}
        for name in dict.fromkeys(way.exporter for way in ways(collector.document)):
            queue = collector.document["exporters"][name]["sending_queue"]
            storage = queue["storage"].text("")
            what = f"The queue of {name} in {collector.file.name}"
            if not queue["enabled"].flag(True) or not storage:
                yield Violation(collector.config_map, f"{what} is not on disk.")
            elif queue["sizer"].text("requests") != "bytes":
                yield Violation(
                    collector.config_map, f"{what} is not limited in bytes, so its volume may overflow."
                )
            else:
                size = queue["queue_size"].number(0)
                taken[storage] = taken.get(storage, 0) + size
                if size < bounds.min_mib * _MIB:
                    yield Violation(
                        collector.config_map,
                        f"{what} holds {size / _MIB:.0f} MiB; at least {bounds.min_mib:g} MiB are required.",
                    )
        for storage, size in taken.items():
            yield from _not_held(collector, storage, size, bounds.max_volume_percentage)


def _not_held(collector: Collector, storage: str, size: float, max_percentage: float) -> Iterator[Violation]:
    """Yield why a storage extension cannot keep queues of a size in bytes."""
    directory = collector.document["extensions"][storage]["directory"].text("")
    if kind_of(storage) != "filestorage" or storage not in collector.document["service"]["extensions"].texts():
        yield Violation(collector.config_map, f"{storage} is no file storage that {collector.file.name} starts.")
        return
    volume = volume_of(collector.workload, collector.container, directory)
    if volume is None or volume.kind in {"configMap", "secret", "projected", "downwardAPI"}:
        yield Violation(collector.workload, f"No volume that can be written to holds the queues in {directory}.")
    elif volume.kind != "hostPath":
        yield from _too_small(collector, volume, size, max_percentage)


def _too_small(collector: Collector, volume: Volume, size: float, max_percentage: float) -> Iterator[Violation]:
    if volume.kind == "persistentVolumeClaim":
        return  # its size is the claim's, which may be of another stack
    if volume.size is None:
        yield Violation(collector.workload, f"The volume of the queues ({volume.kind}) has no size.")
    elif size > volume.size * max_percentage / 100:
        yield Violation(
            collector.workload,
            f"The queues take up to {size / _MIB:.0f} MiB of a volume of {volume.size / _MIB:.0f} MiB; "
            f"at most {max_percentage:g} % are allowed.",
        )


RULE = StackRule(
    name="collectors-queue-on-disk",
    promise="Spans that a collector has accepted wait on a volume that holds them, and survive its restart.",
    severity=Severity.CRITICAL,
    to_do="Give each exporter a sending_queue with storage and a size in bytes, and the volume room for all.",
    bounds=Queues,
    check=check,
)
