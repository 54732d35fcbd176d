"""Grafana's datasources: which ones a stack provisions, and the file that Grafana reads them from.

Keys that Grafana does not know have no effect and are not reported, so tests check each of them against the
plugins' published schemas (tests/data/datasource-schemas.json).
"""

from typing import Any

from render.access.tenants import ports
from render.grafana import uids
from render.grafana.other_datasources import logs, prometheus
from render.grafana.tempo_datasource import Endpoint, access_proxy, frontend, tempo_datasource
from render.names import ACCESS_LONG_TERM_PORT, ACCESS_PORT
from render.tenants import long_term_tenants, tenants
from render.text import Config, to_yaml
from settings.stack import StackSettings

DATASOURCES_FILE = "datasources.yaml"
# How Tempo reads several tenants from its header.
_AND = "|"


def datasources(settings: StackSettings) -> list[Config]:
    """Return the datasources in the shape of Grafana's API, in which a dollar is a dollar.

    None is the organisation's default: the platform has one, and Grafana does not start with two.
    """
    wanted = settings.grafana.datasources
    found = tempo_datasources(settings) if "tempo" in wanted else []
    if "prometheus" in wanted:
        found.append(prometheus(settings))
    if "logs" in wanted:
        found.append(logs(settings))
    return found


def tempo_datasources(settings: StackSettings) -> list[Config]:
    """Return a datasource across all tenants of each tier, and one for each tenant.

    A tier has datasources of its own: a trace in both tiers would be counted twice (docs/adr/0012). Behind the
    access proxy there is one for each tier, which shows everybody their own tenants (docs/adr/0026).
    """
    if settings.access.mode == "proxy":
        return _behind_the_proxy(settings)
    found = []
    for across, tier, title in (
        (uids.TEMPO, tenants(settings), "Tempo"),
        (uids.TEMPO_LONG_TERM, long_term_tenants(settings), "Tempo, long-term"),
    ):
        if tier or across == uids.TEMPO:
            found.append(_tempo(settings, title, across, tier))
        if len(tier) > 1:
            found += [_tempo(settings, f"Tempo {tenant}", uids.tempo_tenant(tenant), [tenant]) for tenant in tier]
    return found


def _behind_the_proxy(settings: StackSettings) -> list[Config]:
    named = {
        ACCESS_PORT: ("Tempo", uids.TEMPO),
        ACCESS_LONG_TERM_PORT: ("Tempo, long-term", uids.TEMPO_LONG_TERM),
    }
    return [
        tempo_datasource(settings, access_proxy(settings, port), name=named[port][0], uid=named[port][1])
        for port in ports(settings).values()
    ]


def provisioning_file(found: list[Config]) -> str:
    """Return the file of Grafana's provisioning.

    Grafana expands variables in it, so `$$` is written for a dollar. It removes what an older version of the file
    had and this one has not, such as the datasource of a former tenant.
    """
    return to_yaml({"apiVersion": 1, "prune": True, "datasources": [_escaped(one) for one in found]})


def _tempo(settings: StackSettings, name: str, uid: str, of: list[str]) -> Config:
    endpoint: Endpoint = frontend(settings, tenants=_AND.join(of))
    return tempo_datasource(settings, endpoint, name=name, uid=uid)


def _escaped(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return {key: _escaped(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_escaped(inner) for inner in value]
    return value.replace("$", "$$") if isinstance(value, str) else value
