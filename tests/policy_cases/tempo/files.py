from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.tempo_given import config, config_map, workload

CASES = Cases(
    passes=Case([config(), workload(args=["-config.file=/etc/tempo/tempo.yaml", "-config.expand-env=true"])]),
    fails=Case(
        [config(), workload(args=["-multitenancy.enabled=false"])],
        says=["It is configured by the flag -multitenancy.enabled beside its file"],
    ),
    missing=Case([workload()], says=["No ConfigMap that it mounts holds a Tempo configuration"]),
    unknown=Case([config_map("config", "tempo.yaml", UNKNOWN), workload()], says=["data.tempo.yaml is not known"]),
    more={
        "the zone of one workload": Case(
            [config(), workload(args=["-live-store.instance-availability-zone=zone-a"])]
        ),
        "no Tempo at all": Case([workload(image="grafana/grafana:13.2.0")], says=["The stack has no Tempo"]),
        "no YAML": Case([config_map("config", "tempo.yaml", "server: ["), workload()], says=["No ConfigMap"]),
        "another image": Case(
            [config(), workload(), workload("grafana", image="grafana/grafana:13.2.0", mounts=[])]
        ),
    },
)
