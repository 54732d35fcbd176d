"""Labels of every object: the recommended ones and the platform's own."""

from settings.environment import Environment
from settings.project import PROJECT

NAME = "app.kubernetes.io/name"
INSTANCE = "app.kubernetes.io/instance"


def labels(environment: Environment, component: str) -> dict[str, str]:
    """Return all labels of an object of a component."""
    return selector(component) | {
        "app.kubernetes.io/part-of": PROJECT,
        "app.kubernetes.io/managed-by": "pulumi",
        "app": component,
        "component": "tracing",
        "environment": environment.name,
        "team": environment.team,
    }


def selector(component: str) -> dict[str, str]:
    """Return the labels that select a component's Pods; these never change."""
    return {NAME: component, INSTANCE: PROJECT}
