"""Let the SDK convert each resource once, not once for each rule, which takes longer than the rules themselves."""

from types import SimpleNamespace
from typing import Any

from google.protobuf import json_format
from pulumi_policy import policy

from policies.remembering import remembering


def convert_once() -> None:
    """Make the SDK's conversions of properties remember their results.

    The SDK has no setting for it: these are the names by which its module for policies calls them.
    """
    module: Any = policy
    deserialize = module.deserialize_properties
    once = remembering(deserialize)

    def deserialized(properties: Any, proxy_secrets: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 - the SDK's
        return deserialize(properties, proxy_secrets) if proxy_secrets else once(properties)

    module.json_format = SimpleNamespace(MessageToDict=remembering(json_format.MessageToDict))
    module.deserialize_properties = deserialized
    module.unknown_checking_proxy = remembering(module.unknown_checking_proxy)
