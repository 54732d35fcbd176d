from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.tempo_given import config, config_map

CASES = Cases(
    passes=Case([config()]),
    fails=Case([config({"usage_report": {"reporting_enabled": True}})], says=["tempo.yaml lets Tempo report"]),
    missing=Case([config({"usage_report": {"reporting_enabled": None}})], says=["lets Tempo report"]),
    unknown=Case([config_map("config", "tempo.yaml", UNKNOWN)], says=["data.tempo.yaml is not known"]),
    more={
        "another shape": Case([config({"usage_report": "off"})], says=["usage_report is text; a mapping was"]),
        "another file": Case([config_map("grafana", "grafana.yaml", "server: {}")]),
        "an unknown variable": Case([config_map("variables", "AWS_ROLE_ARN", UNKNOWN)]),
    },
)
