"""The report of `make ready` about a running lab, with settings changed, and objects put there for it."""

import functools
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

from kubernetes import client
from kubernetes.dynamic import DynamicClient

from lab.target.target import Target
from ready.app import judged, read
from ready.finding import Finding, State
from ready.needs import Needs, needs_from
from settings.loader import parse, sections_of
from snapshot.program import record_program
from tests.support.stacks import config_of, merge


@dataclass
class Readiness:
    """Reports on one stack; each reads all facts anew."""

    target: Target
    stack: str

    def report(
        self, overlay: Mapping[str, Any] | None = None, environment: Mapping[str, str] | None = None
    ) -> dict[str, Finding]:
        """Return the findings by requirement, with settings overlaid and variables changed."""
        needs = _needs(self.stack, json.dumps(overlay or {}))
        with mock.patch.dict(os.environ, {**self.target.environment, **(environment or {})}):
            return {found.requirement: found for found in judged(needs, read(needs, lambda _: None))}

    def unmet(self, overlay: Mapping[str, Any] | None = None, **environment: str) -> dict[str, str]:
        """Return the sentence and the advice of each requirement that is not met."""
        found = self.report(overlay, environment)
        return {name: f"{one.sentence} {one.to_do}" for name, one in found.items() if one.state is State.NOT_MET}


@functools.cache
def _needs(stack: str, overlay: str) -> Needs:
    config = merge(config_of(stack), json.loads(overlay))
    return needs_from(parse(sections_of(config)), record_program(config, stack).registrations)


@contextmanager
def objects(api: client.ApiClient, *manifests: dict[str, Any]) -> Iterator[None]:
    """Create objects, and delete them after the block."""
    dynamic: Any = DynamicClient(api)  # type: ignore[no-untyped-call]  # untyped
    with ExitStack() as created:
        for manifest in manifests:
            kind = dynamic.resources.get(api_version=manifest["apiVersion"], kind=manifest["kind"])
            name, namespace = manifest["metadata"]["name"], manifest["metadata"].get("namespace")
            kind.create(body=manifest, namespace=namespace)
            created.callback(kind.delete, name, namespace=namespace)
        yield
