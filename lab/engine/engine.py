"""Drive Pulumi's engine on this machine: preview, up and destroy, with the state in a local folder.

It never writes to the checkout (see `lab.engine.project`), never prompts, and resumes where an interrupted run
stopped.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from lab.engine.environment import engine_environment
from lab.engine.interrupted import is_locked, settled
from lab.engine.plugins import provide_plugins
from lab.engine.project import Adapt, Project
from lab.engine.run import Outcome, Run
from lab.errors import LabError

Update = Callable[[str], None]
_FLAGS = ("--non-interactive", "--color", "never")
# Compare with the cluster, not with the state: a Deployment that somebody scaled to 0 is a change.
_REFRESH = ("--refresh",)


def _ignore(_: str) -> None:
    """Discard progress that nobody displays."""


@dataclass(frozen=True, kw_only=True)
class Engine:
    """One stack and the engine that deploys it.

    `home` is a folder of the engine's own (state, passphrase, logs); `environment` reaches the program and the
    plugins (`KUBECONFIG`); `adapt` changes the copy of the committed configuration; `policies` is the folder of
    the policy pack that checks every preview and update. Every verb passes `update` a few words on what the engine
    is doing, and raises `EngineError` with the engine's diagnostics when it fails.
    """

    repo: Path
    stack: str
    home: Path
    pulumi: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    adapt: Adapt = dict
    policies: Path | None = None

    def preview(self, *flags: str, update: Update = _ignore) -> Outcome:
        """Report what `up` would do; `flags` are further flags of `pulumi preview`."""
        return self._follow("preview", *_REFRESH, *self._policy_flags(), *flags, update=update)

    def up(self, update: Update = _ignore) -> Outcome:
        """Deploy the stack, and revert what was changed by other means."""
        return self._follow("up", "--yes", "--skip-preview", *_REFRESH, *self._policy_flags(), update=update)

    def events(self, verb: str) -> Path:
        """Return the event log of the last run of `preview` or `up`, which exists once there was one."""
        return self._run.events(self._name(verb))

    def destroy(self, update: Update = _ignore) -> Outcome:
        """Delete every resource of the stack; a stack without any is fine.

        A preview comes first: without one the engine deletes everything unprotected before it refuses the rest.
        It is a run of its own, because in one run both write the same event log, the second from its start.
        """
        self._follow("destroy", "--preview-only", update=lambda line: update(f"preview: {line}"))
        return self._follow("destroy", "--yes", "--skip-preview", update=update)

    def export_state(self, *, show_secrets: bool = False) -> dict[str, Any]:
        """Return the state document; secrets are encrypted unless `show_secrets`."""
        self._prepare()
        flags = ["--show-secrets"] if show_secrets else []
        state: dict[str, Any] = json.loads(self._plain("stack", "export", *flags, doing="Reading the state"))
        return state

    def import_state(self, state: dict[str, Any]) -> None:
        """Replace the state by this document; its secrets are encrypted with this machine's key.

        Releases the lock of an interrupted run. Raises LabError while another run is alive.
        """
        self._prepare()
        self._release_lock()
        ours = {"secrets_providers": self._project.secrets_provider()}
        document = state | {"deployment": state["deployment"] | ours}
        self._plain("stack", "import", doing="Writing the state", given=json.dumps(document))

    def unlock(self) -> None:
        """Clear what an interrupted run left: its lock, and its operations of unknown outcome.

        Raises LabError while another run is alive.
        """
        self._prepare()
        self._release_lock()
        if self._project.state().get("pending_operations"):
            state = self.export_state()
            self.import_state(state | {"deployment": settled(state["deployment"])})

    def _follow(self, verb: str, *flags: str, update: Update = _ignore) -> Outcome:
        origins = provide_plugins(self.home)
        update("resource plugins: " + ", ".join(f"{name} {origin}" for name, origin in origins.items()))
        self.unlock()
        return self._run.followed(self._command(verb, *flags), self._name(verb), update)

    def _name(self, verb: str) -> str:
        return f"{self.stack}-{verb}"

    def _policy_flags(self) -> list[str]:
        """Return the flags that make the engine check every resource by the policy pack, if there is one."""
        if self.policies is None:
            return []
        config = self.policies / "config" / f"{self.stack}.json"
        if not config.is_file():
            raise LabError(
                f"The policies have no bounds for stack {self.stack}: there is no {config}.",
                "Copy the file of the stack that it is most like, and adapt its values.",
            )
        return ["--policy-pack", str(self.policies), "--policy-pack-config", str(config)]

    def _plain(self, *arguments: str, doing: str, given: str | None = None) -> str:
        return self._run.plain(self._command(*arguments), doing, given)

    def _command(self, *arguments: str) -> list[str]:
        return [str(self.pulumi), *arguments, "--stack", self.stack, *_FLAGS]

    def _prepare(self) -> None:
        """Write the project folder, and initialize the stack if it is new."""
        self._project.write()
        if not self._project.state_file.exists():
            self._plain("stack", "init", doing=f"Initializing the stack {self.stack}")

    def _release_lock(self) -> None:
        if is_locked(self._project.locks):
            self._plain("cancel", "--yes", doing="Releasing the lock of an interrupted run")

    @cached_property
    def _project(self) -> Project:
        return Project(repo=self.repo, stack=self.stack, home=self.home, adapt=self.adapt)

    @cached_property
    def _run(self) -> Run:
        environment = engine_environment(self._project, self.pulumi.parent, self.environment)
        return Run(folder=self._project.folder, environment=environment, logs=self.home / "logs")
