"""Which tools the lab builds from source: versions, modules, programs, and what they cost.

Data only; `lab.toolchain.build` acts on it. Each folder in `lab/modules` is an ordinary Go
module whose `go.sum` pins every byte that is compiled. Tools whose dependencies
agree share a module, because then common packages are compiled once: `node` holds
Kubernetes, CoreDNS and the collector, `engine` Pulumi's engine and its Kubernetes plugin,
`storage` Tempo and MinIO, which are under the AGPL and stay apart from what is not,
`simulated` what plays nodes. `definitions` is compiled into nothing: files are taken out of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from types import MappingProxyType

from settings.project import REPO

MODULES = REPO / "lab" / "modules"

_KUBERNETES = "1.35.4"
_STAMP = "k8s.io/component-base/version"
_ENGINE = "3.215.0"
# The engine starts only a plugin that says it has the SDK's version.
_KUBERNETES_SDK = version("pulumi_kubernetes")


# What carries spans, and what everything calls, is compiled in full. The rest (control
# loops that wait for a server, generated clients, cloud SDKs that never run in the lab)
# is compiled without inlining, which takes a third less time.
HOT_PACKAGES = (
    "std",
    "github.com/cespare/...",
    "github.com/gogo/...",
    "github.com/grafana/...",
    "github.com/json-iterator/...",
    "github.com/klauspost/...",
    "github.com/minio/minio/...",
    "github.com/minio/minio-go/...",
    "github.com/open-telemetry/...",
    "github.com/parquet-go/...",
    "github.com/prometheus/...",
    "go.etcd.io/...",
    "go.opentelemetry.io/...",
    "go.uber.org/...",
    "golang.org/x/...",
    "google.golang.org/grpc/...",
    "google.golang.org/protobuf/...",
    "k8s.io/api/...",
    "k8s.io/apimachinery/...",
    "sigs.k8s.io/...",
)


@dataclass(frozen=True)
class Program:
    """One binary: the package it is linked from, in which module folder, with which link flags."""

    binary: str
    module: str
    package: str
    ldflags: str = ""


@dataclass(frozen=True)
class Files:
    """Files that are copied beside the binaries out of one dependency of a module folder; names stay."""

    module: str
    dependency: str
    files: tuple[str, ...]


@dataclass(frozen=True)
class OwnInstallation:
    """When the machine's own program on PATH does instead of a build.

    A line of what `version_command` prints must match `version_pattern`, which tells the
    product from others of the same name; its first group is the version, which must be at
    least `minimum` and, if that is given, older than `below`. The files in `beside` must
    lie in the same folder.
    """

    version_command: tuple[str, ...]
    version_pattern: str
    minimum: str
    below: str = ""
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tool:
    """One thing to build; its first program is the one that `lab.toolchain.build.find` returns.

    `seconds` is a typical build on two cores with nothing cached, given the tools
    before it in `TOOLS`. `in_image` says that the binary is static and goes into a
    container image. `licence` is its SPDX identifier.
    """

    name: str
    version: str
    licence: str
    programs: tuple[Program, ...]
    seconds: int
    in_image: bool
    files: tuple[Files, ...] = ()
    own: OwnInstallation | None = None

    @property
    def modules(self) -> tuple[str, ...]:
        """The module folders it is built from, without repetition."""
        return tuple(dict.fromkeys([*(p.module for p in self.programs), *(f.module for f in self.files)]))


def _minio_release(name: str, minimum: str) -> OwnInstallation:
    """Return how a released program of MinIO is known: by the day of its release."""
    return OwnInstallation(
        version_command=(name, "--version"),
        version_pattern=rf"^{name}\S* version RELEASE\.(\d{{4}}-\d\d-\d\d)T",
        minimum=minimum,
    )


def _by_name(*tools: Tool) -> Mapping[str, Tool]:
    return MappingProxyType({tool.name: tool for tool in tools})


# The order is that of `make up`: the node's tools come first, so that it starts
# while the rest is compiled.
TOOLS: Mapping[str, Tool] = _by_name(
    Tool(
        name="kube",
        version=_KUBERNETES,
        licence="Apache-2.0",
        programs=(
            Program(
                binary="kube",
                module="node",
                package="./kube",
                ldflags=f"-X {_STAMP}.gitVersion=v{_KUBERNETES} -X {_STAMP}.gitMajor=1 -X {_STAMP}.gitMinor=35",
            ),
        ),
        seconds=400,
        in_image=False,
    ),
    Tool(
        name="coredns",
        version="1.14.2",
        licence="Apache-2.0",
        programs=(Program(binary="coredns", module="node", package="./coredns"),),
        seconds=16,
        in_image=True,
    ),
    Tool(
        name="pulumi",
        version=_ENGINE,
        licence="Apache-2.0",
        programs=(
            Program(
                binary="pulumi",
                module="engine",
                package="github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
                ldflags=f"-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v{_ENGINE}",
            ),
            # The last one published inside the SDK's own module; it serves this engine.
            Program(
                binary="pulumi-language-python",
                module="language-python",
                package="github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python",
            ),
        ),
        files=(
            Files(
                module="engine",
                dependency="github.com/pulumi/pulumi/sdk/v3",
                files=(
                    "python/cmd/pulumi-language-python-exec",
                    "python/dist/pulumi-analyzer-policy-python",
                    "python/dist/pulumi-resource-pulumi-python",
                ),
            ),
        ),
        own=OwnInstallation(
            version_command=("pulumi", "version"),
            version_pattern=r"^v(\d+\.\d+\S*)$",
            minimum="3.200",
            beside=("pulumi-language-python",),
        ),
        seconds=160,
        in_image=False,
    ),
    Tool(
        name="kubernetes-plugin",
        version=_KUBERNETES_SDK,
        licence="Apache-2.0",
        programs=(
            Program(
                binary="pulumi-resource-kubernetes",
                module="engine",
                package="./kubernetes-plugin",
                ldflags=f"-X main.version={_KUBERNETES_SDK}",
            ),
        ),
        files=(
            # What a release of it embeds; see its main.go.
            Files(
                module="engine",
                dependency="github.com/pulumi/pulumi-kubernetes/provider/v4",
                files=(
                    "cmd/pulumi-resource-kubernetes/schema.json",
                    "cmd/pulumi-resource-kubernetes/terraform-mapping.json",
                ),
            ),
        ),
        seconds=150,
        in_image=False,
    ),
    Tool(
        name="minio",
        version="2026-02-12",
        licence="AGPL-3.0-or-later",
        programs=(Program(binary="minio", module="storage", package="github.com/minio/minio"),),
        # Not older than what the stacks name: what was tried there is used here.
        own=_minio_release("minio", minimum="2025-09-07"),
        seconds=80,
        in_image=True,
    ),
    Tool(
        name="mc",
        version="2025-03-13",
        licence="AGPL-3.0-or-later",
        programs=(Program(binary="mc", module="storage", package="github.com/minio/mc"),),
        own=_minio_release("mc", minimum="2025-03-13"),
        seconds=2,
        in_image=True,
    ),
    Tool(
        name="tempo",
        version="2.8.0-87c2dc380cec",
        licence="AGPL-3.0-only",
        programs=(
            Program(
                binary="tempo",
                module="storage",
                package="github.com/grafana/tempo/cmd/tempo",
                ldflags="-X main.Version=2.8.0-87c2dc380cec",
            ),
        ),
        # Of either major: `lab.target.stacks` says which stacks the one at hand serves.
        own=OwnInstallation(
            version_command=("tempo", "-version"),
            version_pattern=r"^tempo, version v?(\d+\.\d+\S*)",
            minimum="2.8",
            below="4",
        ),
        seconds=150,
        in_image=True,
    ),
    Tool(
        name="otelcol",
        version="0.159.0",
        licence="Apache-2.0",
        programs=(Program(binary="otelcol", module="node", package="./otelcol"),),
        seconds=85,
        in_image=True,
    ),
    # Plays the nodes of the simulated target; the dojo does without.
    Tool(
        name="kwok",
        version="0.8.0",
        licence="Apache-2.0",
        programs=(Program(binary="kwok", module="simulated", package="sigs.k8s.io/kwok/cmd/kwok"),),
        files=(
            # What becomes of Nodes and Pods, as its own releases ship it.
            Files(
                module="simulated",
                dependency="sigs.k8s.io/kwok",
                files=(
                    "kustomize/stage/node/fast/node-initialize.yaml",
                    "kustomize/stage/node/heartbeat-with-lease/node-heartbeat-with-lease.yaml",
                    "kustomize/stage/pod/fast/pod-ready.yaml",
                    "kustomize/stage/pod/fast/pod-complete.yaml",
                    "kustomize/stage/pod/fast/pod-delete.yaml",
                ),
            ),
            Files(
                module="definitions",
                dependency="github.com/prometheus-operator/prometheus-operator",
                files=("example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml",),
            ),
        ),
        seconds=60,
        in_image=False,
    ),
)
