"""Cases of `settings/checks/tempo.py`."""

from settings.checks import tempo
from tests.support.stacks import ABSENT
from tests.unit.settings.cases import IMAGE, Case

CASES = (
    Case(
        tempo.tempo_image_has_the_configured_version,
        "dojo",
        {"images.tempo.tag": "2.10.7"},
        "images.tempo.tag: differs from tempo.version, which selects the configuration format "
        '(got "2.10.7"; allowed "2.10.8"). Set both to the same version.',
        {"images.tempo.tag": "2.10.9", "tempo.version": "2.10.9"},
    ),
    Case(
        tempo.processes_fit_the_mode,
        "dojo",
        {"tempo.ingesters": 2},
        'tempo.ingesters: is not supported by tempo.deployment_mode "monolithic", which is a single process '
        "(got 2; allowed 1). "
        "Set it to 1, or set tempo.deployment_mode to microservices.",
        {"tempo.ingesters": 2, "tempo.deployment_mode": "microservices", "images.memcached": IMAGE},
    ),
    Case(
        tempo.processes_fit_the_mode,
        "prod",
        {"tempo.ingesters": 2},
        "tempo.replication_factor: is more than tempo.ingesters (got 3; allowed at most 2). "
        "Add ingesters, or set it to 1.",
        {"tempo.ingesters": 3},
    ),
    Case(
        tempo.limits_are_not_below_requests,
        "dojo",
        {"tempo.resources.memory_limit_mib": 255},
        "tempo.resources.memory_limit_mib: is below tempo.resources.memory_request_mib "
        "(got 255; allowed at least 256). Raise the limit or lower the request.",
        {"tempo.resources.memory_limit_mib": 256},
    ),
    Case(
        tempo.limits_are_not_below_requests,
        "dojo",
        {"collectors.agent.resources.cpu_limit_millicores": 49},
        "collectors.agent.resources.cpu_limit_millicores: is below "
        "collectors.agent.resources.cpu_request_millicores (got 49; allowed at least 50). "
        "Raise the limit or lower the request.",
        {"collectors.agent.resources.cpu_limit_millicores": 50},
    ),
    Case(
        tempo.limits_are_not_below_requests,
        "dojo",
        {"collectors.gateway.cpu_limit_millicores": 149},
        "collectors.gateway.cpu_limit_millicores: is below collectors.gateway.cpu_request_millicores "
        "(got 149; allowed at least 150). Raise the limit or lower the request.",
        {"collectors.gateway.cpu_limit_millicores": 150},
    ),
    Case(
        tempo.limits_are_not_below_requests,
        "dojo",
        {"object_store.minio.resources.memory_limit_mib": 255},
        "object_store.minio.resources.memory_limit_mib: is below object_store.minio.resources.memory_request_mib "
        "(got 255; allowed at least 256). Raise the limit or lower the request.",
        {"object_store.minio.resources.memory_limit_mib": 256},
    ),
    Case(
        tempo.the_version_is_supported,
        "dojo",
        {"tempo.version": "4.0.0", "images.tempo.tag": "4.0.0"},
        "tempo.version: has a configuration format that is not supported "
        '(got "4.0.0"; allowed 2.8.0 or a later 2.x, 3.0.0 or a later 3.x). '
        "Set one of these versions, here and in images.tempo.tag.",
        {"tempo.version": "3.0.3", "images.tempo.tag": "3.0.3"},
    ),
    Case(
        tempo.the_version_is_supported,
        "dojo",
        {"tempo.version": "2.7.2", "images.tempo.tag": "2.7.2"},
        "tempo.version: has a configuration format that is not supported "
        '(got "2.7.2"; allowed 2.8.0 or a later 2.x, 3.0.0 or a later 3.x). '
        "Set one of these versions, here and in images.tempo.tag.",
        {"tempo.version": "2.8.0", "images.tempo.tag": "2.8.0"},
    ),
    Case(
        tempo.the_version_is_supported,
        "prod",
        {"tempo.version": "2.9.5", "images.tempo.tag": "2.9.5"},
        "tempo.version: has a configuration format that is not supported "
        '(got "2.9.5"; allowed 2.10.0 or a later 2.x, 3.0.0 or a later 3.x). '
        "Set one of these versions, here and in images.tempo.tag.",
        {"tempo.version": "2.10.0", "images.tempo.tag": "2.10.0"},
    ),
    Case(
        tempo.processes_fit_the_mode,
        "dojo",
        {"tempo.version": "3.0.3", "images.tempo.tag": "3.0.3", "tempo.ingesters": 2},
        'tempo.ingesters: is not supported by tempo.deployment_mode "monolithic", which is a single process '
        "(got 2; allowed 1). "
        "Set it to 1, or set tempo.deployment_mode to microservices.",
        {"tempo.version": "3.0.3", "images.tempo.tag": "3.0.3"},
    ),
    Case(
        tempo.only_tempo_3_microservices_use_kafka,
        "prod",
        {"tempo.version": "3.0.3", "images.tempo.tag": "3.0.3"},
        'tempo.kafka: is required by tempo.version "3.0.3" with tempo.deployment_mode "microservices" '
        "(got nothing; allowed the address of a Kafka broker). "
        "Add it, or change tempo.version or tempo.deployment_mode.",
        {"tempo.version": "3.0.3", "images.tempo.tag": "3.0.3", "tempo.kafka": {"address": "kafka:9092"}},
    ),
    Case(
        tempo.only_tempo_3_microservices_use_kafka,
        "prod",
        {"tempo.kafka": {"address": "kafka:9092"}},
        'tempo.kafka: does not apply to tempo.version "2.10.8" with tempo.deployment_mode "microservices" '
        "(got a value; allowed nothing). Remove it, or change tempo.version or tempo.deployment_mode.",
        {},
    ),
    Case(
        tempo.microservices_have_a_cache,
        "prod",
        {"images.memcached": ABSENT},
        'images.memcached: is required by tempo.deployment_mode "microservices" '
        "(got nothing; allowed an image). Add its repository and tag.",
        {"images.memcached": IMAGE},
    ),
    Case(
        tempo.zones_are_required_for_copies,
        "prod",
        {"tempo.require_zones": True, "tempo.replication_factor": 1},
        "tempo.require_zones: has no effect with tempo.replication_factor 1, because there are no copies to keep "
        "apart (got true; allowed false). Remove it, or set tempo.replication_factor to 3.",
        {"tempo.require_zones": True},
    ),
)
