"""The access proxy: Caddy in front of Tempo, and beside it oauth2-proxy, which tells whose a token is."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_random as random
from pulumi_kubernetes.apps import v1 as apps
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

from components.configuration import image_setting
from components.context import Context
from components.kubernetes import containers, placement
from components.kubernetes.config_map import config_map
from components.kubernetes.disruption_budget import disruption_budget
from components.kubernetes.pods import SHORT_GRACE_SECONDS, PodArgs, pod
from components.kubernetes.scope import Scope
from components.kubernetes.service import service
from components.kubernetes.service_account import service_account
from components.kubernetes.volumes import config_volume
from components.stack import Stack
from plan import access as sizes
from plan.containers import go_memory_limit_mib, local_disk
from render.access.caddyfile import CADDYFILE
from render.access.oauth2_proxy import oauth2_proxy_flags
from render.access.tenants import ports
from render.names import ACCESS_HEALTH_PORT, ACCESS_PROXY, TOKEN_CHECK_METRICS_PORT

_FOLDER = "/etc/caddy"
_CONFIG = "config"
_SECRET_KEY = "cookie_secret"  # noqa: S105 - the name of a field
# Of the AES key that oauth2-proxy wants; 32 letters are one, as they are or decoded from Base64.
_SECRET_LENGTH = 32
# oauth2-proxy does not start without them. The first would encrypt the cookie of a login, the second is Grafana's
# own secret in a login; here nobody logs in, and Caddy passes no cookie on.
_SECRET_VARIABLES = ("OAUTH2_PROXY_COOKIE_SECRET", "OAUTH2_PROXY_CLIENT_SECRET")


@dataclass(frozen=True, kw_only=True)
class AccessProxyArgs:
    """Images, the number of Pods, Caddy's file, oauth2-proxy's flags, and the Service's ports by their names."""

    context: Context
    caddy_image: str
    oauth2_proxy_image: str
    replicas: int
    caddyfile: str
    flags: Sequence[str]
    ports: dict[str, int]


class AccessProxy(pulumi.ComponentResource):
    """A Deployment without state: any Pod can check any token."""

    service_name: pulumi.Output[str]

    def __init__(self, name: str, args: AccessProxyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create Service, ConfigMap, Secret, Deployment and budget."""
        super().__init__("fawkes:tracing:AccessProxy", name, None, opts)
        self._args = args
        self._scope = scope = Scope(parent=self, name=name, context=args.context, component=ACCESS_PROXY)
        self.service_name = service(scope, args.ports).metadata.name
        self._config = config_map(scope, {CADDYFILE: args.caddyfile}).metadata.name
        self._secret = self._generated()
        self._account = service_account(scope).metadata.name
        self._deployment()
        disruption_budget(scope, args.replicas)
        self.register_outputs({"service_name": self.service_name})

    def _generated(self) -> pulumi.Output[str]:
        scope = self._scope
        value = random.RandomPassword(
            scope.child("cookie-secret"), length=_SECRET_LENGTH, special=False, opts=scope.options
        )
        secret = core.Secret(
            scope.child("secret"),
            metadata=scope.unnamed_metadata(),
            string_data={_SECRET_KEY: value.result},
            immutable=True,
            opts=scope.options,
        )
        return secret.metadata.name

    def _deployment(self) -> None:
        scope = self._scope
        apps.Deployment(
            scope.child("server"),
            metadata=scope.metadata(),
            spec=apps.DeploymentSpecArgs(
                replicas=self._args.replicas,
                # A wrong issuer keeps the new Pods unready, and the old ones answer meanwhile.
                strategy=apps.DeploymentStrategyArgs(
                    rolling_update=apps.RollingUpdateDeploymentArgs(max_unavailable=0, max_surge=1)
                ),
                selector=scope.selector,
                template=core.PodTemplateSpecArgs(
                    metadata=meta.ObjectMetaArgs(labels=scope.labels), spec=self._pod()
                ),
            ),
            opts=scope.options,
        )

    def _pod(self) -> core.PodSpecArgs:
        return pod(
            PodArgs(
                context=self._args.context,
                service_account=self._account,
                container=self._caddy(),
                sidecars=[self._oauth2_proxy()],
                volumes=[config_volume(_CONFIG, self._config)],
                grace_seconds=SHORT_GRACE_SECONDS,
                spread=placement.spread(self._scope.pods) if self._args.replicas > 1 else (),
            )
        )

    def _caddy(self) -> core.ContainerArgs:
        return core.ContainerArgs(
            name="caddy",
            image=self._args.caddy_image,
            command=["caddy", "run", "--config", f"{_FOLDER}/{CADDYFILE}", "--adapter", "caddyfile"],
            env=[containers.go_memory_limit(go_memory_limit_mib(sizes.CADDY.memory_limit_mib))],
            ports=containers.ports({**self._args.ports, "health": ACCESS_HEALTH_PORT}),
            resources=containers.resources(sizes.CADDY, local_disk()),
            security_context=_with_the_files_capability(),
            volume_mounts=[core.VolumeMountArgs(name=_CONFIG, mount_path=_FOLDER, read_only=True)],
            readiness_probe=containers.http_probe("/ready", "health", period_seconds=5),
            liveness_probe=containers.http_probe("/live", "health", period_seconds=20),
        )

    def _oauth2_proxy(self) -> core.ContainerArgs:
        limit = go_memory_limit_mib(sizes.OAUTH2_PROXY.memory_limit_mib)
        secrets = [containers.from_secret(name, self._secret, _SECRET_KEY) for name in _SECRET_VARIABLES]
        return core.ContainerArgs(
            name="oauth2-proxy",
            image=self._args.oauth2_proxy_image,
            args=list(self._args.flags),
            env=[containers.go_memory_limit(limit), *secrets],
            ports=containers.ports({"metrics": TOKEN_CHECK_METRICS_PORT}),
            resources=containers.resources(sizes.OAUTH2_PROXY, local_disk()),
            security_context=containers.container_security(),
            readiness_probe=containers.http_probe("/metrics", "metrics", period_seconds=5),
            liveness_probe=containers.http_probe("/metrics", "metrics", period_seconds=20),
        )


def _with_the_files_capability() -> core.SecurityContextArgs:
    """Return the restricted profile with the one capability that it allows.

    The file of Caddy's image has it, and Linux starts no program whose file has a capability that its container
    may never get. Without privilege escalation the process does not get it either.
    """
    security = containers.container_security()
    security.capabilities = core.CapabilitiesArgs(drop=["ALL"], add=["NET_BIND_SERVICE"])
    return security


def access_proxy(name: str, stack: Stack) -> AccessProxy | None:
    """Create the proxy of a stack with `access.mode: proxy`."""
    settings, images = stack.settings, stack.settings.images
    if settings.access.mode != "proxy":
        return None
    args = AccessProxyArgs(
        context=stack.context,
        caddy_image=image_setting("caddy", images.caddy, images.mirror),
        oauth2_proxy_image=image_setting("oauth2_proxy", images.oauth2_proxy, images.mirror),
        replicas=settings.access.replicas,
        caddyfile=stack.rendered.access[CADDYFILE],
        flags=oauth2_proxy_flags(settings),
        ports=ports(settings),
    )
    return AccessProxy(name, args, stack.options())
