"""A key's policy leaves its use and its administration to the account."""

import re
from collections.abc import Iterator

from policies.property import Property
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity
from policies.statements import Statement, allowed_actions, statements

# Whoever may do one of these can give himself every other right to the key, or destroy it.
_ADMINISTRATION = ("kms:PutKeyPolicy", "kms:CreateGrant", "kms:ScheduleKeyDeletion", "kms:DisableKey")
_ROOT = re.compile(r"(?:arn:[^:]+:iam::)?(\d{12})(?::root)?")
_ACCOUNT = re.compile(r"(?:arn:[^:]+:[a-z]+::)?(\d{12})(?::.*)?")
# Conditions that tie a request to one account.
_OWN_ACCOUNT = ("kms:calleraccount", "aws:principalaccount", "aws:principalorgid", "aws:sourceaccount")


def check(key: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield what a key's policy opens; without a policy KMS writes one that names the account alone."""
    if key["bypassPolicyLockoutSafetyCheck"].flag(False):
        yield "bypassPolicyLockoutSafetyCheck is on, so a policy could lock out everybody for good."
    if not key["policy"].is_missing:
        yield from _document(key["policy"].json())


def _document(document: Property) -> Iterator[str]:
    accounts: set[str] = set()
    for statement in statements(document):
        if statement.allows:
            yield from _statement(statement, accounts)
    if len(accounts) > 1:
        yield f"The policy names {len(accounts)} accounts ; one is allowed, the key's own."


def _statement(statement: Statement, accounts: set[str]) -> Iterator[str]:
    """Yield what a statement opens, and add the accounts that it names."""
    name = statement.name
    administers = list(allowed_actions(statement, _ADMINISTRATION))
    sources = statement.bound_to(_OWN_ACCOUNT)
    for kind, principal in statement.principals():
        named = [principal] if kind == "AWS" and principal != "*" else sources
        accounts.update(found[1] for one in named if (found := _ACCOUNT.fullmatch(one)))
        if principal == "*" and not sources:
            yield f"{name} lets everybody use the key."
        elif administers and (kind != "AWS" or _ROOT.fullmatch(principal) is None):
            yield f"{name} lets {principal} administer the key ({administers[0]}); only the account is allowed."


RULE = ResourceRule(
    name="key-opens-to-nobody",
    promise="Nobody uses a key without a policy of IAM in its own account, and only that account administers it.",
    severity=Severity.CRITICAL,
    to_do="Allow kms:* to arn:aws:iam::ACCOUNT:root, and give every use by policies of roles.",
    controls=("AWS FSBP KMS.5",),
    types=("aws:kms/key:Key", "aws:kms/keyPolicy:KeyPolicy"),
    check=check,
)
