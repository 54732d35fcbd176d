from typing import Any

from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given

_LISTED = {"encrypted_classes": ["gp3-encrypted"]}


def _tempo(spec: Any) -> Given:
    claim = {"metadata": {"name": "data"}, "spec": spec}
    return Given("kubernetes:apps/v1:StatefulSet", "tempo", {"spec": {"volumeClaimTemplates": [claim]}})


_EPHEMERAL = {"name": "queue", "ephemeral": {"volumeClaimTemplate": {"spec": {"storageClassName": "gp2"}}}}

CASES = Cases(
    passes=Case([_tempo({"storageClassName": "gp3-encrypted"})], config=_LISTED),
    fails=Case(
        [_tempo({"storageClassName": "gp2"})],
        config=_LISTED,
        says=["Claim data uses StorageClass gp2; those that encrypt: gp3-encrypted."],
    ),
    missing=Case([_tempo({})], config=_LISTED, says=["Claim data names no StorageClass"]),
    unknown=Case([_tempo({"storageClassName": UNKNOWN})], config=_LISTED, says=["storageClassName is not known"]),
    more={
        "the cluster's default where the environment allows it": Case(
            [_tempo({})], config={"may_use_default_class": True}
        ),
        "another class where the environment allows the default": Case(
            [_tempo({"storageClassName": "gp2"})],
            config={"may_use_default_class": True},
            says=["those that encrypt: none is listed"],
        ),
        "a claim of its own": Case(
            [Given("kubernetes:core/v1:PersistentVolumeClaim", "c", {"spec": {"storageClassName": ""}})],
            says=["The claim uses StorageClass of no name"],
        ),
        "a claim of a Pod": Case(
            [Given("kubernetes:core/v1:Pod", "p", {"spec": {"volumes": [_EPHEMERAL]}})],
            says=["Volume queue uses StorageClass gp2"],
        ),
    },
)
