"""Cases of `settings/checks/scrubbing.py`."""

from settings.checks import scrubbing
from tests.unit.settings.cases import Case

CASES = (
    Case(
        scrubbing.additional_patterns_are_cheap_ones_of_go,
        "prod",
        {"scrubbing.additional_patterns": ["CUST-[0-9]{8}", "(?i)customer"]},
        "scrubbing.additional_patterns.1: has a part that is not allowed at character 1 "
        '(got "(?i)customer"; allowed up to 200 characters that begin with 3 literal ones, with classes, groups '
        "and repetitions, without flags, assertions and back references). "
        "Begin with the text that announces the secret, or write several patterns.",
        {"scrubbing.additional_patterns": ["CUST-[0-9]{8}", "customer"]},
    ),
    Case(
        scrubbing.only_an_allow_list_names_allowed_keys,
        "dojo",
        {"scrubbing.allowed_keys": ["order.id"]},
        'scrubbing.allowed_keys: does not apply to scrubbing.mode "patterns" (got ["order.id"]; allowed an empty '
        "list). Remove it, or set scrubbing.mode to allow_list.",
        {"scrubbing.allowed_keys": ["order.id"], "scrubbing.mode": "allow_list"},
    ),
    Case(
        scrubbing.routing_reads_what_it_needs,
        "prod",
        {"scrubbing.additional_keys": ["customer.number", "k8s.namespace.name"]},
        "scrubbing.additional_keys.1: is what gateways choose a span's tenant and tiers by "
        '(got "k8s.namespace.name"; allowed any other attribute). Remove it.',
        {"scrubbing.additional_keys": ["customer.number", "k8s.pod.name"]},
    ),
)
