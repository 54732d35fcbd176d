from tests.support.policy_cases import Case, Cases
from tests.support.stacks import as_config, config_of, sections

_PROD = config_of("prod")

CASES = Cases(
    passes=Case([], stack_config=_PROD),
    fails=Case(
        [],
        says=["a month; the ceiling is $100.00. The largest items: Pods, gateways $112.92; Pods, agents $"],
        config={"max_usd_per_month": 100},
        stack_config=_PROD,
    ),
    missing=Case([], says=["the stack's configuration is not valid"]),
    # The engine knows the configuration before it starts; a section may still be of another shape.
    unknown=Case(
        [], says=["the stack's configuration is not valid"], stack_config=_PROD | {"fawkes-tracing:cost": "high"}
    ),
    more={
        "more replicas": Case(
            [],
            says=["The settings cost $"],
            stack_config=as_config(sections("prod", {"collectors.gateway.replicas": 60})),
        )
    },
)
