"""The lab's engine, extended for tests with other settings, secrets and more verbs."""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import yaml

from lab.engine.engine import Engine
from lab.engine.run import Outcome
from tests.support.stacks import merge


@dataclass(frozen=True, kw_only=True)
class OverlaidEngine(Engine):
    """An engine whose `overlay` is merged into the committed configuration, as `{"fawkes-tracing:tempo": {...}}`.

    `secrets` are set beside it, encrypted.
    """

    overlay: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls, engine: Engine, overlay: Mapping[str, Any] | None = None, secrets: Mapping[str, str] | None = None
    ) -> Self:
        """Return this engine with an overlay and secrets."""
        given = {each.name: getattr(engine, each.name) for each in dataclasses.fields(Engine)}
        return cls(**given, overlay=overlay or {}, secrets=secrets or {})

    def preview_document(self) -> dict[str, Any]:
        """Return the engine's own JSON of a preview: `steps` with old and new states, `changeSummary`."""
        document: dict[str, Any] = json.loads(self.preview("--json").text)
        return document

    def refresh(self) -> Outcome:
        """Update the state from the resources that really exist."""
        return self._follow("refresh", "--yes", "--skip-preview")

    def outputs(self, *, show_secrets: bool = False) -> dict[str, Any]:
        """Return the stack's outputs; a secret one is `[secret]` unless `show_secrets`."""
        self._prepare()
        flags = ["--show-secrets"] if show_secrets else []
        text = self._plain("stack", "output", "--json", *flags, doing="Reading the outputs")
        outputs: dict[str, Any] = json.loads(text)
        return outputs

    def _prepare(self) -> None:
        super()._prepare()
        file = self._project.stack_file
        settings = yaml.safe_load(file.read_text(encoding="utf-8"))
        settings["config"] = merge(settings["config"], self.overlay)
        file.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")
        for key, value in self.secrets.items():
            self._plain("config", "set", "--secret", key, doing=f"Setting {key}", given=value)
