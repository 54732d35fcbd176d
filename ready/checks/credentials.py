"""Tempo's running Pods have got their role; a Pod that started before the association never gets it."""

from collections.abc import Iterator

from ready.facts import Facts, known
from ready.finding import Finding, listed, met, not_met
from ready.needs import Needs
from render.names import TEMPO

# What EKS adds to a Pod when it is admitted, by `object_store.aws.identity`.
_VARIABLE = {"pod_identity": "AWS_CONTAINER_CREDENTIALS_FULL_URI", "irsa": "AWS_WEB_IDENTITY_TOKEN_FILE"}
_REQUIREMENT = "Tempo's credentials"


def check(needs: Needs, facts: Facts) -> Iterator[Finding]:
    """Yield the Pods that run without credentials, with the command that restarts them."""
    aws = needs.settings.object_store.aws
    if aws is None or facts.aws is None:
        return
    pods = [pod for pod in known(facts.cluster.pods) if pod.service_account == TEMPO]
    if not pods:
        yield met(_REQUIREMENT, "No Pod of Tempo runs yet.")
        return
    without = [pod for pod in pods if _VARIABLE[aws.identity] not in pod.variables]
    if not without:
        yield met(_REQUIREMENT, f"All {len(pods)} Pods of Tempo have them.")
    elif aws.identity == "pod_identity" and facts.aws.associated is False:
        sentence = f"EKS has no Pod Identity association for them: {listed([pod.name for pod in without])}."
        yield not_met(_REQUIREMENT, sentence, "Create it: pulumi up")
    else:
        owners = sorted({pod.owner for pod in without})
        sentence = (
            f"These Pods started without {_VARIABLE[aws.identity]}: {listed([pod.name for pod in without])}."
        )
        fix = f"kubectl -n {needs.namespace} rollout restart {' '.join(owners)}"
        yield not_met(_REQUIREMENT, sentence, f"Start them again, after the agent or association is there: {fix}")
