"""A policy pack whose only rule, which the SDK demands, is disabled."""

import pulumi_policy as sdk

sdk.PolicyPack(
    "no-rules", [sdk.ResourceValidationPolicy("nothing", "Nothing is checked.", lambda _args, _report: None)]
)
