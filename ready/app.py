"""The command: read the facts about a stack's cluster and account, and report each requirement."""

import argparse
import sys

import pulumi

from ready.aws_facts import aws_facts
from ready.checks import CHECKS
from ready.cluster_facts import cluster_facts
from ready.facts import Facts
from ready.finding import Finding, State
from ready.needs import Needs, needs_of
from ready.report import Tell, progress, show
from settings.problems import SettingsError, refusal
from settings.project import REPO


def main(arguments: list[str] | None = None) -> int:
    """Report on one stack; return 0 when no requirement is unmet, else 1."""
    parser = argparse.ArgumentParser(
        prog="python -m ready",
        description="Report whether a cluster and an account meet what a stack needs, one sentence for each "
        "requirement. Nothing is created or changed. The cluster is the one of cluster.context in the kubeconfig "
        "(KUBECONFIG, or ~/.kube/config). Exit with 1 if a requirement is not met.",
    )
    parser.add_argument("stack", metavar="STACK", help="dojo, staging, prod or your own: reads Pulumi.STACK.yaml")
    parser.add_argument(
        "--current-context",
        action="store_true",
        help="look at the kubeconfig's current context, whatever cluster.context says",
    )
    given = parser.parse_args(arguments)
    stack: str = given.stack
    path = REPO / f"Pulumi.{stack}.yaml"
    try:
        with progress() as tell:
            tell("the stack's resources")
            needs = needs_of(path, stack)
            if given.current_context:
                needs = needs.in_current_context()
            facts = read(needs, tell)
    except SettingsError as error:
        print(refusal(path, error), file=sys.stderr)
        return 1
    except pulumi.RunError as error:
        print(error, file=sys.stderr)
        return 1
    findings = judged(needs, facts)
    show(stack, needs, facts, findings)
    return int(any(found.state is State.NOT_MET for found in findings))


def read(needs: Needs, tell: Tell) -> Facts:
    """Return the facts about the cluster and, if the stack uses one, the account."""
    aws = needs.settings.object_store.aws
    return Facts(cluster=cluster_facts(needs, tell), aws=aws_facts(needs, aws, tell) if aws else None)


def judged(needs: Needs, facts: Facts) -> list[Finding]:
    """Return the findings of all checks, in their order."""
    return [found for check in CHECKS for found in check.findings(needs, facts)]
