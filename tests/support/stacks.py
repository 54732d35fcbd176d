"""The committed stack files, and changed copies of them."""

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from settings.loader import parse, sections_of
from settings.project import PROJECT, REPO
from settings.stack import StackSettings

STACKS = ("dojo", "staging", "prod")
# As the value of a change, removes the setting.
ABSENT = object()
# Changes that turn off TLS of a committed stack, for tests whose processes have no certificates.
PLAINTEXT: dict[str, Any] = {"tls.otlp": "plaintext", "tls.issuer": ABSENT}
# Changes that leave a stack without Prometheus: nothing is scraped, counted or alerted on.
UNMONITORED: dict[str, Any] = {
    "grafana.prometheus_url": ABSENT,
    "grafana.service_monitors": ABSENT,
    "span_metrics": ABSENT,
    "alerts": ABSENT,
}
# The form of every refusal, written independently of the product: one line, five parts.
SENTENCE = r"^[^\n]+?: [^\n]+ \(got [^\n]+; allowed [^\n]+\)\. [^\n]+$"

Sections = dict[str, Any]


def stack_file(stack: str) -> Path:
    """Return the committed file of a stack."""
    return REPO / f"Pulumi.{stack}.yaml"


def config_of(stack: str) -> dict[str, Any]:
    """Return the content of `config:` in a committed stack file."""
    return dict(yaml.safe_load(stack_file(stack).read_text(encoding="utf-8"))["config"])


def sections(stack: str, changes: dict[str, Any] | None = None) -> Sections:
    """Return a committed stack's sections with dotted settings changed: `{"load.headroom": 2.0}`."""
    result = copy.deepcopy(sections_of(config_of(stack)))
    for path, value in (changes or {}).items():
        *parents, name = path.split(".")
        section = result
        for parent in parents:
            section = section.setdefault(parent, {})
        if value is ABSENT:
            section.pop(name, None)
        else:
            section[name] = copy.deepcopy(value)
    return result


def settings_of(stack: str, changes: dict[str, Any] | None = None) -> StackSettings:
    """Return the settings of a committed stack with dotted settings changed."""
    return parse(sections(stack, changes))


def as_config(of_sections: Sections) -> dict[str, Any]:
    """Return sections under the keys that they have below `config:` in a stack file."""
    return {f"{PROJECT}:{name}": section for name, section in of_sections.items()}


def merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return `base` overlaid with `over`: mappings are merged, other values are replaced."""
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        both = isinstance(old, Mapping) and isinstance(value, Mapping)
        merged[key] = merge(old, value) if both else value  # type: ignore[arg-type]  # both are mappings
    return merged
