"""Keys of Pulumi's AWS and Kubernetes providers in a stack file, which this program does not use.

The program configures its own providers from the typed settings, so that a stack's file alone decides account,
region and cluster. The engine would accept `aws:profile` beside them, and the provider would never see it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from settings.problems import Problem, shown
from settings.stack import StackSettings


@dataclass(frozen=True, kw_only=True)
class _Provider:
    """How a provider is configured instead.

    - `source`: the sections that configure it.
    - `settings`: the setting that does what a key would.
    - `fixes`: what to do about a key that has no setting; `otherwise` about any other key.
    - `shown`: the keys whose values no secret can be in.
    """

    source: str
    settings: Mapping[str, str]
    otherwise: str
    fixes: Mapping[str, str]
    shown: frozenset[str]


_CREDENTIALS = "Remove it: credentials come from the environment, or by object_store.aws.profile."
_PROVIDERS = {
    "aws": _Provider(
        source="object_store and environment",
        settings={
            "allowedAccountIds": "object_store.aws.account_id",
            "assumeRole": "object_store.aws.assume_role_arn",
            "assumeRoles": "object_store.aws.assume_role_arn",
            "defaultTags": "environment.team",
            "forbiddenAccountIds": "object_store.aws.account_id",
            "profile": "object_store.aws.profile",
            "region": "object_store.region",
        },
        otherwise="Remove it: there is no such setting; the provider also reads the environment's AWS_ variables.",
        fixes=dict.fromkeys(("accessKey", "secretKey", "token"), _CREDENTIALS),
        shown=frozenset({"region"}),
    ),
    "kubernetes": _Provider(
        source="cluster",
        settings={"context": "cluster.context"},
        otherwise="Remove it: the kubeconfig comes from KUBECONFIG, and cluster.context selects its cluster.",
        fixes={},
        shown=frozenset({"context"}),
    ),
}


def ignored_provider_keys(config: Mapping[Any, Any], settings: StackSettings) -> Iterator[Problem]:
    """Yield a problem for each key of a provider that the program configures itself.

    `config` is what is below `config:`. `aws:region` may repeat the setting: other tools read it. A stack that is
    not on Amazon has no AWS provider of the program's own.
    """
    for key, value in config.items():
        name, _, setting = str(key).partition(":")
        # Pulumi accepts both spellings.
        setting = setting.removeprefix("config:")
        repeated = (name, setting, value) == ("aws", "region", settings.object_store.region)
        if name in _PROVIDERS and not repeated and (name != "aws" or settings.object_store.kind == "aws_s3"):
            yield _problem(str(key), setting, value, _PROVIDERS[name])


def _problem(key: str, name: str, value: object, provider: _Provider) -> Problem:
    """Return the problem; it shows no value that may hold a secret."""
    setting = provider.settings.get(name)
    return Problem(
        key,
        f"has no effect, because the program configures this provider itself from {provider.source}",
        shown(value) if name in provider.shown else "a value",
        "object_store.region" if setting == "object_store.region" else "nothing",
        f"Remove it, and set {setting}." if setting else provider.fixes.get(name, provider.otherwise),
    )
