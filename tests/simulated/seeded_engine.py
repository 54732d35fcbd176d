"""The engine that previews the program with seeds in it, and what its policies say."""

import contextlib
import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from lab.engine.engine import Engine
from lab.engine.run import EngineError
from review.findings import Finding
from review.previews import preview, read_events
from settings.project import REPO
from tests.seeds.seed import Seed
from tests.support.engines import OverlaidEngine
from tests.support.seed_groups import overlay

_PROGRAM = REPO / "tests" / "simulated" / "seeded_program"


@dataclass(frozen=True)
class Seeding:
    """What a run with seeds said; `failed` has the seeds that could not be planted, and `errors` all else."""

    findings: tuple[Finding, ...]
    failed: dict[str, str]
    errors: tuple[str, ...]

    def refuses(self, seed: Seed) -> bool:
        """Return whether the seed's rule refuses the seed's resource with its sentence."""
        of_rule = [each for each in self.findings if each.refuses and each.rule == seed.rule]
        return any(
            each.resource.rpartition(" ")[2] == seed.resource and seed.says in each.sentence for each in of_rule
        )


@dataclass(frozen=True, kw_only=True)
class SeededEngine(OverlaidEngine):
    """An engine whose program is the repository's with seeds in it."""

    seeds: Sequence[Seed]

    @classmethod
    def with_seeds(cls, engine: Engine, seeds: Sequence[Seed]) -> "SeededEngine":
        """Return the engine with seeds of one kind: of the settings, or of the resources."""
        given = {each.name: getattr(engine, each.name) for each in dataclasses.fields(Engine)}
        file = engine.home / "seeds.json"
        given["environment"] = {**engine.environment, "FAWKES_SEEDS": str(file)}
        return cls(**given, overlay=overlay(seeds), seeds=seeds)

    @property
    def has_state(self) -> bool:
        """Whether this lab has deployed the stack."""
        return bool(self._project.resources())

    def seeding(self) -> Seeding:
        """Preview, and return what the policies said."""
        failed = self._seeds_file.with_suffix(".failed")
        failed.unlink(missing_ok=True)
        with contextlib.suppress(EngineError):
            self.preview()
        said = preview(read_events(self.home / "logs" / f"{self.stack}-preview.events.jsonl"))
        # None when no pack ran.
        assert said.findings is not None
        return Seeding(
            findings=said.findings,
            failed=json.loads(failed.read_text(encoding="utf-8")) if failed.exists() else {},
            errors=said.errors,
        )

    def up_without_preview(self) -> None:
        """Deploy as `pulumi up --skip-preview` with the pack does; EngineError when it fails."""
        self._follow("up", "--yes", "--skip-preview", *self._policy_flags())

    @property
    def _seeds_file(self) -> Path:
        return Path(self.environment["FAWKES_SEEDS"])

    def _prepare(self) -> None:
        super()._prepare()
        self._seeds_file.write_text(json.dumps([seed.name for seed in self.seeds]), encoding="utf-8")
        project = self._project.folder / "Pulumi.yaml"
        content = yaml.safe_load(project.read_text(encoding="utf-8"))
        project.write_text(yaml.safe_dump(content | {"main": str(_PROGRAM)}, sort_keys=False), encoding="utf-8")
