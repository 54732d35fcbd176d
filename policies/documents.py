"""Policy documents that are known at a preview, although the resources that they name do not exist yet.

The text of a policy that names a new key is unknown until the key exists. So the component that makes the policy
registers the same text with `${name}` for each unknown value, as its output `documents`, by the resource's name;
`name` is the component's output that has the value later.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from policies.property import Property
from policies.resources import Resource, Stack
from policies.unjudged import UnjudgedError

BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
ROLE = "aws:iam/role:Role"
# Policies that give permissions to roles.
PERMISSIONS = ("aws:iam/rolePolicy:RolePolicy", "aws:iam/policy:Policy")


@dataclass(frozen=True)
class Registered:
    """What a component registered of a resource's document; `outputs` are the component's."""

    template: Property
    outputs: Property

    def agrees_with(self, policy: Property) -> bool:
        """Return whether the template becomes the document in this text as soon as its names have values."""
        made = self.template.text()
        for name, value in self.outputs.fields().items():
            if isinstance(value.value, str):
                made = made.replace(placeholder(name), value.text())
        # Not the texts: the provider may write the same document in another way.
        return bool(Property(made, self.template.path).json().value == policy.json().value)


def placeholder(name: str) -> str:
    """Return what stands in a template for an output of the component."""
    return f"${{{name}}}"


def registered(stack: Stack, resource: Resource) -> Registered | None:
    """Return what the resource's parent registered of its document, None for nothing."""
    for parent in stack.resources:
        if parent.urn == resource.parent:
            template = parent["documents"][resource.name]
            return None if template.is_missing else Registered(template, parent.properties)
    return None


def document(stack: Stack, resource: Resource) -> Property:
    """Return the document of a resource's `policy`: its own if that is known, else the registered one.

    Raises UnjudgedError if the text is unknown and nothing is registered.
    """
    if not resource["policy"].is_unknown:
        return resource["policy"].json()
    found = registered(stack, resource)
    if found is None:
        raise UnjudgedError(f"the policy of {resource.name} is unknown, and its component registers no document")
    return found.template.json()


def known_documents(resource: Resource) -> Iterator[Property]:
    """Yield the known documents of a bucket policy, a policy of permissions or a role.

    For a rule of one resource, which does not see the component. The rule `policies-are-known-at-preview` judges
    the registered text of an unknown policy in the same way.
    """
    if resource.type == ROLE:
        yield from (inline["policy"].json() for inline in resource["inlinePolicies"].items())
    elif not resource["policy"].is_unknown:
        yield resource["policy"].json()
