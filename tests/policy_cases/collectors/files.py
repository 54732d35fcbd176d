from tests.support.collector_given import collector, collector_config
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.tempo_given import config_map


def _args(*args: str) -> dict[str, object]:
    return {"args": ["--config=/etc/otelcol/collector.yaml", *args]}


CASES = Cases(
    passes=Case([collector_config(), collector()]),
    fails=Case(
        [collector_config(), collector(container=_args("--set=processors.batch.timeout=1s"))],
        says=["It is configured by --set beside its file"],
    ),
    missing=Case([collector()], says=["No ConfigMap that it mounts holds a collector's configuration"]),
    unknown=Case(
        [config_map("config", "collector.yaml", UNKNOWN), collector()], says=["data.collector.yaml is not known"]
    ),
    more={
        "two files": Case(
            [collector_config(), collector(container=_args("--config=/b.yaml"))], says=["by a second --config"]
        ),
        "a variable": Case(
            [collector_config(), collector(container={"args": ["--config=env:CONFIG"]})],
            says=["by a --config that is no file"],
        ),
        "no YAML": Case([config_map("config", "collector.yaml", "a: ["), collector()], says=["No ConfigMap"]),
        "no collector at all": Case(
            [collector(container={"image": "grafana/grafana:13.2.0"})], says=["The stack has no collector"]
        ),
    },
)
