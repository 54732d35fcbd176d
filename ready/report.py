"""Show what is looked at, the progress, and the findings."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ready.facts import AwsFacts, Facts, NoCredentials, Unknown
from ready.finding import Finding, State
from ready.needs import Needs

_MARKS = {State.MET: ("✓", "green"), State.NOT_MET: ("✗", "red"), State.NOT_SEEN: ("?", "yellow")}


# Shows in a few words what is looked at now.
Tell = Callable[[str], None]


@contextmanager
def progress() -> Iterator[Tell]:
    """Show what is looked at: on a terminal one line that changes, elsewhere a line each, on standard error."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda what: print(f"looking at {what}", file=sys.stderr, flush=True)
        return
    with console.status("looking …") as status:
        yield lambda what: status.update(Text(f"looking at {what} …"))


def show(stack: str, needs: Needs, facts: Facts, findings: Sequence[Finding]) -> None:
    """Print where was looked, a line for each requirement, and how many are met."""
    console = Console()
    for line in _where(stack, needs, facts):
        console.print(Text(line), soft_wrap=True)
    console.print()
    if console.is_terminal:
        console.print(_table(findings))
    else:
        # No line is wrapped or padded, so that commands can be copied and searched for.
        print(*map(_line, findings), sep="\n")
    console.print(Text(f"\n{_summary(findings)}"))


def _table(findings: Sequence[Finding]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for found in findings:
        mark, colour = _MARKS[found.state]
        text = Text(found.sentence)
        if found.to_do:
            text.append(f"\n→ {found.to_do}", style="bold")
        table.add_row(Text(f"{mark} {found.state.value}", style=colour), found.requirement, text)
    return table


def _line(found: Finding) -> str:
    to_do = f" → {found.to_do}" if found.to_do else ""
    return f"{_MARKS[found.state][0]} {found.state.value:14} {found.requirement:23} {found.sentence}{to_do}"


def _where(stack: str, needs: Needs, facts: Facts) -> Iterator[str]:
    """Yield the lines that name the cluster and the account."""
    connection = facts.cluster.connection
    yield f"Stack    {stack}, namespace {needs.namespace}"
    if isinstance(connection, Unknown):
        credentials = isinstance(connection, NoCredentials)
        yield f"Cluster  none: the kubeconfig {'gives no credentials' if credentials else 'cannot be used'}"
    else:
        yield f"Cluster  {connection.server}, context {connection.context} of {connection.kubeconfig}"
    if facts.aws:
        yield f"Account  {_account(needs, facts.aws)}"


def _account(needs: Needs, aws: AwsFacts) -> str:
    settings = needs.settings.object_store
    region = f"region {settings.region}"
    if isinstance(aws.caller, Unknown):
        return f"none: no AWS credentials work; {region}"
    profile = settings.aws.profile if settings.aws else None
    source = f"profile {profile}" if profile else "the environment's credentials"
    return f"{aws.caller.account}, {aws.caller.arn}, {source}, {region}"


def _summary(findings: Sequence[Finding]) -> str:
    counts = {state: sum(found.state is state for found in findings) for state in State}
    return ", ".join(f"{count} {state.value}" for state, count in counts.items()) + "."
