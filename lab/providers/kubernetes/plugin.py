"""The verbs of the `kubernetes` stand-in."""

import threading
import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field

from lab.providers.diff import Diff, compare
from lab.providers.kubernetes import manifest, naming
from lab.providers.kubernetes.cluster import Cluster, KindMissingError, owned
from lab.providers.kubernetes.connection import ApiError
from lab.providers.kubernetes.drift import drifted, importable
from lab.providers.kubernetes.immutable import Mutability
from lab.providers.kubernetes.waiting import DEFAULT_SECONDS, NotReadyError, Waiter
from lab.providers.plugin import InitializationError, Operation, Plugin, ProviderError, Urn
from lab.providers.values import Json, Properties, lookup, parse_path, take_over

# Settings that would silently have no effect: to render files instead, and another name for what a context names.
_UNSUPPORTED = {"cluster", "renderYamlToDirectory"}
# Refusals that pass by themselves: the namespace or kind was applied a moment ago, the server is busy.
_PASSING = {404, 429, 503}
_RETRY_SECONDS = 20.0
_RETRY_PAUSE = 0.5
# What a preview cannot ask for, and the real plugin does not insist on: the server is away, the
# namespace is still to be made, or the person may look but not apply.
_NO_PREVIEW = {0, 403, 404}
# Refusals that may be about a change of the object that is there: a conflict, a field that is fixed.
_ABOUT_WHAT_IS_THERE = {409, 422}
# A preview of a replacement needs another name, for the old object still has this one.
_PREVIEW_NAME = "-preview"


