"""Every query that the project ships: of dashboards, of rules, and of the fenced blocks in documents.

In a block of a document, a line that is neither indented nor begins with a closing bracket begins a new query.
Comments begin with `#` in PromQL and with `//` in TraceQL.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from markdown_it import MarkdownIt

from plan.limits import checked_plan
from render.files import render
from render.grafana.board import Language
from settings.project import REPO
from settings.stack import StackSettings

_COMMENTS: Mapping[str, str] = {"promql": "#", "traceql": "//"}
# What makes a TraceQL query one of metrics, which another API of Tempo answers.
_METRICS = re.compile(r"\|\s*(rate|compare|[a-z]+_over_time)\s*\(")
# Grafana's three spellings of a variable; `[[name]]` is no longer used.
_VARIABLE = re.compile(r"\$(?:\{(\w+)(?::\w+)?\}|(\w+))")
_BLOCK = re.compile(r"^(promql|traceql)$")


@dataclass(frozen=True)
class SourcedQuery:
    """One query: where it is (`dashboard services: Services`, `docs/traceql.md:31`), and its text."""

    source: str
    language: Language
    expr: str


def all_queries(settings: StackSettings) -> list[SourcedQuery]:
    """Return the queries of a stack's dashboards and rules, and those of all documents."""
    rendered = render(settings, checked_plan(settings))
    found: list[SourcedQuery] = []
    for text in rendered.dashboards.values():
        found += queries_of(json.loads(text))
    for text in rendered.rules.values():
        found += rule_queries(text)
    for file in sorted([REPO / "README.md", *REPO.glob("docs/**/*.md")]):
        found += documented(file.read_text(encoding="utf-8"), str(file.relative_to(REPO)))
    return found


def queries_of(board: Mapping[str, Any]) -> Iterator[SourcedQuery]:
    """Yield the queries of a dashboard's JSON, also of panels in folded rows."""
    name = str(board["uid"]).removeprefix("fawkes-tracing-")
    for panel in _panels(board):
        for target in panel.get("targets", []):
            language, expr = _target(target)
            yield SourcedQuery(f"dashboard {name}: {panel['title']}", language, expr)


def rule_queries(rule_file: str) -> Iterator[SourcedQuery]:
    """Yield the expressions of a rule file of Prometheus."""
    for group in yaml.safe_load(rule_file)["groups"]:
        for rule in group["rules"]:
            name = rule.get("alert") or rule["record"]
            yield SourcedQuery(f"rules {group['name']}: {name}", "promql", str(rule["expr"]))


def documented(markdown: str, file: str) -> Iterator[SourcedQuery]:
    """Yield the queries in the blocks `promql` and `traceql` of a document."""
    for token in MarkdownIt("commonmark").parse(markdown):
        if token.type == "fence" and _BLOCK.match(token.info.strip()):
            language = token.info.strip()
            # The fence itself is the line before the block's first.
            first = (token.map or [0])[0] + 2
            for number, expr in _in_block(token.content, _COMMENTS[language]):
                yield SourcedQuery(f"{file}:{first + number}", language_of(language, expr), expr)


def language_of(block: str, expr: str) -> Language:
    """Return the language of a query in a block `promql` or `traceql`; metrics are a language of their own."""
    if block == "promql":
        return "promql"
    return "traceql_metrics" if _METRICS.search(expr) else "traceql"


def interpolated(expr: str, variables: Mapping[str, str]) -> str:
    """Return a query with Grafana's variables replaced, as in `{"service": ".*", "__range": "1h"}`.

    KeyError for a variable without a value.
    """
    return _VARIABLE.sub(lambda found: variables[found[1] or found[2]], expr)


def variables_of(board: Mapping[str, Any]) -> dict[str, str]:
    """Return each of a dashboard's own variables with the value that Grafana takes for all."""
    listed = board.get("templating", {}).get("list", [])
    return {one["name"]: one["allValue"] for one in listed if one.get("type") == "query"}


def _panels(holder: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for panel in holder.get("panels", []):
        yield panel
        yield from _panels(panel)


def _target(target: Mapping[str, Any]) -> tuple[Language, str]:
    kind = target["datasource"]["type"]
    if kind == "tempo" and target["queryType"] == "serviceMap":
        return "service_map", str(target["serviceMapQuery"])
    if kind == "tempo":
        return language_of("traceql", target["query"]), str(target["query"])
    return ("logql" if kind == "loki" else "promql"), str(target["expr"])


def _in_block(text: str, comment: str) -> Iterator[tuple[int, str]]:
    """Yield each query with the number of its first line, from 0."""
    first, lines = 0, list[str]()
    for number, line in enumerate(text.splitlines()):
        if not line.strip() or line.lstrip().startswith(comment):
            continue
        if lines and not (line[0].isspace() or line[0] in ")}]"):
            yield first, "\n".join(lines)
            lines = []
        first = first if lines else number
        lines.append(line)
    if lines:
        yield first, "\n".join(lines)
