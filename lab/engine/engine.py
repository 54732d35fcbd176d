"""Drive the real engine on this machine: preview, up, refresh, destroy against a state in a local folder.

It never touches the checkout (see `lab.engine.project`), never asks, and picks up where an interrupted
run stopped.
"""

import contextlib
import json
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from lab.engine import plugins as engine_plugins
from lab.engine.environment import engine_environment
from lab.engine.pending import settled
from lab.engine.project import Project, merge
from lab.engine.run import EngineError, Outcome, Run
from lab.errors import LabError

__all__ = ["Engine", "EngineError", "Outcome"]

Update = Callable[[str], None]


def _quiet(_: str) -> None:
    """Take progress that nobody looks at."""


@dataclass(frozen=True, kw_only=True)
class Engine:
    """One stack and what it takes to run it.

    `home` is a folder of the engine's own (state, passphrase, logs); `path_folders` hold the language host
    and whatever else the engine starts; `overlay` is laid on the committed configuration, `secrets` are
    set beside it, encrypted; `environment` reaches the program and the plugins (`KUBECONFIG`).
    Every verb takes `update`, which is told in a few words what the engine is doing, and raises
    `EngineError` with the engine's diagnostics when it fails.
    """

    repo: Path
    stack: str
    home: Path
    pulumi: Path
    path_folders: tuple[Path, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    overlay: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    policy_packs: tuple[Path, ...] = ()

    def with_config(self, overlay: Mapping[str, Any]) -> Self:
        """Return an engine whose configuration has this laid on it, as in `{"fawkes-tracing:tempo": {...}}`."""
        return replace(self, overlay=merge(self.overlay, overlay))

    def preview(self, *, expect_no_changes: bool = False, diff: bool = False, update: Update = _quiet) -> Outcome:
        """Say what `up` would do; with `expect_no_changes`, fail when it would do anything."""
        flags = [*_REFRESH, *self._policies, *(["--expect-no-changes"] if expect_no_changes else [])]
        return self._follow("preview", [*flags, *(["--diff"] if diff else [])], update)

    def preview_document(self, update: Update = _quiet) -> dict[str, Any]:
        """Return the engine's own JSON of a preview: `steps` with old and new states, `changeSummary`."""
        document: dict[str, Any] = json.loads(
            self._follow("preview", [*_REFRESH, *self._policies, "--json"], update).text
        )
        return document

    def up(self, update: Update = _quiet) -> Outcome:
        """Bring the stack to what the program says, also where somebody changed it by other means."""
        return self._follow("up", ["--yes", "--skip-preview", *_REFRESH, *self._policies], update)

    def refresh(self, update: Update = _quiet) -> Outcome:
        """Bring the state to what is really there."""
        return self._follow("refresh", ["--yes", "--skip-preview"], update)

    def destroy(self, update: Update = _quiet) -> Outcome:
        """Delete every resource of the stack; a stack without any is fine.

        A preview comes first: without one the engine deletes all that is not protected before it refuses the
        rest. It is a run of its own: in one run both write the same event log, the second from its start.
        """
        self._follow("destroy", ["--preview-only"], lambda line: update(f"preview: {line}"))
        return self._follow("destroy", ["--yes", "--skip-preview"], update)

    def outputs(self, *, show_secrets: bool = False) -> dict[str, Any]:
        """Return the stack's outputs; a secret one is `[secret]` unless asked for."""
        self._prepare()
        flags = ["--show-secrets"] if show_secrets else []
        text = self._plain("stack", "output", "--json", *flags, doing="Reading the outputs")
        outputs: dict[str, Any] = json.loads(text)
        return outputs

    def export_state(self, *, show_secrets: bool = False) -> dict[str, Any]:
        """Return the state document, secrets encrypted unless asked for."""
        self._prepare()
        flags = ["--show-secrets"] if show_secrets else []
        state: dict[str, Any] = json.loads(self._plain("stack", "export", *flags, doing="Reading the state"))
        return state

    def import_state(self, state: dict[str, Any]) -> None:
        """Put a state document in the place of the state; secrets in it are encrypted with this machine's key.

        A run that is still alive is an error; the lock of one that was interrupted is released.
        """
        self._prepare()
        self._release_lock()
        ours = {"secrets_providers": self._project.secrets_provider()}
        document = state | {"deployment": state["deployment"] | ours}
        self._plain("stack", "import", doing="Writing the state", given=json.dumps(document))

    def unlock(self) -> None:
        """Release what an interrupted run left: its lock, and its operations of unknown outcome.

        A run that is still alive is an error.
        """
        self._prepare()
        self._release_lock()
        self._settle_pending()

    def plugins(self) -> Mapping[str, str]:
        """Return, by name, where each resource plugin comes from."""
        return engine_plugins.provide(self.home / "pulumi", self._launchers)

    def _follow(self, verb: str, flags: list[str], update: Update) -> Outcome:
        update("resource plugins: " + ", ".join(f"{name} {where}" for name, where in self.plugins().items()))
        self.unlock()
        return self._run.followed(self._command(verb, flags), f"{self.stack}-{verb}", update)

    def _command(self, verb: str, flags: list[str]) -> list[str]:
        return [str(self.pulumi), verb, "--stack", self.stack, *_FLAGS, *flags]

    def _plain(self, *arguments: str, doing: str, given: str | None = None) -> str:
        return self._run.plain([str(self.pulumi), *arguments, "--stack", self.stack, *_FLAGS], doing, given)

    def _prepare(self) -> None:
        """Write the project folder and, the first time, make the stack."""
        self._project.write(self.overlay)
        if not self._project.state_file.exists():
            self._plain("stack", "init", doing=f"Making the stack {self.stack}")
        for key, value in self.secrets.items():
            self._plain("config", "set", "--secret", key, doing=f"Setting {key}", given=value)

    def _release_lock(self) -> None:
        if locks := self._locks():
            _refuse_alive(locks)
            self._plain("cancel", "--yes", doing="Releasing the lock of an interrupted run")

    def _locks(self) -> list[dict[str, Any]]:
        folder = self._project.backend / ".pulumi" / "locks" / "organization" / self._project.name / self.stack
        return [json.loads(file.read_text(encoding="utf-8")) for file in folder.glob("*.json")]

    def _settle_pending(self) -> None:
        """Let the next refresh find out what became of the operations that an interrupted run left under way."""
        if self._project.state().get("pending_operations"):
            state = self.export_state()
            self.import_state(state | {"deployment": settled(state["deployment"])})

    @cached_property
    def _project(self) -> Project:
        return Project(repo=self.repo, stack=self.stack, home=self.home)

    @cached_property
    def _run(self) -> Run:
        return Run(folder=self._project.folder, environment=self._environment(), logs=self.home / "logs")

    @property
    def _launchers(self) -> Path:
        return self.home / "launchers"

    @property
    def _policies(self) -> list[str]:
        return [part for pack in self.policy_packs for part in ("--policy-pack", str(pack.resolve()))]

    def _environment(self) -> dict[str, str]:
        folders = (*self.path_folders, self.pulumi.parent, self._launchers)
        return engine_environment(self._project, folders, self.environment)


_FLAGS = ("--non-interactive", "--color", "never")
# Compare with what is there, not with what the last run left: a Deployment that somebody scaled to 0 is a change.
_REFRESH = ("--refresh",)


def _refuse_alive(locks: list[dict[str, Any]]) -> None:
    for lock in locks:
        # The number may have gone to another program since.
        if _program(lock["pid"]).endswith("pulumi"):
            raise LabError(
                f"Another run (process {lock['pid']}, since {lock['timestamp']}) is changing this stack.",
                f"Wait until it ends, or interrupt it: kill -INT {lock['pid']}",
            )


def _program(pid: int) -> str:
    """Return the name of the program that a process runs, "" when there is no such process."""
    processes = Path("/proc")
    if (processes / "self" / "comm").exists():
        with contextlib.suppress(OSError):
            return (processes / str(pid) / "comm").read_text(encoding="utf-8", errors="replace").strip()
        return ""
    command = ["ps", "-o", "comm=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
