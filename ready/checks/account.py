"""The AWS credentials work, and are those of the account that the settings name."""

from collections.abc import Iterator

from ready.facts import Facts, Unknown
from ready.finding import Finding, met, not_met
from ready.needs import Needs


def check(needs: Needs, facts: Facts) -> Iterator[Finding]:
    """Yield whether the credentials work, after a role was assumed if the settings name one."""
    aws = needs.settings.object_store.aws
    if aws is None or facts.aws is None:
        return
    caller = facts.aws.caller
    if isinstance(caller, Unknown):
        fix = "Log in, or correct object_store.aws.profile and object_store.aws.assume_role_arn."
        yield not_met("AWS account", f"No credentials work: {caller.why.rstrip('.')}.", fix)
    elif aws.account_id is None:
        note = "object_store.aws.account_id is not set, so no other account would be refused"
        yield met("AWS account", f"The credentials are those of {caller.arn}; {note}.")
    elif caller.account != aws.account_id:
        yield not_met(
            "AWS account",
            f"The credentials are those of {caller.arn}, and object_store.aws.account_id is {aws.account_id}.",
            "Use credentials of that account, or correct the setting.",
        )
    else:
        yield met("AWS account", f"The credentials are those of {caller.arn}, of the account in the settings.")
