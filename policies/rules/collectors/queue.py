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
    """How large a queue has to be, and how much of its file, and of their volume, queues may take."""

    min_mib: float = Field(128, gt=0, description="Size of each exporter's queue in MiB at least.")
    max_file_percentage: float = Field(
        50,
        gt=0,
        le=100,
        description="Percentage of its file that a queue may take: a full file loses spans that were accepted.",
    )
    max_volume_percentage: float = Field(
        95, gt=0, le=100, description="Percentage of their volume that the files of queues may take."
    )


def check(stack: Stack, bounds: Queues) -> Iterator[Violation]:
    """Yield each exporter of spans whose queue is in memory or has no room, and files that no volume can hold."""
    for collector in collectors(stack):
        stored: dict[str, list[str]] = {}
        for name in dict.fromkeys(way.exporter for way in ways(collector.document)):
            storage = collector.document["exporters"][name]["sending_queue"]["storage"].text("")
            if storage:
                stored.setdefault(storage, []).append(name)
            for found in _wrong_with(collector, name, storage, bounds):
                yield Violation(collector.config_map, f"The queue of {name} in {collector.file.name} {found}.")
        for storage, queues in stored.items():
            yield from _not_held(collector, storage, len(queues), bounds.max_volume_percentage)


def _wrong_with(collector: Collector, name: str, storage: str, bounds: Queues) -> Iterator[str]:
    queue = collector.document["exporters"][name]["sending_queue"]
    size = queue["queue_size"].number(0)
    file = collector.document["extensions"][storage]["max_size"].number(0)
    if not queue["enabled"].flag(True) or not storage:
        yield "is not on disk"
    elif queue["sizer"].text("requests") != "bytes":
        yield "is not limited in bytes, so its volume may overflow"
    elif size < bounds.min_mib * _MIB:
        yield f"holds {size / _MIB:.0f} MiB; at least {bounds.min_mib:g} MiB are required"
    elif file and size > file * bounds.max_file_percentage / 100:
        yield (
            f"holds {size / _MIB:.0f} MiB in a file of {file / _MIB:.0f} MiB; at most "
            f"{bounds.max_file_percentage:g} % are allowed"
        )


def _not_held(collector: Collector, storage: str, queues: int, max_percentage: float) -> Iterator[Violation]:
    """Yield why a storage extension cannot keep the files of a number of queues."""
    extension = collector.document["extensions"][storage]
    directory, file = extension["directory"].text(""), extension["max_size"].number(0)
    if kind_of(storage) != "filestorage" or storage not in collector.document["service"]["extensions"].texts():
        yield Violation(collector.config_map, f"{storage} is no file storage that {collector.file.name} starts.")
        return
    if not file:
        yield Violation(collector.config_map, f"{storage} in {collector.file.name} has no max_size.")
    volume = volume_of(collector.workload, collector.container, directory)
    if volume is None or volume.kind in {"configMap", "secret", "projected", "downwardAPI"}:
        yield Violation(collector.workload, f"No volume that can be written to holds the queues in {directory}.")
    elif volume.kind != "hostPath":
        yield from _too_small(collector, volume, file * queues, max_percentage)


def _too_small(collector: Collector, volume: Volume, size: float, max_percentage: float) -> Iterator[Violation]:
    if volume.kind == "persistentVolumeClaim":
        return  # its size is the claim's, which may be of another stack
    if volume.size is None:
        yield Violation(collector.workload, f"The volume of the queues ({volume.kind}) has no size.")
    elif size > volume.size * max_percentage / 100:
        yield Violation(
            collector.workload,
            f"The files of the queues take up to {size / _MIB:.0f} MiB of a volume of {volume.size / _MIB:.0f} "
            f"MiB; at most {max_percentage:g} % are allowed.",
        )


RULE = StackRule(
    name="collectors-queue-on-disk",
    promise="Spans that a collector has accepted wait on a volume that holds them, and survive its restart.",
    severity=Severity.CRITICAL,
    to_do="Give each exporter a sending_queue with storage and a size in bytes, its storage a max_size, and the "
    "volume room for the files of all.",
    bounds=Queues,
    check=check,
)
