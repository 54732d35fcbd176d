"""All rendered files of one stack."""

from dataclasses import dataclass

from plan.plan import Plan
from render.access.caddyfile import CADDYFILE, caddyfile
from render.collectors.agent import agent_config
from render.collectors.gateway import gateway_config
from render.grafana.dashboards import boards
from render.grafana.datasources import DATASOURCES_FILE, datasources, provisioning_file
from render.grafana.house import dashboard_json
from render.grafana.managed import MANAGED_FILE, managed_alerts
from render.grafana.rules import groups
from render.grafana.rules.rule import rule_file
from render.names import TEMPO_OVERRIDES_FILE
from render.storage.bucket_setup import LIFECYCLE_FILE, lifecycle_document, setup_files
from render.storage.lifecycle import lifecycle_rules
from render.synthetic_check import CONFIG_FILE, synthetic_check_files
from render.tempo.config import tempo_config
from render.tempo.overrides import tenant_overrides
from render.text import Config, to_yaml
from settings.stack import StackSettings

_CHECK_FILE = "synthetic-check.json"


@dataclass(frozen=True)
class Rendered:
    """The contents of the rendered files.

    - `tempo_overrides`: the tenants' limits, which Tempo reloads.
    - `bucket_setup`: contents by file name, empty if no script sets up the bucket.
    - `synthetic_check`: its program and configuration by file name, empty without it.
    - `bucket_lifecycle`: the rules in the shape of S3's API.
    - `access`: files of the access proxy by name, empty without one.
    - `datasources`: Grafana's, in the shape of its API.
    - `dashboards`: Grafana's JSON, and `rules`: rule files of Prometheus, by file name.
    - `managed_alerts`: the file of Grafana-managed alerts, empty unless they are delivered so.
    """

    tempo: str
    tempo_overrides: str
    agent: str
    gateway: str
    synthetic_check: dict[str, str]
    bucket_setup: dict[str, str]
    bucket_lifecycle: list[Config]
    access: dict[str, str]
    datasources: list[Config]
    dashboards: dict[str, str]
    rules: dict[str, str]
    managed_alerts: str

    def files(self) -> dict[str, str]:
        """Return the contents of every rendered file by its name."""
        return {
            "tempo.yaml": self.tempo,
            TEMPO_OVERRIDES_FILE: self.tempo_overrides,
            "collector-agent.yaml": self.agent,
            "collector-gateway.yaml": self.gateway,
            # Its program is the folder synthetic/.
            **({_CHECK_FILE: self.synthetic_check[CONFIG_FILE]} if self.synthetic_check else {}),
            LIFECYCLE_FILE: lifecycle_document(self.bucket_lifecycle),
            **self.bucket_setup,
            **self.access,
            DATASOURCES_FILE: provisioning_file(self.datasources),
            **self.dashboards,
            **self.rules,
            **({MANAGED_FILE: self.managed_alerts} if self.managed_alerts else {}),
        }


def render(settings: StackSettings, plan: Plan) -> Rendered:
    """Render everything; the same settings give the same bytes."""
    return Rendered(
        tempo=to_yaml(tempo_config(settings, plan)),
        tempo_overrides=to_yaml(tenant_overrides(settings, plan)),
        agent=to_yaml(agent_config(settings)),
        gateway=to_yaml(gateway_config(settings, plan)),
        synthetic_check=synthetic_check_files(settings),
        bucket_setup=setup_files(settings, plan),
        bucket_lifecycle=lifecycle_rules(settings, plan),
        access={CADDYFILE: caddyfile(settings)} if settings.access.mode == "proxy" else {},
        datasources=datasources(settings),
        dashboards={f"dashboard-{board.name}.json": dashboard_json(board) for board in boards(settings, plan)},
        rules={
            f"rules-{group.name}.yaml": rule_file(group, settings.alerts.runbooks_url)
            for group in groups(settings, plan)
        },
        managed_alerts=_managed_alerts(settings, plan),
    )


def _managed_alerts(settings: StackSettings, plan: Plan) -> str:
    if settings.alerts.delivery != "grafana":
        return ""
    return managed_alerts(groups(settings, plan), settings.alerts.runbooks_url)
