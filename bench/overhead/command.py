"""What `python -m bench overhead` measures: what an application pays for being traced, in four languages."""

from collections.abc import Callable, Iterator, Sequence

from rich.console import Console

from bench.gateway.command import feature_gates, program
from bench.machine import machine
from bench.overhead.figures import figures, memory
from bench.overhead.language import Language, Prepared
from bench.overhead.languages.go import GO
from bench.overhead.languages.java import JAVA
from bench.overhead.languages.node import NODE
from bench.overhead.languages.python import PYTHON
from bench.overhead.measure import Repetition, repetition, sink_of
from bench.overhead.page import sentences, text
from bench.overhead.plan import Plan
from bench.overhead.result import Result, file_of, keep, kept
from bench.overhead.table import tables
from bench.page import write
from lab.errors import LabError
from lab.progress import Progress
from lab.toolchain.queue import build_all

SECTION = "overhead"
LANGUAGES = {each.name.lower(): each for each in (PYTHON, JAVA, NODE, GO)}
_TOOL = "otelcol"


def overhead(out: Console, only: Sequence[str] = (), plan: Plan | None = None) -> None:
    """Measure languages, print what each pays, and write the page once all have been measured on this machine."""
    plan = plan or Plan()
    chosen = [_language(name) for name in only] or list(LANGUAGES.values())
    for result in measured(chosen, plan):
        keep(result, file_of(LANGUAGES[result.language.lower()], plan))
    found = {each.name: kept(file_of(each, plan)) for each in LANGUAGES.values()}
    results = [each for each in found.values() if each is not None]
    for table in tables(results, plan):
        out.print(table, highlight=False)
        out.print()
    out.print("\n".join(sentences(results)), highlight=False)
    if missing := [name for name, each in found.items() if each is None]:
        out.print(f"\ndocs/performance.md is written when these are measured too: {', '.join(missing)}.")
    else:
        write(SECTION, text(results, plan, {each.name: each.advice for each in LANGUAGES.values()}))


def _language(name: str) -> Language:
    if name not in LANGUAGES:
        raise LabError(f"There is no service in {name}.", f"Name one of: {', '.join(LANGUAGES)}.")
    return LANGUAGES[name]


def measured(chosen: Sequence[Language], plan: Plan) -> Iterator[Result]:
    """Prepare all languages, then yield the result of one after the other; `LabError` where one has none."""
    with Progress() as progress:
        progress.plan(*(f"measure {each.name}" for each in chosen))
        build_all([_TOOL], progress)
        prepared = [(each, each.prepare(progress)) for each in chosen]
        with sink_of([str(program()), *feature_gates()]) as received:
            for language, ready in prepared:
                with progress.step(f"measure {language.name}") as step:
                    found = [
                        repetition(language, ready, plan, received, _reporter(step.update, number, plan))
                        for number in range(1, plan.repetitions + 1)
                    ]
                yield _result(language, ready, plan, found)


def _reporter(report: Callable[[str], None], number: int, plan: Plan) -> Callable[[str], None]:
    return lambda doing: report(f"{number} of {plan.repetitions}: {doing}")


def _result(language: Language, prepared: Prepared, plan: Plan, repetitions: Sequence[Repetition]) -> Result:
    return Result(
        language=language.name,
        versions=prepared.versions,
        measured=machine(),
        spans=language.spans,
        figures={path: figures(repetitions, path) for path in plan.rates},
        memory=memory(repetitions),
        others=max(each.others for each in repetitions),
    )
