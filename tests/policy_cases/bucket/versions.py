from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.store_cases import guard

_SUSPENDED = [guard("Versioning", versioningConfiguration={"status": "Suspended"})]

CASES = Cases(
    passes=Case([guard("Versioning", versioningConfiguration={"status": "Enabled"})]),
    fails=Case(_SUSPENDED, says=["The status of versioning is Suspended; Enabled is allowed."]),
    missing=Case([guard("Versioning")], says=["The status of versioning is missing"]),
    unknown=Case(
        [guard("Versioning", versioningConfiguration={"status": UNKNOWN})],
        says=["versioningConfiguration.status is not known"],
    ),
    more={"no versions where the environment wants none": Case(_SUSPENDED, config={"versioning": False})},
)
