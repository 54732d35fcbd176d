"""Tempo's running Pods can get their role: they carry the token that Amazon exchanges for credentials."""

from collections.abc import Iterator

from ready.facts import Facts, known
from ready.finding import Finding, listed, met, not_met
from ready.needs import Needs
from render.names import IRSA_AUDIENCE, POD_IDENTITY_AUDIENCE, TEMPO

# By `object_store.aws.identity`. The program gives the token to each Pod; EKS's webhook adds one for the same
# audience.
_AUDIENCE = {"pod_identity": POD_IDENTITY_AUDIENCE, "irsa": IRSA_AUDIENCE}
_REQUIREMENT = "Tempo's credentials"


def check(needs: Needs, facts: Facts) -> Iterator[Finding]:
    """Yield the Pods that cannot get credentials, with the command that restarts them."""
    aws = needs.settings.object_store.aws
    if aws is None or facts.aws is None:
        return
    pods = [pod for pod in known(facts.cluster.pods) if pod.service_account == TEMPO]
    without = [pod for pod in pods if _AUDIENCE[aws.identity] not in pod.audiences]
    if not pods:
        yield met(_REQUIREMENT, "No Pod of Tempo runs yet.")
    elif aws.identity == "pod_identity" and facts.aws.associated is False:
        sentence = f"EKS has no Pod Identity association for them: {listed([pod.name for pod in pods])}."
        yield not_met(_REQUIREMENT, sentence, "Create it: pulumi up")
    elif without:
        owners = " ".join(sorted({pod.owner for pod in without}))
        sentence = (
            f"These Pods have no token for {_AUDIENCE[aws.identity]}: {listed([pod.name for pod in without])}."
        )
        fix = f"kubectl -n {needs.namespace} rollout restart {owners}"
        yield not_met(_REQUIREMENT, sentence, f"Run pulumi up; if they are still without, start them again: {fix}")
    else:
        yield met(_REQUIREMENT, f"All {len(pods)} Pods of Tempo have a token for them.")
