"""A stand-in's process: Pulumi's provider protocol on a loopback port, translated to a `Plugin`."""

# ruff: noqa: N802 - the protocol names the methods of Servicer
import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from concurrent import futures
from typing import NoReturn

import grpc
from google.protobuf.any_pb2 import Any as Packed
from google.protobuf.empty_pb2 import Empty
from google.rpc.status_pb2 import Status
from pulumi.runtime.proto import plugin_pb2, provider_pb2
from pulumi.runtime.proto.provider_pb2_grpc import (
    ResourceProviderServicer,
    add_ResourceProviderServicer_to_server,
)

from lab.emulated.plugin import InitializationError, Operation, Plugin, ProviderError, Urn
from lab.emulated.values import Properties

# One for each resource that the engine may have under way: four a core, on the largest machine that a lab sees.
_THREADS = 64
# The engine itself allows 400 MiB; gRPC's own 4 MiB is too little for a stack with many dashboards.
_MESSAGE_BYTES = 400 * 1024 * 1024
# The engine kills a plugin that does not end; answers under way get this long.
_GRACE_SECONDS = 1.0
# The engine keeps its plugins out of the terminal's process group, so a Ctrl-C is never meant for this process;
# the engine interrupts it at the end of its work and waits 5 s before it kills.
_ENDS = (signal.SIGINT, signal.SIGTERM)
# How often to look whether the engine is still there; one that was killed ends nobody.
_ORPHAN_SECONDS = 5.0


def serve(package: str, version: str, load: Callable[[], Plugin]) -> NoReturn:
    """Answer the engine until it ends this process; the first line printed is the port.

    The plugin is loaded meanwhile: the engine starts the next stand-in as soon as this one has named itself.
    """
    # Before there are threads, which inherit it: one that has it not would be interrupted at its work.
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
    workers = futures.ThreadPoolExecutor(_THREADS)
    limits = [("grpc.max_receive_message_length", _MESSAGE_BYTES), ("grpc.max_send_message_length", -1)]
    server = grpc.server(workers, options=limits)
    add_ResourceProviderServicer_to_server(Servicer(package, version, workers.submit(load)), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    engine = os.getppid()
    print(port, flush=True)
    while not signal.sigtimedwait(_ENDS, _ORPHAN_SECONDS) and os.getppid() == engine:
        pass
    server.stop(_GRACE_SECONDS).wait()
    # Nothing is left to tidy, and the interpreter would take a thousand modules apart while a person waits.
    os._exit(0)


class Servicer(ResourceProviderServicer):
    """The protocol's side of a `Plugin`, which may still be loading; `package` and `version` are the SDK's."""

    def __init__(self, package: str, version: str, plugin: "futures.Future[Plugin]") -> None:
        """Serve this plugin."""
        self._package, self._version, self._loading = package, version, plugin

    @property
    def _plugin(self) -> Plugin:
        return self._loading.result()

    def Handshake(
        self, request: provider_pb2.ProviderHandshakeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ProviderHandshakeResponse:
        """Say what is understood."""
        del request, context
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    def GetPluginInfo(self, request: Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        """Return the version that the engine looks for: of the SDK package, which is the real plugin's too."""
        del request, context
        return plugin_pb2.PluginInfo(version=self._version)

    def GetSchema(
        self, request: provider_pb2.GetSchemaRequest, context: grpc.ServicerContext
    ) -> provider_pb2.GetSchemaResponse:
        """Return an empty schema: Python programs find theirs in the SDK package."""
        del request, context
        return provider_pb2.GetSchemaResponse(schema="{}")

    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        """Take it as it is: `Configure` refuses what cannot be honoured, and the engine does not wait for that."""
        del context
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(
        self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext
    ) -> provider_pb2.DiffResponse:
        """Report no difference: a provider's configuration says where to look, not what is there."""
        del request, context
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ConfigureResponse:
        """Hand over the configuration."""
        with _errors(context):
            self._plugin.configure(Properties.from_struct(request.args).values)
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Check(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        """Complete inputs."""
        old = Properties.from_struct(request.olds) if len(request.olds.fields) else None
        with _errors(context):
            inputs = self._plugin.check(
                Urn(request.urn), old, Properties.from_struct(request.news), request.randomSeed
            )
        return provider_pb2.CheckResponse(inputs=inputs.to_struct())

    def Diff(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        """Compare inputs."""
        old, new = Properties.from_struct(request.old_inputs), Properties.from_struct(request.news)
        with _errors(context):
            diff = self._plugin.diff(Urn(request.urn), old, new)
        return diff.to_response()

    def Create(
        self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CreateResponse:
        """Make a resource."""
        inputs = Properties.from_struct(request.properties)
        operation = Operation(urn=Urn(request.urn), preview=request.preview)
        with _errors(context):
            resource_id, state = self._plugin.create(operation, inputs)
        return provider_pb2.CreateResponse(id=resource_id, properties=state.to_struct())

    def Update(
        self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.UpdateResponse:
        """Change a resource."""
        inputs, state = Properties.from_struct(request.news), Properties.from_struct(request.olds)
        operation = Operation(urn=Urn(request.urn), resource_id=request.id, preview=request.preview)
        with _errors(context):
            state = self._plugin.update(operation, inputs, state)
        return provider_pb2.UpdateResponse(properties=state.to_struct())

    def Delete(self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext) -> Empty:
        """Remove a resource."""
        operation = Operation(urn=Urn(request.urn), resource_id=request.id)
        with _errors(context):
            self._plugin.delete(operation, Properties.from_struct(request.old_inputs))
        return Empty()

    def Read(self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext) -> provider_pb2.ReadResponse:
        """Look at a resource."""
        inputs, state = Properties.from_struct(request.inputs), Properties.from_struct(request.properties)
        with _errors(context):
            found, inputs, state = self._plugin.read(Urn(request.urn), request.id, inputs, state)
        return provider_pb2.ReadResponse(id=found, properties=state.to_struct(), inputs=inputs.to_struct())

    def Cancel(self, request: Empty, context: grpc.ServicerContext) -> Empty:
        """End what is under way: nothing here takes long enough."""
        del request, context
        return Empty()

    def Invoke(
        self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.InvokeResponse:
        """Answer a function."""
        with _errors(context):
            answer = self._plugin.invoke(request.tok, Properties.from_struct(request.args).values)
        response = provider_pb2.InvokeResponse()
        # The field's name is a word of Python's own.
        getattr(response, "return").CopyFrom(Properties(answer).to_struct())
        return response

    def Construct(
        self, request: provider_pb2.ConstructRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ConstructResponse:
        """Refuse remote components."""
        with _errors(context):
            raise ProviderError(f"The stand-in of {self._package} has no components: {request.type}.")


@contextlib.contextmanager
def _errors(context: grpc.ServicerContext) -> Iterator[None]:
    """Turn a plugin's errors into the protocol's, which end the call."""
    try:
        yield
    except InitializationError as error:
        context.set_trailing_metadata((("grpc-status-details-bin", _details(error)),))
        context.abort(grpc.StatusCode.UNKNOWN, str(error))
    except ProviderError as error:
        context.abort(grpc.StatusCode.UNKNOWN, str(error))


def _details(error: InitializationError) -> bytes:
    failed = provider_pb2.ErrorResourceInitFailed(
        id=error.resource_id,
        properties=error.state.to_struct(),
        inputs=error.inputs.to_struct(),
        reasons=[str(error)],
    )
    packed = Packed()
    packed.Pack(failed)
    status = Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(error), details=[packed])
    return bytes(status.SerializeToString())
