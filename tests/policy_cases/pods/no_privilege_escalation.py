from typing import Any

from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given


def _deployment(security: Any) -> Given:
    pod = {"spec": {"containers": [{"name": "tempo", "securityContext": security}]}}
    return Given("kubernetes:apps/v1:Deployment", "tempo", {"spec": {"template": pod}})


CASES = Cases(
    passes=Case([_deployment({"allowPrivilegeEscalation": False})]),
    fails=Case([_deployment({"allowPrivilegeEscalation": True})], says=["container tempo may gain privileges"]),
    missing=Case([_deployment({})], says=["container tempo may gain privileges"]),
    unknown=Case([_deployment(UNKNOWN)], says=["allowPrivilegeEscalation is not known before the update"]),
)
