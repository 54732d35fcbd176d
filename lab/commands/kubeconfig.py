"""Write a kubeconfig that leads to a stack's EKS cluster, with the AWS session of the caller."""

import os
import shutil
import subprocess
from pathlib import Path

from lab.errors import LabError
from lab.target.stacks import stack_settings
from lab.target.target import USERS_KUBECONFIG
from settings.stack import StackSettings

# One request to EKS; a region that cannot be reached must not hold a pipeline.
_SECONDS = 60


def write_kubeconfig(stack: str) -> Path:
    """Write the file that FAWKES_KUBECONFIG names and return its path; the AWS CLI does the work.

    Raises LabError when the stack names no EKS cluster, the variable is not set, the AWS CLI is missing, or the
    cluster cannot be described.
    """
    settings = stack_settings(stack)
    path = _named_file()
    command = [_aws(), *_arguments(stack, settings, path)]
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        what = f"EKS did not describe the cluster of {stack} within {_SECONDS} s."
        raise LabError(what, "Check the network, then run: " + " ".join(command)) from error
    if done.returncode:
        reason = (done.stderr or done.stdout).strip()
        raise LabError(
            f"The cluster of {stack} cannot be reached: {reason}",
            "The caller's role needs eks:DescribeCluster on it (docs/deploy.md).",
        )
    return path


def _named_file() -> Path:
    if named := os.environ.get(USERS_KUBECONFIG):
        return Path(named).expanduser().absolute()
    raise LabError(
        f"{USERS_KUBECONFIG} names no file to write.",
        f"Name one: {USERS_KUBECONFIG}=out/kubeconfig make kubeconfig STACK=…",
    )


def _aws() -> str:
    if found := shutil.which("aws"):
        return found
    raise LabError("The AWS CLI (`aws`) is not on PATH.", "Install it; the kubeconfig calls it for each session.")


def _arguments(stack: str, settings: StackSettings, path: Path) -> list[str]:
    """Return the command's arguments; the context gets the name that the stack expects."""
    store, context = settings.object_store, settings.cluster.context
    if store.aws is None:
        raise LabError(
            f"Pulumi.{stack}.yaml names no EKS cluster (object_store.aws.eks_cluster).",
            f"Name a kubeconfig of its cluster in {USERS_KUBECONFIG} instead.",
        )
    alias = ["--alias", context] if context else []
    profile = ["--profile", store.aws.profile] if store.aws.profile else []
    where = ["--name", store.aws.eks_cluster, "--region", store.region]
    return ["eks", "update-kubeconfig", *where, *alias, *profile, "--kubeconfig", str(path)]
