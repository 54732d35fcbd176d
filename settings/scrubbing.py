"""Removal of secrets and personal values from kept spans."""

from typing import Annotated, Literal

from pydantic import Field

from settings.base import Section

# Without blanks, so that a mistyped list in YAML is refused; the specification of OpenTelemetry allows more.
AttributeKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.:/@-]*$", max_length=128)]
# What gateways read behind masking, to choose a span's tenant and tiers: masked, it would send every span to the
# default tenant, or none to the long-term tier.
READ_BEHIND_MASKING = frozenset({"k8s.namespace.name", "tailsampling.policy"})
# A pattern costs a gateway 30 to 100 ns for each value that it searches: 20 of them add a tenth to masking.
MAX_PATTERNS = 20


class Scrubbing(Section):
    """What gateways mask in addition, and what they drop because no processor can search it."""

    mode: Literal["patterns", "allow_list"] = Field(
        default="patterns",
        description="`patterns` keeps every attribute and masks what looks like a secret. `allow_list` also drops "
        "every attribute that is neither in `allowed_keys` nor one of the semantic conventions that "
        "render/collectors/scrubbing/keys.py lists.",
    )
    allowed_keys: tuple[AttributeKey, ...] = Field(
        default=(),
        max_length=500,
        description="Attributes that `allow_list` keeps, by their exact names; their values are still masked.",
    )
    additional_keys: tuple[AttributeKey, ...] = Field(
        default=(),
        max_length=50,
        description="Attributes whose whole value is masked, by their exact names, beside those with the name of "
        "a secret. An attribute that sampling reads is masked after it was read.",
    )
    additional_patterns: tuple[str, ...] = Field(
        default=(),
        max_length=MAX_PATTERNS,
        description="Regular expressions of Go for secrets inside of values and names of spans. Each begins with "
        "three literal characters, because Go is slow without (docs/masking.md).",
    )
    drop_links: bool = Field(
        default=True,
        description="Drop the links of spans: no processor can search their attributes. Without it a secret in "
        "one is stored, and with it the spans of a batch consumer no longer name the traces of its messages.",
    )
    drop_trace_state: bool = Field(
        default=True,
        description="Drop the entries of the trace state that callers write; those of OpenTelemetry's sampling "
        "stay.",
    )
