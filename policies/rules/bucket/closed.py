"""A bucket's policy gives nobody outside access."""

from collections.abc import Iterator

from pydantic import Field

from policies.documents import known_documents
from policies.property import Property
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity
from policies.statements import Statement, statements

# Without one of these a service acts for whoever asks it to.
_SOURCES = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid")


class ClosedBounds(Bounds):
    """Who may have access by a bucket's policy."""

    accounts: list[str] = Field([], description="Accounts of AWS that a bucket's policy may name.")


def check(policy: Resource, bounds: ClosedBounds) -> Iterator[str]:
    """Yield each statement that gives access to somebody outside."""
    for document in known_documents(policy):
        yield from check_document(document, bounds)


def check_document(document: Property, bounds: ClosedBounds) -> Iterator[str]:
    """Yield each statement that allows something to everybody, to an account or to any caller of a service.

    Whoever belongs to the bucket's own account gets access by policies of IAM, so a bucket's policy names none.
    """
    for statement in statements(document):
        if statement.allows:
            yield from (f"{statement.name} {what}." for what in _opened(statement, bounds))


def _opened(statement: Statement, bounds: ClosedBounds) -> Iterator[str]:
    bound = statement.bound_to(_SOURCES)
    for kind, name in statement.principals():
        if name == "*":
            yield "allows access to everybody"
        elif kind == "Service" and not bound:
            yield f"lets {name} act for any account; a condition on aws:SourceArn or aws:SourceAccount is required"
        elif kind != "Service" and not any(account in name for account in bounds.accounts):
            yield f"allows access to {kind} {name}; only services of AWS and listed accounts are allowed"


RULE = ResourceRule(
    name="bucket-opens-to-nobody",
    promise="No bucket's policy gives access to everybody, to another account, or to a service without a source.",
    severity=Severity.CRITICAL,
    to_do="Remove the statement, and give access by a policy of the role that needs it.",
    controls=("AWS FSBP S3.2", "AWS FSBP S3.3", "AWS FSBP S3.6"),
    bounds=ClosedBounds,
    types=("aws:s3/bucketPolicy:BucketPolicy",),
    check=check,
)