@dataclass(kw_only=True)
class KubernetesPlugin(Plugin):
    """Applies single objects to one API server."""

    settings: Json = field(default_factory=dict)
    cluster: Cluster | None = None
    _connecting: threading.Lock = field(default_factory=threading.Lock)
    _warned: threading.Event = field(default_factory=threading.Event)
    # Namespaces that were not there when a preview asked: of what is to be in them the server can say nothing.
    _absent: set[str] = field(default_factory=set)

    def configure(self, config: Json) -> None:
        """Keep the configuration; the connection is made when it is first needed."""
        if unsupported := sorted(_UNSUPPORTED & config.keys()):
            raise ProviderError(
                f"The stand-in of pulumi_kubernetes has no {', '.join(unsupported)}: install the real plugin."
            )
        self.settings = config

    def check(self, urn: Urn, old: Properties | None, new: Properties, seed: bytes) -> Properties:
        """Complete name, namespace and secrets."""
        api_version, kind = manifest.kind_of(urn)
        inputs = naming.complete(urn, old, new, seed)
        inputs.values.update(apiVersion=api_version, kind=kind)
        try:
            cluster = self._connected()
            namespaced = cluster.namespaced(api_version, kind)
            naming.default_namespace(inputs.values, cluster.namespace, namespaced=namespaced)
        except ApiError as error:
            self._warn(urn, error)
        return inputs

    def diff(self, urn: Urn, old: Properties, new: Properties) -> Diff:
        """Compare the applied inputs with the new ones."""
        del urn
        mutability = Mutability(
            config_maps=self._is_set("enableConfigMapMutable"), secrets=self._is_set("enableSecretMutable")
        )
        changes = compare(
            old.values, new.values, lambda path: mutability.forces_replacement(old.values, new.values, path)
        )
        same_place = manifest.place(old.values) == manifest.place(new.values)
        return Diff(changes, delete_first=same_place and not naming.autonamed(new.values))

    def create(self, operation: Operation, inputs: Properties) -> tuple[str, Properties]:
        """Apply a new object and wait until it is ready."""
        if operation.preview:
            return "", self._preview(operation, inputs, lambda values: self._try_create(operation, values))
        self._patiently(lambda: self._create(operation, inputs.values))
        return manifest.resource_id(inputs.values), self._settled(operation, inputs)

    def update(self, operation: Operation, inputs: Properties, state: Properties) -> Properties:
        """Apply a changed object and wait until it is ready again."""
        del state
        if operation.preview:
            return self._preview(operation, inputs, lambda values: self._apply(operation, values, dry_run=True))
        self._patiently(lambda: self._apply(operation, inputs.values))
        return self._settled(operation, inputs)

    def delete(self, operation: Operation, inputs: Properties) -> None:
        """Delete, and wait until the object and what it owns is gone."""
        propagation = manifest.annotation(inputs.values, "deletionPropagationPolicy") or "foreground"
        try:
            self._connected().delete(inputs.values, propagation.capitalize())
            self._waiter(operation.urn, inputs.values, operation.timeout_seconds).gone(inputs.values)
        except KindMissingError:
            # Its definition went first, and took every object with it.
            return

    def read(
        self, urn: Urn, resource_id: str, inputs: Properties, state: Properties
    ) -> tuple[str, Properties, Properties]:
        """Look at the live object, for a refresh or (without inputs) for a program that only reads it.

        Raise `InitializationError` when it is not ready now, so that the next update waits for it again.
        """
        described = inputs.values or manifest.identity(urn, resource_id)
        try:
            live = self._connected().get(described)
        except KindMissingError:
            live = None
        if live is None:
            return "", inputs, state
        now = self._drifted(inputs.values, live) if inputs.values else importable(live)
        seen = Properties(now, inputs.secrets | naming.secret_paths(now))
        outputs = _outputs(seen, live)
        if inputs.values and manifest.awaited(live) and (unready := self._waiter(urn, live).unready(live)):
            raise InitializationError(resource_id, outputs, seen, unready)
        return resource_id, seen, outputs

    def _create(self, operation: Operation, values: Json) -> Json:
        live = self._connected().get(values)
        if live and lookup(live, ("metadata", "deletionTimestamp")):
            self._waiter(operation.urn, values, operation.timeout_seconds).gone(values)
        elif live:
            _refuse_foreign(live, values)
        return self._apply(operation, values)

    def _try_create(self, operation: Operation, values: Json) -> Json:
        """Dry-run a creation; only an object that is there already costs a second request."""
        try:
            made = self._apply(operation, values, dry_run=True)
        except ApiError as error:
            live = self._connected().get(values) if error.status in _ABOUT_WHAT_IS_THERE else None
            if live is None:
                raise
        else:
            if "resourceVersion" not in made["metadata"]:
                return made
            live = self._connected().get(values)
        return self._try_replacement(operation, values, live)

    def _try_replacement(self, operation: Operation, values: Json, live: Json | None) -> Json:
        """Dry-run a creation beside the object that has the name now; None when it went a moment ago."""
        if live:
            _refuse_foreign(live, values)
        name = values["metadata"]["name"]
        other = {**values, "metadata": {**values["metadata"], "name": name + _PREVIEW_NAME}}
        made = self._apply(operation, other, dry_run=True)
        return {**made, "metadata": {**made["metadata"], "name": name}}

    def _apply(self, operation: Operation, values: Json, *, dry_run: bool = False) -> Json:
        cluster, wanted = self._connected(), deepcopy(values)
        live = cluster.get(values) if operation.ignore_changes else None
        for path in operation.ignore_changes if live else ():
            # What the program ignores stays as whoever else changed it left it.
            take_over(wanted, live, parse_path(path))
        return cluster.apply(
            wanted,
            dry_run=dry_run,
            force=manifest.annotation(values, "patchForce") == "true",
            warn=lambda text: self.say(operation.urn, text, False),
        )

    def _preview(self, operation: Operation, inputs: Properties, attempt: Callable[[Json], Json]) -> Properties:
        """Return what the server would make of it, or the inputs where it cannot tell."""
        namespace = inputs.values["metadata"].get("namespace", "")
        if inputs.has_unknown() or namespace in self._absent:
            return inputs
        try:
            would_be = attempt(inputs.values)
        except KindMissingError as error:
            # Its definition may be a part of the same update, so this is no refusal.
            self.say(operation.urn, f"{error} The preview shows what the program says; `up` needs it.", False)
            return inputs
        except ApiError as error:
            if error.status not in _NO_PREVIEW:
                raise
            if error.status == 0:
                self._warn(operation.urn, error)
            if error.status == 404 and namespace:  # noqa: PLR2004 - HTTP
                self._absent.add(namespace)
            return inputs
        # A status is not known before the object exists.
        return _outputs(inputs, {key: value for key, value in would_be.items() if key != "status"})

    def _settled(self, operation: Operation, inputs: Properties) -> Properties:
        """Wait until ready and return the outputs."""
        waiter, values = self._waiter(operation.urn, inputs.values, operation.timeout_seconds), inputs.values
        try:
            live = waiter.ready(values, judged=manifest.awaited(values))
        except NotReadyError as error:
            state = _outputs(inputs, error.live)
            raise InitializationError(manifest.resource_id(values), state, inputs, str(error)) from None
        return _outputs(inputs, live)

    def _patiently(self, action: Callable[[], Json]) -> None:
        """Repeat an action as long as the server refuses for a reason that passes."""
        deadline = time.monotonic() + _RETRY_SECONDS
        while True:
            try:
                action()
            except (ApiError, KindMissingError) as error:
                passes = getattr(error, "status", 404) in _PASSING
                if not passes or time.monotonic() > deadline or self.stop.wait(_RETRY_PAUSE):
                    raise
            else:
                return

    def _drifted(self, inputs: Json, live: Json) -> Json:
        try:
            reference = self._connected().apply(inputs, dry_run=True, force=True)
        except ApiError:
            # The server would not take the inputs as things are now, so they are compared as they are.
            reference = inputs
        return drifted(inputs, reference, live)

    def _waiter(self, urn: Urn, values: Json, seconds: float = 0.0) -> Waiter:
        seconds = seconds or float(manifest.annotation(values, "timeoutSeconds") or DEFAULT_SECONDS)
        return Waiter(self._connected(), seconds, lambda text: self.say(urn, text, True), self.stop)

    def _connected(self) -> Cluster:
        with self._connecting:
            if self.cluster is None:
                self.cluster = Cluster.connect(self.settings)
            return self.cluster

    def _is_set(self, name: str) -> bool:
        return str(self.settings.get(name, "")).lower() == "true"

    def _warn(self, urn: Urn, error: ApiError) -> None:
        """Say once that there is no server to ask."""
        if not self._warned.is_set():
            self._warned.set()
            self.say(urn, f"{error} The preview goes on without it.", False)


def _outputs(inputs: Properties, live: Json) -> Properties:
    return Properties(live, naming.output_secrets(inputs, live))


def _refuse_foreign(live: Json, values: Json) -> None:
    """Refuse to take over an object that somebody else made, unless the program insists."""
    if owned(live) or manifest.annotation(values, "patchForce") == "true":
        return
    raise ProviderError(
        f"{manifest.label(live)} exists already and was not made by Pulumi: delete it, import it, give yours "
        'another name, or take it over with the annotation pulumi.com/patchForce: "true".'
    )
