"""No query of Tempo is unlimited."""

from collections.abc import Iterator

from pydantic import Field

from policies.config_maps import CONFIG_MAP, File
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity
from policies.tempo_config import tempo_files
from policies.units import seconds, shown_hours

# What Tempo applies if its file does not say it: 168 h in both majors; TraceQL metrics 3 h (2.x) or 24 h (3.x).
_DEFAULT_SECONDS = {"search": 168 * 3600.0, "metrics": 24 * 3600.0}
_WHAT = {"search": "A search", "metrics": "A TraceQL metrics query"}


class Searches(Bounds):
    """How much one query may read."""

    max_hours: float = Field(744, gt=0, description="The longest time range that a query may have, in hours.")


def check(config_map: Resource, bounds: Searches) -> Iterator[str]:
    """Yield each kind of query whose time range is unlimited or longer than allowed; 0 means unlimited."""
    for file in tempo_files(config_map):
        for kind in _DEFAULT_SECONDS:
            yield from _too_long(file, kind, bounds.max_hours)


def _too_long(file: File, kind: str, max_hours: float) -> Iterator[str]:
    duration = seconds(file.document["query_frontend"][kind]["max_duration"], _DEFAULT_SECONDS[kind])
    if duration == 0:
        yield f"{_WHAT[kind]} has no longest time range in {file.name}; {max_hours:g} h are allowed."
    elif duration > max_hours * 3600:
        yield f"{_WHAT[kind]} may read {shown_hours(duration)} in {file.name}; {max_hours:g} h are allowed."


RULE = ResourceRule(
    name="tempo-limits-each-query",
    promise="No query reads more of the bucket than the environment allows.",
    severity=Severity.MEDIUM,
    to_do="Set query_frontend.search.max_duration and query_frontend.metrics.max_duration within the bound "
    "(tempo.search_window_hours).",
    bounds=Searches,
    types=(CONFIG_MAP,),
    check=check,
)
