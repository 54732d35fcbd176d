"""The gateway: receives whole traces, samples and scrubs them, and delivers the kept ones to Tempo."""

from plan.delivery import COLLECTOR_MAX_MESSAGE_MIB, gateway_queue
from plan.plan import Plan
from render.collectors.common import extensions, memory_limiter, otlp_receiver, telemetry
from render.collectors.routing import routes
from render.collectors.sampling import SAMPLING_FEATURE_GATES, tail_sampling
from render.collectors.scrubbing import FEATURE_GATES as SCRUBBING_FEATURE_GATES
from render.collectors.scrubbing import scrubbing
from render.text import Config
from render.tls import otlp_server_tls
from settings.stack import StackSettings

# Feature gates that a gateway is started with: what its configuration relies on.
FEATURE_GATES = (*SAMPLING_FEATURE_GATES, *SCRUBBING_FEATURE_GATES)


def gateway_config(settings: StackSettings, plan: Plan) -> Config:
    """Return the whole configuration of a gateway.

    Scrubbing follows sampling, because most spans are not kept (docs/adr/0005), and precedes the batch, so
    nothing leaves or is stored unscrubbed. It runs once for all tenants and tiers.
    """
    to_tempo = routes(settings)
    scrubbers = scrubbing(settings.scrubbing)
    return {
        # Batches are few, so flushes cost little: with 5 ms each, a queue still takes 33 batches or 68 000 spans a
        # second. Their CPU is some 1 ms a batch (measured on ext4).
        "extensions": extensions(gateway_queue(settings), flushed=True),
        "receivers": {"otlp": otlp_receiver(COLLECTOR_MAX_MESSAGE_MIB, otlp_server_tls(settings))},
        "processors": {
            "memory_limiter": memory_limiter(),
            "tail_sampling": tail_sampling(settings, plan),
            **scrubbers,
            **to_tempo.processors,
            # The sampler releases one trace at a time; without batches each would be a write to the queue.
            "batch": {"timeout": "1s", "send_batch_size": 2048, "send_batch_max_size": 4096},
        },
        **({"connectors": dict(to_tempo.connectors)} if to_tempo.connectors else {}),
        "exporters": dict(to_tempo.exporters),
        "service": {
            "extensions": ["health_check", "file_storage"],
            "telemetry": telemetry(),
            "pipelines": {
                "traces": {
                    "receivers": ["otlp"],
                    "processors": [
                        "memory_limiter",
                        "tail_sampling",
                        *scrubbers,
                        *to_tempo.last_processors,
                    ],
                    "exporters": list(to_tempo.exporters_of_kept),
                },
                **to_tempo.pipelines,
            },
        },
    }
