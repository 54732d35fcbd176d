"""What a program may ask without making anything."""

from collections.abc import Callable

from lab.emulated.aws.api import Api
from lab.emulated.plugin import ProviderError
from lab.emulated.values import Json


def call_function(api: Api, token: str) -> Json:
    """Return a function's answer. Raise `ProviderError` for one that is not known."""
    if token not in _FUNCTIONS:
        raise ProviderError(f"The stand-in of pulumi_aws has no function {token}: install the real plugin.")
    return _FUNCTIONS[token](api)


def _caller(api: Api) -> Json:
    answer = api.call("sts", "GetCallerIdentity")
    account = answer["Account"]
    return {"accountId": account, "arn": answer["Arn"], "id": account, "userId": answer["UserId"]}


def _partition(api: Api) -> Json:
    partition, suffix = api.partition, api.dns_suffix
    reverse = ".".join(reversed(suffix.split(".")))
    return {"dnsSuffix": suffix, "id": partition, "partition": partition, "reverseDnsPrefix": reverse}


_FUNCTIONS: dict[str, Callable[[Api], Json]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": _caller,
    "aws:index/getPartition:getPartition": _partition,
}
