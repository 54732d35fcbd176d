from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given


def _generated(kind: str, name: str = "store-tempo-secret-key") -> Case:
    return Case([Given(f"random:index/random{kind}:Random{kind}", name, {"length": UNKNOWN})])


_SAYS = ["generates this secret, and the stack's state holds it in plain text"]

CASES = Cases(
    passes=_generated("Password"),
    fails=Case(_generated("String").resources, says=_SAYS),
    missing=Case([Given("random:index/randomPet:RandomPet", "root-password", {})], says=_SAYS),
    unknown=Case(_generated("Id").resources, says=_SAYS),
    more={"a name that is no secret": _generated("Pet", "bucket-suffix")},
)
