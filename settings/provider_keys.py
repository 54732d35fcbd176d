"""Keys of Pulumi's AWS provider in a stack file, which this program does not use.

The program configures its own provider from the typed settings, so that a stack's file alone decides account and
region. The engine would accept `aws:profile` beside it, and the provider would never see it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from settings.problems import Problem, shown
from settings.stack import StackSettings

# The setting that does what the provider's key would.
_SETTINGS = {
    "allowedAccountIds": "object_store.aws.account_id",
    "assumeRole": "object_store.aws.assume_role_arn",
    "assumeRoles": "object_store.aws.assume_role_arn",
    "defaultTags": "environment.team",
    "forbiddenAccountIds": "object_store.aws.account_id",
    "profile": "object_store.aws.profile",
    "region": "object_store.region",
}
_CREDENTIALS = frozenset({"accessKey", "secretKey", "token"})


def ignored_provider_keys(config: Mapping[Any, Any], settings: StackSettings) -> Iterator[Problem]:
    """Yield a problem for each `aws:` key of a stack on Amazon; `config` is what is below `config:`.

    `aws:region` may repeat the setting: other tools read it. No problem shows a value but the region's, because
    any other may be a secret.
    """
    if settings.object_store.kind != "aws_s3":
        return
    for key, value in config.items():
        provider, _, name = str(key).partition(":")
        # Pulumi accepts both spellings.
        name = name.removeprefix("config:")
        if provider == "aws" and not (name == "region" and value == settings.object_store.region):
            yield _problem(str(key), name, value)


def _problem(key: str, name: str, value: object) -> Problem:
    setting = _SETTINGS.get(name)
    if name in _CREDENTIALS:
        fix = "Remove it: credentials come from the environment, or by object_store.aws.profile."
    elif setting:
        fix = f"Remove it, and set {setting}."
    else:
        fix = "Remove it: there is no such setting; the provider also reads the environment's AWS_ variables."
    return Problem(
        key,
        "has no effect, because the program configures its AWS provider from object_store and environment",
        shown(value) if name == "region" else "a value",
        "object_store.region" if name == "region" else "nothing",
        fix,
    )
