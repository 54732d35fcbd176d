"""Random values for a JSON Schema; supports the keywords that this product's schema uses."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

Schema = Mapping[str, Any]
Values = st.SearchStrategy[Any]
# Strings by the name of their setting, where drawing from the pattern would be slow: shortest, usual, longest.
# A test checks them against the schema.
EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "repository": ("a/b", "docker.io/grafana/tempo", "registry.internal:5000/x/y__z.w", "a/" + "b" * 198),
    "mirror": ("registry.internal", "a:1", "registry.internal:5000/x/y__z.w", "a." + "b" * 198),
    "tag": ("2.10.8", "_", "RELEASE.2025-09-07T16-13-09Z", "v" * 128),
    "digest": ("sha256:" + "0" * 64, "sha256:" + "0123456789abcdef" * 4),
    "name": ("a", "dojo", "blue-2", "z" * 20),
    "team": ("a", "0-0", "platform", "t" * 63),
    "namespace": ("a", "0-0", "fawkes-observability", "n" * 63),
    "default_tenant": ("a", "0-0", "shared", "s" * 63),
    "group": ("a", "cert-manager.io", "awspca.cert-manager.io", "g" * 253),
    "tempo_gossip": ("a", "gossip-tls"),
    "authority": ("a", "tracing-authorities", "a" * 253),
    "applications_authority": ("b", "applications-ca"),
    "prometheus_authority": ("a", "prometheus-ca"),
    "bucket": ("a-b", "000", "fawkes-tempo-traces-dojo", "b" * 63),
    "region": ("us-east-1", "eu-west-1", "--", "r" * 32),
    "endpoint": ("a", "10.0.0.7:9000", "store.internal:8333", "S3.Example.com:65535", "e" * 253),
    "url": ("https://grafana.example.com", "http://a:3000/grafana/"),
    "service": ("a", "shop/cart", "Till_2.x", "s" * 128),
    "prometheus_url": ("http://a", "https://prometheus.monitoring.svc:9090/", "http://p:80/prefix/a_b.c-d//"),
    "logs_url": ("http://a", "http://loki.logging.svc:3100", "https://p:80/prefix/a_b.c-d//"),
    "folder": ("T", "Tracing", "a b_c.d-e", "f" * 100),
    "profiles_uid": ("p", "pyroscope", "A-b_9", "u" * 40),
    "operator_instance": ("a", "0-0", "grafana", "g" * 63),
    "version": ("2.10.8", "2.10.0", "2.999.999", "3.0.0", "3.0.3"),
    "eks_cluster": ("a", "0-_", "fawkes-prod", "c" * 100),
    "account_id": ("123456789012", "000000000000"),
    "profile": ("a", "prod-deployer"),
    "assume_role_arn": ("arn:aws:iam::123456789012:role/a", "arn:aws-cn:iam::000000000000:role/path/deployer"),
    "oidc_provider_arn": ("arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/0A",),
    "address": ("kafka", "kafka-bootstrap.kafka.svc:9092"),
    "topic": ("a", "0-0", "fawkes-tempo", "t" * 63),
    "priority_class": ("a", "0-0.a", "platform-agents", "p" * 253),
    "prometheus_namespace": ("a", "0-0", "monitoring", "m" * 63),
    "prometheus_release": ("a", "0-0", "prometheus", "r" * 63),
}
# Longer lists and strings find nothing new and would take most of the time.
_LONGEST_LIST = 3
_LONGEST_STRING = 12


class SchemaValues:
    """Strategies for the parts of one schema.

    `overrides` maps a dotted path to the strategy used instead of the schema's; a setting with an
    override is always present. Any other optional setting is present or absent.
    """

    def __init__(self, schema: Schema, overrides: Mapping[str, Values]) -> None:
        """Keep the schema with its definitions."""
        self._definitions: Schema = schema.get("$defs", {})
        self._schema = schema
        self._overrides = overrides
        self._parts: dict[str, Values] = {}

    def part(self, name: str) -> Values:
        """Return the strategy of one top-level property."""
        if name not in self._parts:
            self._parts[name] = self._values(self._schema["properties"][name], name)
        return self._parts[name]

    def _values(self, schema: Schema, path: str) -> Values:
        if path in self._overrides:
            return self._overrides[path]
        if "$ref" in schema:
            return self._values(self._definitions[schema["$ref"].rpartition("/")[2]], path)
        if "anyOf" in schema:
            return st.one_of([self._values(choice, path) for choice in schema["anyOf"]])
        return self._plain_values(schema, path)

    def _plain_values(self, schema: Schema, path: str) -> Values:
        name, kind = path.rpartition(".")[2], schema["type"]
        if kind == "object":
            return self._objects(schema, path)
        if kind == "array":
            items = self._values(schema["items"], f"{path}[]")
            return st.lists(items, min_size=schema.get("minItems", 0), max_size=_LONGEST_LIST)
        if kind == "string" and name in EXAMPLES:
            return st.sampled_from(EXAMPLES[name])
        return _SCALARS["enum" if "enum" in schema else kind](schema)

    def _objects(self, schema: Schema, path: str) -> Values:
        mandatory: dict[str, Values] = {}
        optional: dict[str, Values] = {}
        for name, part in schema["properties"].items():
            inner = f"{path}.{name}".lstrip(".")
            always = name in schema.get("required", ()) or inner in self._overrides
            (mandatory if always else optional)[name] = self._values(part, inner)
        return st.fixed_dictionaries(mandatory, optional=optional)


def _strings(schema: Schema) -> Values:
    if "pattern" in schema:
        strings = st.from_regex(schema["pattern"].removeprefix("^").removesuffix("$"), fullmatch=True)
        longest = schema.get("maxLength", math.inf)
        return strings.filter(lambda text: len(text) <= longest)
    return st.text(min_size=schema.get("minLength", 0), max_size=_LONGEST_STRING)


_SCALARS: Mapping[str, Callable[[Schema], Values]] = {
    "enum": lambda schema: st.sampled_from(list(schema["enum"])),
    "boolean": lambda _: st.booleans(),
    "null": lambda _: st.none(),
    "integer": lambda schema: st.integers(schema["minimum"], schema["maximum"]),
    "number": lambda schema: st.floats(schema["minimum"], schema["maximum"]),
    "string": _strings,
}
