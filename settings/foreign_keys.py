"""Refuse configuration of a provider that this program configures itself: it would have no effect."""

from collections.abc import Iterator, Mapping
from typing import Any

from settings.problems import Problem, SettingsError, shown

# By provider: the setting that replaces each key, and what to do about all others.
_REPLACED_BY: Mapping[str, Mapping[str, str]] = {"kubernetes": {"context": "cluster.context"}}
_OTHERWISE: Mapping[str, str] = {
    "kubernetes": "Remove it; the kubeconfig comes from KUBECONFIG, and cluster.context selects the cluster in it."
}


def refuse_foreign_keys(config: Mapping[Any, Any]) -> None:
    """Raise `SettingsError` if a key below `config:` configures such a provider, as `kubernetes:context` does."""
    if problems := list(_foreign_keys(config)):
        raise SettingsError(problems)


def _foreign_keys(config: Mapping[Any, Any]) -> Iterator[Problem]:
    for key, value in config.items():
        provider, _, name = str(key).partition(":")
        if provider in _REPLACED_BY:
            setting = _REPLACED_BY[provider].get(name)
            yield Problem(
                str(key),
                f"has no effect, because this program configures the provider {provider} itself",
                shown(value),
                "no such key",
                f"Set {setting} instead." if setting else _OTHERWISE[provider],
            )
