from typing import Any

from tests.support.collector_given import collector, collector_config
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given


def _queue(**settings: Any) -> Given:
    return collector_config({"exporters": {"otlp_grpc/tempo": {"sending_queue": settings}}})


CASES = Cases(
    passes=Case([collector_config(), collector()]),
    fails=Case(
        [_queue(storage=None), collector()], says=["The queue of otlp_grpc/tempo in collector.yaml is not on disk"]
    ),
    missing=Case([_queue(queue_size=None), collector()], says=["holds 0 MiB; at least 128 MiB are required"]),
    unknown=Case([collector_config(), collector(size=UNKNOWN)], says=["storage is not known"]),
    more={
        "off": Case([_queue(enabled=False), collector()], says=["is not on disk"]),
        "counted in requests": Case([_queue(sizer=None), collector()], says=["is not limited in bytes"]),
        "a small volume": Case(
            [collector_config(), collector(size="512Mi")],
            says=["The files of the queues take up to 512 MiB of a volume of 512 MiB; at most 95 % are allowed"],
        ),
        "a queue as large as its file": Case(
            [_queue(queue_size=512 * 2**20), collector()],
            says=["holds 512 MiB in a file of 512 MiB; at most 50 % are allowed"],
        ),
        "a file without a limit": Case(
            [collector_config({"extensions": {"file_storage": {"max_size": None}}}), collector()],
            says=["file_storage in collector.yaml has no max_size"],
        ),
        "no volume": Case(
            [collector_config({"extensions": {"file_storage": {"directory": "/tmp"}}}), collector()],  # noqa: S108
            says=["No volume that can be written to holds the queues in /tmp"],
        ),
        "on the configuration": Case(
            [collector_config({"extensions": {"file_storage": {"directory": "/etc/otelcol"}}}), collector()],
            says=["No volume that can be written to"],
        ),
        "a storage that is not started": Case(
            [collector_config({"service": {"extensions": []}}), collector()],
            says=["file_storage is no file storage"],
        ),
    },
)
