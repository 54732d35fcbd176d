"""Fill in the templates beside this module: configuration files, commands of daemons, and manifests."""

import functools
import json
from pathlib import Path
from string import Template
from typing import Any

import yaml

from lab.node import layout
from lab.node.binaries import Binaries
from lab.node.layout import NodeFolder

_TEMPLATES = Path(__file__).with_name("templates")
# Follows the deployed stack (lab/monitoring/): a node that starts again still has that stack.
_FOLLOWS_THE_STACK = Path("prometheus/prometheus.yml")
_CONSTANTS = {name: value for name, value in vars(layout).items() if name.isupper()}


def render(template: str, folder: NodeFolder, **values: object) -> str:
    """Return a template with the constants of `lab.node.layout`, the folder's paths and `values` filled in.

    Values are escaped for use in double quotes, which is the same in YAML, JSON and TOML. Raises KeyError for
    an unknown name.
    """
    known = {**_CONSTANTS, **vars(folder), **values}
    escaped = {name: json.dumps(str(value), ensure_ascii=False)[1:-1] for name, value in known.items()}
    return Template(_text(template)).substitute(escaped)


@functools.cache
def _text(template: str) -> str:
    # Once for each process: a daemon must not depend on a checkout that changes while it runs.
    return (_TEMPLATES / template).read_text(encoding="utf-8")


def manifests(template: str, folder: NodeFolder, **values: object) -> list[dict[str, Any]]:
    """Return the documents of a rendered YAML template."""
    return list(yaml.safe_load_all(render(template, folder, **values)))


def write_configs(folder: NodeFolder, binaries: Binaries) -> None:
    """Write the configuration files of the daemons that run Pods; Prometheus' only if there is none.

    The Pod network leases its addresses from memory (`/run`), because Pods end with the node.
    """
    source = _TEMPLATES / "config"
    for file in sorted(path.relative_to(source) for path in source.rglob("*") if path.is_file()):
        target = folder.configs / file
        if file == _FOLLOWS_THE_STACK and target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(render(f"config/{file}", folder, **vars(binaries)), encoding="utf-8")
