"""Which tools the lab builds from source: versions, modules and programs.

Data only; `lab.toolchain.build` acts on it. Each folder in `lab/modules` is an ordinary Go module whose `go.sum`
pins every byte that is compiled. Tools whose dependencies agree share a module, which compiles common packages
once; `lab/modules/README.md` lists the folders with the reasons.
"""

from importlib.metadata import version

from lab.toolchain.tools import Files, OwnInstallation, Program, Tool
from settings.project import REPO

MODULES = REPO / "lab" / "modules"

_KUBERNETES = "1.35.4"
_STAMP = "k8s.io/component-base/version"
_ENGINE = "3.215.0"
# The engine starts only a plugin that reports the SDK's version.
_KUBERNETES_SDK = version("pulumi_kubernetes")
_TEMPO = "2.8.0-87c2dc380cec"

# Compiled in full: packages on the path of spans, and packages that everything calls. The rest (control loops that
# wait for a server, generated clients, cloud SDKs that never run in the lab) is compiled without inlining, which
# takes a third less time.
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


def _minio_release(name: str, minimum: str) -> OwnInstallation:
    """Return how a released program of MinIO is recognized: its version is the day of its release."""
    pattern = rf"^{name}\S* version RELEASE\.(\d{{4}}-\d\d-\d\d)T"
    return OwnInstallation((name, "--version"), pattern, minimum)


# In the order of `make up`: the node's tools come first, so that it starts while the rest is compiled.
# Seconds of a build on two cores with nothing cached but the tools before it: kube 400, coredns 16, pulumi 160,
# kubernetes-plugin 150, minio 80, mc 2, tempo 150, otelcol 85, kwok 60.
_TOOLS = (
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
    ),
    Tool(
        name="coredns",
        version="1.14.2",
        licence="Apache-2.0",
        programs=(Program("coredns", module="node", package="./coredns"),),
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
            # The last language host published inside the SDK's own module; it serves this engine.
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
            # Embedded in its releases; the module's main.go reads them instead.
            Files(
                module="engine",
                dependency="github.com/pulumi/pulumi-kubernetes/provider/v4",
                files=(
                    "cmd/pulumi-resource-kubernetes/schema.json",
                    "cmd/pulumi-resource-kubernetes/terraform-mapping.json",
                ),
            ),
        ),
    ),
    Tool(
        name="minio",
        version="2026-02-12",
        licence="AGPL-3.0-or-later",
        programs=(Program("minio", module="storage", package="github.com/minio/minio"),),
        # The version that the stacks name: an older one was not tried with them.
        own=_minio_release("minio", minimum="2025-09-07"),
        in_image=True,
    ),
    Tool(
        name="mc",
        version="2025-03-13",
        licence="AGPL-3.0-or-later",
        programs=(Program("mc", module="storage", package="github.com/minio/mc"),),
        own=_minio_release("mc", minimum="2025-03-13"),
        in_image=True,
    ),
    Tool(
        name="tempo",
        version=_TEMPO,
        licence="AGPL-3.0-only",
        programs=(
            Program(
                binary="tempo",
                module="storage",
                package="github.com/grafana/tempo/cmd/tempo",
                ldflags=f"-X main.Version={_TEMPO}",
            ),
        ),
        # Either major version: `lab.target.stacks` decides which stacks an installed one serves.
        own=OwnInstallation(
            version_command=("tempo", "-version"),
            version_pattern=r"^tempo, version v?(\d+\.\d+\S*)",
            minimum="2.8",
            below="4",
        ),
        in_image=True,
    ),
    Tool(
        name="otelcol",
        version="0.159.0",
        licence="Apache-2.0",
        programs=(Program("otelcol", module="node", package="./otelcol"),),
        in_image=True,
    ),
    # Emulates the nodes of the simulated target; the dojo does not use it.
    Tool(
        name="kwok",
        version="0.8.0",
        licence="Apache-2.0",
        programs=(Program("kwok", module="simulated", package="sigs.k8s.io/kwok/cmd/kwok"),),
        files=(
            # The life cycle of Nodes and Pods, as kwok's releases ship it.
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
    ),
)
TOOLS = {tool.name: tool for tool in _TOOLS}
