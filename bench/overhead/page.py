"""The section of docs/performance.md: what was measured, where, and what is over a limit."""

from collections.abc import Mapping, Sequence

from bench.markdown import figures
from bench.overhead.language import BARE, ORDER
from bench.overhead.limits import CPU, LATENCY, LIMITS, enough_work, exceeded, too_much_memory
from bench.overhead.plan import Plan
from bench.overhead.result import Result
from bench.overhead.table import all_rows


def text(results: Sequence[Result], plan: Plan, advice: Mapping[str, str]) -> str:
    """Return the section in Markdown; `advice` has a sentence's part for each language."""
    return "\n\n".join(
        [
            _operations(plan),
            *(figures(heading, rows) for heading, rows in all_rows(results, plan)),
            "\n".join(sentences(results)),
            "\n".join(f"- {each.language}: {advice[each.language]}." for each in results),
            _where(results),
        ]
    )


def _operations(plan: Plan) -> str:
    return (
        f"- `{ORDER}`: about 2 ms of CPU for JSON, then a call over HTTP that waits {plan.wait_milliseconds} ms; "
        f"{plan.rates[ORDER]:.0f} a second, {plan.operations(ORDER)} in all.\n"
        f"- `{BARE}`: answers at once; {plan.rates[BARE]:.0f} a second, {plan.operations(BARE)} in all.\n"
        f"- Medians of {plan.repetitions} repetitions; `+` is what tracing adds, + % of a core at that rate."
    )


def sentences(results: Sequence[Result]) -> list[str]:
    """Return a line for each language about what it does not meet, and from where on it would."""
    return [f"- {each.language}: {_sentence(each)}." for each in results]


def _sentence(result: Result) -> str:
    over = {
        name: [f"`{path}`" for path, each in result.figures.items() if name in exceeded(each)]
        for name in (CPU, LATENCY)
    }
    parts = [f"{name} over the limit on {' and '.join(paths)}" for name, paths in over.items() if paths]
    if too_much_memory(result.memory):
        parts.append("memory over the limit")
    if over[CPU]:
        work = enough_work(result.figures[ORDER])
        parts.append(
            f"an operation of {result.spans[ORDER]} spans stays below {LIMITS.cpu_percent:.0f} % from "
            f"{work:.0f} ms of CPU on"
        )
    return "; ".join(parts) or "every limit is met"


def _where(results: Sequence[Result]) -> str:
    """Return machine and day, once where all have the same, and the versions."""
    measured = {each.measured for each in results}
    common = (
        [next(iter(measured))] if len(measured) == 1 else [f"{each.language}: {each.measured}" for each in results]
    )
    return "\n".join([*common, _others(results), *(f"- {each.language}: {each.versions}." for each in results)])


def _others(results: Sequence[Result]) -> str:
    shares = ", ".join(f"{each.others:.1f} with {each.language}" for each in results)
    return f"Other programs took up to so many cores meanwhile: {shares}. Versions:\n"
