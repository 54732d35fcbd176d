"""The process of an emulated plugin: Pulumi's provider protocol on a loopback port, translated to a `Plugin`."""

# ruff: noqa: N802 - the protocol names the methods of its servicer
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
from grpc import ServicerContext
from pulumi.runtime.proto import plugin_pb2
from pulumi.runtime.proto import provider_pb2 as pb
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderServicer, add_ResourceProviderServicer_to_server

from lab.emulated import diff
from lab.emulated.plugin import InitializationError, Plugin, ProviderError, Urn
from lab.emulated.values import Properties

# One per resource operation in flight: four per core, on the largest machine that a lab is expected on.
_THREADS = 64
# The engine itself allows 400 MiB; gRPC's own 4 MiB is too little for a stack with many dashboards.
_MESSAGE_BYTES = 400 * 1024 * 1024
# The engine kills a plugin that does not exit; requests in flight get this long.
_GRACE_SECONDS = 1.0
# The engine keeps its plugins out of the terminal's process group, so Ctrl-C never reaches this process. It
# interrupts the process when its work is done and waits 5 s before it kills.
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
# Interval of checks that the engine is still there: a killed engine stops none of its plugins.
_ORPHAN_SECONDS = 5.0


def serve(version: str, load: Callable[[], Plugin]) -> NoReturn:
    """Serve the engine until it stops this process; the first line printed is the port.

    The plugin loads in the background: the engine starts the next plugin as soon as this one has printed its port.
    """
    # Before any thread starts, because threads inherit the mask: one without it would be interrupted at its work.
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOP_SIGNALS)
    workers = futures.ThreadPoolExecutor(_THREADS)
    limits = [("grpc.max_receive_message_length", _MESSAGE_BYTES), ("grpc.max_send_message_length", -1)]
    server = grpc.server(workers, options=limits)
    add_ResourceProviderServicer_to_server(_Servicer(version, workers.submit(load)), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    engine = os.getppid()
    print(port, flush=True)
    while not signal.sigtimedwait(_STOP_SIGNALS, _ORPHAN_SECONDS) and os.getppid() == engine:
        pass
    server.stop(_GRACE_SECONDS).wait()
    # Nothing is left to clean up, and the interpreter would unload a thousand modules while a person waits.
    os._exit(0)


class _Servicer(ResourceProviderServicer):
    """The protocol's side of a `Plugin`, which may still be loading; `version` is that of the SDK package."""

    def __init__(self, version: str, plugin: "futures.Future[Plugin]") -> None:
        self._version, self._loading = version, plugin

    @property
    def _plugin(self) -> Plugin:
        return self._loading.result()

    def Handshake(self, _: pb.ProviderHandshakeRequest, __: ServicerContext) -> pb.ProviderHandshakeResponse:
        """Accept secrets."""
        return pb.ProviderHandshakeResponse(accept_secrets=True)

    def GetPluginInfo(self, _: Empty, __: ServicerContext) -> plugin_pb2.PluginInfo:
        """Return the version that the engine looks for: of the SDK package, which is the real plugin's too."""
        return plugin_pb2.PluginInfo(version=self._version)

    def GetSchema(self, _: pb.GetSchemaRequest, __: ServicerContext) -> pb.GetSchemaResponse:
        """Return an empty schema: Python programs find theirs in the SDK package."""
        return pb.GetSchemaResponse(schema="{}")

    def CheckConfig(self, request: pb.CheckRequest, _: ServicerContext) -> pb.CheckResponse:
        """Accept any configuration at once; `Configure`, which the engine does not wait for, validates it."""
        return pb.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: pb.DiffRequest, context: ServicerContext) -> pb.DiffResponse:
        old, new = (Properties.from_struct(found).values for found in (request.old_inputs, request.news))
        with _errors(context):
            changes = self._plugin.diff_config(old, new)
        return diff.to_response(changes)

    def Configure(self, request: pb.ConfigureRequest, context: ServicerContext) -> pb.ConfigureResponse:
        with _errors(context):
            self._plugin.configure(Properties.from_struct(request.args).values)
        return pb.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Check(self, request: pb.CheckRequest, context: ServicerContext) -> pb.CheckResponse:
        """Validate and complete inputs."""
        old = Properties.from_struct(request.olds) if len(request.olds.fields) else None
        new = Properties.from_struct(request.news)
        with _errors(context):
            inputs = self._plugin.check(Urn(request.urn), old, new, request.randomSeed)
        return pb.CheckResponse(inputs=inputs.to_struct())

    def Diff(self, request: pb.DiffRequest, context: ServicerContext) -> pb.DiffResponse:
        old, new = Properties.from_struct(request.old_inputs), Properties.from_struct(request.news)
        with _errors(context):
            changes = self._plugin.diff(Urn(request.urn), old, new)
        return diff.to_response(changes)

    def Create(self, request: pb.CreateRequest, context: ServicerContext) -> pb.CreateResponse:
        inputs = Properties.from_struct(request.properties)
        with _errors(context):
            resource_id, state = self._plugin.create(Urn(request.urn), inputs, preview=request.preview)
        return pb.CreateResponse(id=resource_id, properties=state.to_struct())

    def Update(self, request: pb.UpdateRequest, context: ServicerContext) -> pb.UpdateResponse:
        urn, inputs = Urn(request.urn), Properties.from_struct(request.news)
        state = Properties.from_struct(request.olds)
        with _errors(context):
            state = self._plugin.update(urn, request.id, inputs, state, preview=request.preview)
        return pb.UpdateResponse(properties=state.to_struct())

    def Delete(self, request: pb.DeleteRequest, context: ServicerContext) -> Empty:
        inputs = Properties.from_struct(request.old_inputs)
        with _errors(context):
            self._plugin.delete(Urn(request.urn), request.id, inputs)
        return Empty()

    def Read(self, request: pb.ReadRequest, context: ServicerContext) -> pb.ReadResponse:
        inputs, state = Properties.from_struct(request.inputs), Properties.from_struct(request.properties)
        with _errors(context):
            found, inputs, state = self._plugin.read(Urn(request.urn), request.id, inputs, state)
        return pb.ReadResponse(id=found, properties=state.to_struct(), inputs=inputs.to_struct())

    def Cancel(self, _: Empty, __: ServicerContext) -> Empty:
        """Cancel nothing: no request takes long enough."""
        return Empty()

    def Invoke(self, request: pb.InvokeRequest, context: ServicerContext) -> pb.InvokeResponse:
        with _errors(context):
            answer = self._plugin.invoke(request.tok, Properties.from_struct(request.args).values)
        response = pb.InvokeResponse()
        # The field's name is a keyword of Python.
        getattr(response, "return").CopyFrom(Properties(answer).to_struct())
        return response


@contextlib.contextmanager
def _errors(context: ServicerContext) -> Iterator[None]:
    """Turn a plugin's errors into the protocol's, which abort the call."""
    try:
        yield
    except InitializationError as error:
        context.set_trailing_metadata((("grpc-status-details-bin", _details(error)),))
        context.abort(grpc.StatusCode.UNKNOWN, str(error))
    except ProviderError as error:
        context.abort(grpc.StatusCode.UNKNOWN, str(error))


def _details(error: InitializationError) -> bytes:
    failed = pb.ErrorResourceInitFailed(
        id=error.resource_id,
        properties=error.state.to_struct(),
        inputs=error.inputs.to_struct(),
        reasons=[str(error)],
    )
    packed = Packed()
    packed.Pack(failed)
    status = Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(error), details=[packed])
    return bytes(status.SerializeToString())
