"""The service in Node: Express, instrumented by auto-instrumentations-node."""

import json
import shutil
import subprocess

from bench.overhead.language import BARE, ORDER, PLAIN, SERVICES, TRACED, Language, Launch, Prepared
from lab.errors import LabError
from lab.progress import Progress
from lab.toolchain.debian import ensure_packages
from lab.toolchain.npm import locked_modules

_FOLDER = SERVICES / "node"
_AGENT = "@opentelemetry/auto-instrumentations-node"


def _prepare(progress: Progress) -> Prepared:
    if shutil.which("node") is None:
        ensure_packages(["nodejs", "npm"], progress)
    modules = (
        locked_modules("overhead-node", _FOLDER, "the service's packages for Node", progress) / "node_modules"
    )
    node, shop = _node(), str(_FOLDER / "shop.js")
    environment = {
        "NODE_PATH": str(modules),
        # The others ask for the cloud's own address, which answers in a cloud only.
        "OTEL_NODE_RESOURCE_DETECTORS": "env,host,os,process",
    }
    register = str(modules / _AGENT / "build" / "src" / "register.js")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    pinned = json.loads((_FOLDER / "package.json").read_text(encoding="utf-8"))["dependencies"]
    return Prepared(
        {
            PLAIN: Launch([node, shop], environment),
            TRACED: Launch([node, "--require", register, shop], environment),
        },
        f"Node {version.removeprefix('v')}, express {pinned['express']}, "
        f"{_AGENT.rpartition('/')[2]} {pinned[_AGENT]}",
    )


def _node() -> str:
    found = shutil.which("node")
    if found is None:
        raise LabError("There is no node on PATH.", "Install Node 18.19 or newer and put it on PATH.")
    return found


NODE = Language(
    name="Node",
    rounds=66,
    # Of each request one by http, and three of Express, by the instrumentations of it and of its router.
    spans={ORDER: 9, BARE: 4},
    advice="`OTEL_NODE_DISABLED_INSTRUMENTATIONS=express,router,net` leaves six of an order's nine spans out",
    prepare=_prepare,
)
