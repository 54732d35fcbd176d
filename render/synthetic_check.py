"""The synthetic check's files: its program, and its configuration as JSON."""

import json
from pathlib import Path

from plan.synthetic_check import synthetic_check_plan
from render.collectors.routing import NAMESPACE_ATTRIBUTE
from render.names import (
    AGENT,
    GATEWAY,
    OTLP_HTTP_PORT,
    SYNTHETIC_CHECK_PORT,
    TEMPO_HTTP_PORT,
    service_host,
    tempo_query_host,
)
from render.tenants import SINGLE_TENANT, long_term_tenants, multitenancy, tenants
from render.text import Config
from render.tls import AUTHORITY, CERTIFICATE, KEY
from settings.project import REPO
from settings.stack import StackSettings
from settings.tenants import Tenants
from settings.tls import Transport

CONFIG_FILE = "check.json"
_PROGRAM = REPO / "synthetic"
# Between two looks for a trace that is not there yet.
_POLL_SECONDS = 5
# A query of two spans takes milliseconds; the frontend itself gives up after two minutes.
_REQUEST_SECONDS = 10
STORED_EVERY_SECONDS = 3600


def synthetic_check_files(settings: StackSettings) -> dict[str, str]:
    """Return the contents by file name; none without the check."""
    if not settings.synthetic_check.enabled:
        return {}
    return {**_program(_PROGRAM), CONFIG_FILE: json.dumps(_config(settings), indent=1) + "\n"}


def checked_tenants(settings: StackSettings) -> list[str]:
    """Return the tenants of the detailed tier; without tenancy the folder of all."""
    return tenants(settings) or [SINGLE_TENANT]


def _program(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))}


def _config(settings: StackSettings) -> Config:
    plan, environment = synthetic_check_plan(settings), settings.environment
    frontend = service_host(tempo_query_host(settings.tempo.deployment_mode), environment.namespace)
    return {
        "seed": f"{environment.name}/{environment.namespace}",
        "port": SYNTHETIC_CHECK_PORT,
        "query_url": f"http://{frontend}:{TEMPO_HTTP_PORT}",
        "multitenant": multitenancy(settings),
        "interval_seconds": settings.synthetic_check.interval_seconds,
        "wait_seconds": settings.sampling.decision_wait_seconds,
        "poll_seconds": _POLL_SECONDS,
        "deadline_seconds": plan.deadline_seconds,
        "request_seconds": _REQUEST_SECONDS,
        "stored_after_seconds": plan.stored_after_seconds,
        "stored_every_seconds": STORED_EVERY_SECONDS,
        "ways": [*_by_agent(settings), *(_by_gateway(settings, tenant) for tenant in checked_tenants(settings))],
    }


def _by_agent(settings: StackSettings) -> list[Config]:
    """Return the way of every application; none where agents want a certificate that only applications have."""
    if settings.tls.applications == "mutual_tls":
        return []
    return [_way(settings, AGENT, settings.tls.applications, _own_tenant(settings)) | {"name": "agent"}]


def _by_gateway(settings: StackSettings, tenant: str) -> Config:
    """Return the way into one tenant: gateways choose it by the attribute that agents would set."""
    named = tenant in settings.tenants.namespaces
    resource = {NAMESPACE_ATTRIBUTE: tenant} if named else {}
    return _way(settings, GATEWAY, settings.tls.otlp, tenant) | {"name": "gateway", "resource": resource}


def _way(settings: StackSettings, host: str, transport: Transport, tenant: str) -> Config:
    scheme = "http" if transport == "plaintext" else "https"
    stored_as = [Tenants.long_term(tenant)] if long_term_tenants(settings) else []
    return {
        "tenant": tenant,
        "url": f"{scheme}://{service_host(host, settings.environment.namespace)}:{OTLP_HTTP_PORT}/v1/traces",
        "tenants": [tenant, *stored_as],
        "resource": {},
        "tls": _tls(transport),
    }


def _own_tenant(settings: StackSettings) -> str:
    """Return the tenant of the check's own namespace, which the agents write into its spans."""
    own = settings.environment.namespace
    if not tenants(settings):
        return SINGLE_TENANT
    named = settings.tenants.mode == "by_namespace" and own in settings.tenants.namespaces
    return own if named else settings.tenants.default_tenant


def _tls(transport: Transport) -> Config | None:
    if transport == "plaintext":
        return None
    own = {"cert_file": CERTIFICATE, "key_file": KEY} if transport == "mutual_tls" else {}
    return {"ca_file": AUTHORITY, **own}
