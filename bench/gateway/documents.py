"""Configurations that are compared: the rendered gateway, parts of it, and a bare collector.

A document is a collector's parsed configuration file. Functions return changed copies.
"""

import copy
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Document = dict[str, Any]
OTLP_PORT, METRICS_PORT = 4317, 8888
# The sampler's wait while it is measured, in seconds: the shortest that the product allows. A longer one would
# only make the benchmark longer; the work for a span is the same.
DECISION_WAIT_SECONDS = 5
_EXPORTER = "otlp_grpc"
# How the names of the long-term tier's pipelines, connectors and exporters end.
_LONG_TERM = "-long-term"


def bare() -> Document:
    """Return the collector that the gateway is compared with: OTLP, batch, OTLP, all with their defaults.

    It runs with the same environment (`GOGC`, `GOMEMLIMIT`) as the gateway.
    """
    return {
        "receivers": {"otlp": {"protocols": {"grpc": {"endpoint": f":{OTLP_PORT}"}}}},
        "processors": {"batch": {}},
        "exporters": {_EXPORTER: {"endpoint": "tempo:4317"}},
        "service": {
            "telemetry": _telemetry(),
            "pipelines": {"traces": {"receivers": ["otlp"], "processors": ["batch"], "exporters": [_EXPORTER]}},
        },
    }


def sink() -> Document:
    """Return the collector that everything is sent to; it counts spans and forgets them."""
    document = bare()
    document["receivers"]["otlp"]["protocols"]["grpc"]["max_recv_msg_size_mib"] = 64
    document["processors"] = {}
    # It writes a line for each request, but no line below `error` is written.
    document["exporters"] = {"debug": {"verbosity": "basic"}}
    document["service"]["telemetry"]["logs"] = {"level": "error"}
    document["service"]["pipelines"] = {"traces": {"receivers": ["otlp"], "exporters": ["debug"]}}
    return document


def _telemetry() -> Document:
    prometheus = {"host": "", "port": METRICS_PORT, "without_type_suffix": False, "without_units": False}
    return {"metrics": {"readers": [{"pull": {"exporter": {"prometheus": prometheus}}}]}}


def placed(
    document: Document,
    address: str,
    sink_address: str,
    folder: Path,
    decision_wait_seconds: int = DECISION_WAIT_SECONDS,
) -> Document:
    """Return a document that listens on one address, sends to the sink, and keeps its files in a folder.

    TLS is left out on both sides, as in the bare collector. Nothing else changes but the sampler's wait.
    """
    found: Document = _listening(copy.deepcopy(document), address)
    for receiver in found["receivers"].values():
        for protocol in (receiver or {}).get("protocols", {}).values():
            protocol.pop("tls", None)
    for name, exporter in found["exporters"].items():
        if name.partition("/")[0] == _EXPORTER:
            exporter |= {"endpoint": f"{sink_address}:{OTLP_PORT}", "tls": {"insecure": True}}
    for extension in found.get("extensions", {}).values():
        for holder in (extension, (extension or {}).get("compaction", {})):
            if "directory" in (holder or {}):
                holder["directory"] = str(folder)
    for name, sampler in found.get("processors", {}).items():
        if name == "tail_sampling":
            sampler["decision_wait"] = f"{decision_wait_seconds}s"
    return found


def _listening(part: Any, address: str) -> Any:  # noqa: ANN401 - any part of a document
    """Return a part of a document with one address wherever it says every address."""
    if isinstance(part, dict):
        own = {"host": address} if part.get("host") == "" else {}
        return {key: _listening(value, address) for key, value in part.items()} | own
    if isinstance(part, list):
        return [_listening(value, address) for value in part]
    return f"{address}{part}" if isinstance(part, str) and part.startswith(":") and part[1:].isdigit() else part


def receiving_pipeline(document: Document) -> str:
    """Return the name of the traces pipeline that receives OTLP: the one with the sampler."""
    pipelines = document["service"]["pipelines"]
    return str(next(name for name, found in pipelines.items() if "otlp" in found["receivers"]))


def parts(document: Document) -> Mapping[str, Document]:
    """Return the document without one part each, by the part's name."""
    found = {name: without(document, name) for name in _removable(document)}
    pipelines = document["service"]["pipelines"]
    if len(pipelines) > 1:
        found["tenants and tiers"] = one_exporter(document)
    if any(name.endswith(_LONG_TERM) for name in pipelines):
        found["long-term tier"] = _without_long_term(document)
    return found | {
        "queue on disk": _exporters(document, _in_memory),
        "compression": _exporters(document, lambda exporter: exporter | {"compression": "none"}),
        "own metrics": _quiet(document),
    }


def _removable(document: Document) -> list[str]:
    """Return the processors of the receiving pipeline but the sampler, without which more would be delivered."""
    processors = document["service"]["pipelines"][receiving_pipeline(document)]["processors"]
    return [name for name in processors if name.partition("/")[0] != "tail_sampling"]


def without(document: Document, processor: str) -> Document:
    """Return a document whose receiving pipeline lacks a processor."""
    found = copy.deepcopy(document)
    found["service"]["pipelines"][receiving_pipeline(found)]["processors"].remove(processor)
    return found


def one_exporter(document: Document) -> Document:
    """Return the receiving pipeline alone, which sends to one exporter with the same queue."""
    found = copy.deepcopy(document)
    pipelines = found["service"]["pipelines"]
    name = receiving_pipeline(found)
    exporter = next(each for each in found["exporters"] if each.partition("/")[0] == _EXPORTER)
    own = pipelines[name]
    if "batch" in found["processors"] and "batch" not in own["processors"]:
        own["processors"].append("batch")
    own["exporters"] = [exporter]
    found["exporters"] = {exporter: found["exporters"][exporter]}
    found["service"]["pipelines"] = {name: own}
    found.pop("connectors", None)
    return found


def sampler_alone(document: Document) -> Document:
    """Return the bare collector with the limiter and the sampler of a document."""
    found = bare()
    name = receiving_pipeline(document)
    first = document["service"]["pipelines"][name]["processors"]
    own = [each for each in first if each.partition("/")[0] in ("memory_limiter", "tail_sampling")]
    found["processors"] |= copy.deepcopy({each: document["processors"][each] for each in own})
    found["service"]["pipelines"]["traces"]["processors"] = [*own, "batch"]
    return found


def _without_long_term(document: Document) -> Document:
    found = copy.deepcopy(document)
    pipelines = found["service"]["pipelines"]
    for name in [name for name in pipelines if name.endswith(_LONG_TERM)]:
        del pipelines[name]
    for pipeline in pipelines.values():
        pipeline["exporters"] = [name for name in pipeline["exporters"] if not name.endswith(_LONG_TERM)]
    for kind in ("connectors", "exporters"):
        found[kind] = {name: each for name, each in found[kind].items() if not name.endswith(_LONG_TERM)}
    return found


def _exporters(document: Document, change: Callable[[Document], Document]) -> Document:
    found = copy.deepcopy(document)
    found["exporters"] = {
        name: change(each) if name.partition("/")[0] == _EXPORTER else each
        for name, each in found["exporters"].items()
    }
    return found


def _in_memory(exporter: Document) -> Document:
    queue = {name: value for name, value in exporter.get("sending_queue", {}).items() if name != "storage"}
    return exporter | {"sending_queue": queue}


def _quiet(document: Document) -> Document:
    found = copy.deepcopy(document)
    found["service"]["telemetry"] = {"metrics": {"level": "none"}}
    return found
