from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.tempo_given import config, config_map

CASES = Cases(
    passes=Case([config()]),
    fails=Case([config({"multitenancy_enabled": False})], says=["every query reads the traces of all tenants"]),
    missing=Case([config({"multitenancy_enabled": None})], says=["does not set multitenancy_enabled"]),
    unknown=Case([config_map("config", "tempo.yaml", UNKNOWN)], says=["data.tempo.yaml is not known"]),
    more={"not required": Case([config({"multitenancy_enabled": False})], config={"required": False})},
)
