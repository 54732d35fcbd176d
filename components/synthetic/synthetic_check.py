"""The synthetic check: one Pod that writes traces and reads them back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apps import v1 as apps
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

from components.configuration import image_setting
from components.context import Context
from components.kubernetes import containers, volumes
from components.kubernetes.certificate_files import certificate_mounts, certificate_volumes
from components.kubernetes.config_map import config_map
from components.kubernetes.pods import CONFIG_CHECKSUM, SHORT_GRACE_SECONDS, PodArgs, pod
from components.kubernetes.scope import Scope
from components.kubernetes.service import service
from components.kubernetes.service_account import service_account
from components.kubernetes.service_monitor import service_monitor
from components.stack import Stack
from plan.containers import local_disk
from plan.synthetic_check import RESOURCES
from render import certificates
from render.certificates import SecretFile
from render.names import SYNTHETIC_CHECK, SYNTHETIC_CHECK_PORT
from render.synthetic_check import CONFIG_FILE
from render.text import files_checksum

_PORT = "metrics"
_VOLUME = "program"
# The folder is a package of Python, so its name is the program's.
_FOLDER = "/app"
_PACKAGE = "synthetic"
# Where the published images of Python have it.
_PYTHON = "/usr/local/bin/python3"


@dataclass(frozen=True, kw_only=True)
class SyntheticCheckArgs:
    """The image of Python, the files of the program with its configuration, and the files of certificates."""

    context: Context
    image: str
    files: Mapping[str, str]
    certificates: Sequence[SecretFile] = ()


class SyntheticCheck(pulumi.ComponentResource):
    """A Deployment of one Pod: a second one would write and read the same traces.

    Its new Pod starts when the old one is gone, so no trace has two writers.
    """

    service_name: pulumi.Output[str]

    def __init__(self, name: str, args: SyntheticCheckArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create configuration, account, Service and Deployment, with a ServiceMonitor."""
        super().__init__("fawkes:tracing:SyntheticCheck", name, None, opts)
        self._args = args
        self._scope = scope = Scope(parent=self, name=name, context=args.context, component=SYNTHETIC_CHECK)
        files = config_map(scope, args.files)
        account = service_account(scope)
        found = service(scope, {_PORT: SYNTHETIC_CHECK_PORT})
        apps.Deployment(
            scope.child("server"),
            metadata=scope.metadata(),
            spec=self._spec(files.metadata.name, account.metadata.name),
            opts=scope.options,
        )
        service_monitor(scope, port=_PORT, job=SYNTHETIC_CHECK)
        self.service_name = found.metadata.name
        self.register_outputs({"service_name": self.service_name})

    def _spec(self, files: pulumi.Output[str], account: pulumi.Output[str]) -> apps.DeploymentSpecArgs:
        scope = self._scope
        return apps.DeploymentSpecArgs(
            replicas=1,
            progress_deadline_seconds=self._args.context.cluster.rollout_timeout_seconds,
            strategy=apps.DeploymentStrategyArgs(type="Recreate"),
            selector=scope.selector,
            template=core.PodTemplateSpecArgs(
                metadata=meta.ObjectMetaArgs(
                    labels=scope.labels,
                    annotations={CONFIG_CHECKSUM: files_checksum(dict(self._args.files))},
                ),
                spec=self._pod(files, account),
            ),
        )

    def _pod(self, files: pulumi.Output[str], account: pulumi.Output[str]) -> core.PodSpecArgs:
        return pod(
            PodArgs(
                context=self._args.context,
                service_account=account,
                container=self._container(),
                volumes=[
                    volumes.config_volume(_VOLUME, files),
                    *certificate_volumes(self._args.certificates),
                ],
                grace_seconds=SHORT_GRACE_SECONDS,
            )
        )

    def _container(self) -> core.ContainerArgs:
        package = f"{_FOLDER}/{_PACKAGE}"
        return core.ContainerArgs(
            name=_PACKAGE,
            image=self._args.image,
            # -B: nothing is written beside the program, which is read-only.
            command=[_PYTHON, "-B", "-m", _PACKAGE],
            args=[f"{package}/{CONFIG_FILE}"],
            working_dir=_FOLDER,
            ports=containers.ports({_PORT: SYNTHETIC_CHECK_PORT}),
            resources=containers.resources(RESOURCES, local_disk()),
            security_context=containers.container_security(),
            readiness_probe=containers.http_probe("/healthz", _PORT, period_seconds=5),
            liveness_probe=containers.http_probe("/healthz", _PORT, period_seconds=20),
            volume_mounts=[
                core.VolumeMountArgs(name=_VOLUME, mount_path=package, read_only=True),
                *certificate_mounts(self._args.certificates),
            ],
        )


def synthetic_check(name: str, stack: Stack) -> SyntheticCheck | None:
    """Create the check, if the settings want it."""
    settings = stack.settings
    if not settings.synthetic_check.enabled:
        return None
    args = SyntheticCheckArgs(
        context=stack.context,
        image=image_setting("synthetic_check", settings.images.synthetic_check, settings.images.mirror),
        files=stack.rendered.synthetic_check,
        certificates=certificates.synthetic_check_files(settings),
    )
    return SyntheticCheck(name, args, stack.options())
