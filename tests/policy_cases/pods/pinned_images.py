from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import CONTAINER, DEPLOYMENT, changed

_FIELD = f"{CONTAINER}.image"
_DIGEST = "sha256:" + "0" * 64
_TAG = changed(DEPLOYMENT, put(_FIELD, "docker.io/grafana/tempo:2.10.8"))

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
            [changed(DEPLOYMENT, put(_FIELD, f"example.com/tempo:1@{_DIGEST}"))],
            says=["runs example.com/tempo, which is of none of these registries: docker.io, ghcr.io, quay.io"],
        ),
        "no registry": Case(
            [changed(DEPLOYMENT, put(_FIELD, f"tempo:1@{_DIGEST}"))], says=["of none of these registries"]
        ),
        "a registry whose name begins alike": Case(
            [changed(DEPLOYMENT, put(_FIELD, f"docker.io.example.com/tempo:1@{_DIGEST}"))],
            says=["of none of these registries"],
        ),
        "no digest": Case([_TAG], says=["container tempo runs docker.io/grafana/tempo:2.10.8 without a digest"]),
        "no digest where a tag will do": Case([_TAG], config={"digest_required": False}),
        "the latest by its digest": Case(
            [changed(DEPLOYMENT, put(_FIELD, f"docker.io/grafana/tempo:latest@{_DIGEST}"))]
        ),
    },
)
