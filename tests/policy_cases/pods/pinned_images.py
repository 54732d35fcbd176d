from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import CONTAINER, DEPLOYMENT, changed

_FIELD = f"{CONTAINER}.image"
_DIGEST = "sha256:" + "0" * 64
_NEEDS_DIGEST = {"digest_required": True}

CASES = Cases(
    passes=Case([DEPLOYMENT]),
    fails=Case(
        [changed(DEPLOYMENT, put(_FIELD, "docker.io/grafana/tempo:latest"))],
        says=["container tempo runs docker.io/grafana/tempo in whatever version is the latest"],
    ),
    missing=Case([changed(DEPLOYMENT, drop(_FIELD))], says=["image is missing"]),
    unknown=Case([changed(DEPLOYMENT, put(_FIELD, UNKNOWN))], says=["image is not known"]),
    more={
        "no tag": Case(
            [changed(DEPLOYMENT, put(_FIELD, "localhost:5000/tempo"))],
            says=["in whatever version"],
            config={"registries": ["localhost:5000"]},
        ),
        "another registry": Case(
            [changed(DEPLOYMENT, put(_FIELD, "example.com/tempo:1"))],
            says=["runs example.com/tempo, which is of none of these registries: docker.io, ghcr.io, quay.io"],
        ),
        "no registry": Case([changed(DEPLOYMENT, put(_FIELD, "tempo:1"))], says=["of none of these registries"]),
        "a registry whose name begins alike": Case(
            [changed(DEPLOYMENT, put(_FIELD, "docker.io.example.com/tempo:1"))],
            says=["of none of these registries"],
        ),
        "no digest where one is required": Case(
            [DEPLOYMENT], says=["tempo:2.10.8 without a digest"], config=_NEEDS_DIGEST
        ),
        "a digest": Case(
            [changed(DEPLOYMENT, put(_FIELD, f"docker.io/grafana/tempo:latest@{_DIGEST}"))], config=_NEEDS_DIGEST
        ),
    },
)
