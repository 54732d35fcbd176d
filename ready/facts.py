"""Facts about a cluster and an account as plain data; a fact that could not be read holds the reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus
from typing import TypeVar

_Fact = TypeVar("_Fact")
# An API server's answer to credentials that it does not know, or to none.
NOT_LOGGED_IN = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


@dataclass(frozen=True)
class Unknown:
    """A fact that could not be read; `why` is a phrase without a full stop, `status` HTTP's or 0."""

    why: str
    status: int = 0


@dataclass(frozen=True)
class NoCredentials(Unknown):
    """The kubeconfig is as it should be, and its program or session gives no credentials."""


class NotSeenError(Exception):
    """A check needs a fact that could not be read; the message is the reason."""


def known(fact: _Fact | Unknown) -> _Fact:
    """Return a fact; NotSeenError with the reason if it could not be read."""
    if isinstance(fact, Unknown):
        raise NotSeenError(fact.why)
    return fact


@dataclass(frozen=True, kw_only=True)
class Connection:
    """The kubeconfig's answer: its files, the context, the API server's URL, its CA certificate (PEM)."""

    kubeconfig: str
    context: str
    server: str
    authority: str = ""


@dataclass(frozen=True, kw_only=True)
class StorageClass:
    """A StorageClass; `waits` means that a volume is created where its Pod is scheduled.

    `encrypts` means that its parameters say so; without it the account or the driver decides.
    """

    name: str
    provisioner: str
    default: bool = False
    expands: bool = True
    waits: bool = True
    encrypts: bool = True


@dataclass(frozen=True, kw_only=True)
class Node:
    """A node; `unusable` is why none of the stack's Pods other than agents can start there, or empty.

    `room` is what is allocatable: `cpu` in cores, `memory` and `ephemeral-storage` in bytes, `pods` as a number.
    """

    name: str
    system: str = "linux"
    fargate: bool = False
    unusable: str = ""
    zone: str = ""
    room: Mapping[str, Decimal]
    pod_ranges: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether Pods with volumes can start there."""
        return self.system == "linux" and not self.fargate and not self.unusable


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """How many Pods of a DaemonSet should run and how many are ready."""

    desired: int
    ready: int


@dataclass(frozen=True, kw_only=True)
class Sidecar:
    """What a container beside Grafana collects: objects with `label`, of `value` or, if that is empty, of any.

    `namespaces` may be `ALL`; `kinds` is `configmap`, `secret` or `both`.
    """

    label: str
    value: str
    namespaces: frozenset[str]
    kinds: str

    def collects(self, label: str, namespace: str, kind: str) -> bool:
        """Return whether it finds an object of a kind with this label and the value 1 in a namespace."""
        found = self.label == label and self.value in {"", "1"} and self.kinds in {kind, "both"}
        return found and not self.namespaces.isdisjoint({namespace, "ALL"})


@dataclass(frozen=True, kw_only=True)
class Pod:
    """A Pod of the stack: its owner as `kind/name`, its service account, and whom its account's tokens are for."""

    name: str
    owner: str
    service_account: str
    audiences: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Prometheus:
    """What Prometheus answers about itself: its flags, and its retention such as `15d or 10GiB`.

    `silent` is why it does not answer, although this user may ask it; empty if it does.
    """

    flags: Mapping[str, str]
    retention: str
    silent: str = ""


@dataclass(frozen=True, kw_only=True)
class ClusterFacts:
    """What was read from the Kubernetes API; None means that there is no such object.

    - `namespace`: the labels of the stack's namespace.
    - `refused`: sentences' parts such as `create secrets in fawkes-observability`, which this user may not do.
    - `pull_secrets`: the type of each Secret that `images.pull_secrets` names, None for a missing one.
    - `metrics_api`: empty when the API of metrics is available, else why not.
    - `kinds`: of the platform's operators, as `servicemonitors.monitoring.coreos.com`.
    - `sidecars`: of Grafana, in its namespace.
    - `agent`: the DaemonSet of the EKS Pod Identity Agent.
    - `certificate_issuer`: empty when the issuer that `tls.issuer` names is ready, else why not; None if it is
      missing.
    - `issuer`: the issuer of service accounts' tokens.
    - `pod_addresses`: addresses of some Pods that have their own.
    """

    connection: Connection | Unknown
    version: tuple[int, int] | Unknown
    namespace: Mapping[str, str] | Unknown | None
    refused: tuple[str, ...] | Unknown
    storage_classes: tuple[StorageClass, ...] | Unknown
    csi_drivers: frozenset[str] | Unknown
    nodes: tuple[Node, ...] | Unknown
    priority_classes: frozenset[str] | Unknown
    pull_secrets: Mapping[str, str | None] | Unknown
    metrics_api: str | Unknown | None
    kinds: frozenset[str] | Unknown
    sidecars: tuple[Sidecar, ...] | Unknown
    certificate_issuer: str | Unknown | None
    agent: Rollout | Unknown | None
    issuer: str | Unknown
    pods: tuple[Pod, ...] | Unknown
    pod_addresses: tuple[str, ...] | Unknown
    prometheus: Prometheus | Unknown


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Whose credentials are used: the account and the ARN of the user or role."""

    account: str
    arn: str

    @property
    def partition(self) -> str:
        """The partition of AWS, such as `aws` or `aws-cn`."""
        return self.arn.split(":")[1]


@dataclass(frozen=True, kw_only=True)
class EksCluster:
    """What EKS says about a cluster; `authority` is its CA certificate (PEM)."""

    endpoint: str
    authority: str
    status: str
    issuer: str
    auto_mode: bool = False


@dataclass(frozen=True)
class Refused:
    """An action that policies do not allow; `unknown` are keys of their conditions that the simulator lacked."""

    action: str
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OidcProvider:
    """What IAM says about an OIDC provider: its URL, and the audiences that it accepts."""

    url: str
    audiences: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class AwsFacts:
    """What was read from Amazon Web Services; None means that there is no such object.

    - `region`: whether the account may use the region, in EC2's words; None for an unknown region.
    - `buckets`: `free`, `own`, `foreign`, or the other region that a bucket is in.
    - `refused`: actions that the caller's policies do not allow.
    - `addon`: status of the add-on eks-pod-identity-agent.
    - `provider`: the OIDC provider that the settings name.
    - `associated`: whether Tempo's service account has a role already.
    """

    caller: Caller | Unknown
    region: str | Unknown | None
    cluster: EksCluster | Unknown | None
    buckets: Mapping[str, str] | Unknown
    refused: tuple[Refused, ...] | Unknown
    addon: str | Unknown | None
    provider: OidcProvider | Unknown | None
    associated: bool | Unknown


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything that the checks know; `aws` is None when the stack uses nothing of Amazon's."""

    cluster: ClusterFacts
    aws: AwsFacts | None
