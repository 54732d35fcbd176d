"""Where gateways run as prod deploys them: its binary's flags, its environment, its sizes."""

from bench.gateway.command import environment, feature_gates, program
from bench.gateway.measure import Place
from bench.throughput.cgroup import Limits
from plan.limits import checked_plan
from plan.plan import Plan
from settings.loader import read_stack_file
from settings.project import REPO
from settings.stack import StackSettings

_STACK_FILE = REPO / "Pulumi.prod.yaml"


def prod() -> tuple[StackSettings, Plan]:
    """Return prod's settings and plan."""
    settings = read_stack_file(_STACK_FILE)
    return settings, checked_plan(settings)


def deployed() -> Place:
    """Return the command and the environment of prod's gateways, on loopback."""
    return Place([str(program()), *feature_gates()], environment())


def requested(settings: StackSettings, plan: Plan) -> Limits:
    """Return what each gateway requests, which is all that it gets on a full node."""
    cores = settings.collectors.gateway.cpu_request_millicores / 1000
    return Limits(cores=cores, memory_mib=plan.gateway.memory_limit_mib)


def allowed(settings: StackSettings, plan: Plan) -> Limits:
    """Return what each gateway may use at most."""
    cores = settings.collectors.gateway.cpu_limit_millicores / 1000
    return Limits(cores=cores, memory_mib=plan.gateway.memory_limit_mib)
