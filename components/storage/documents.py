"""Texts of policies, shown at a preview also where they name what does not exist yet.

The ARN of a new key is unknown until the key exists, and so is every policy that names it. The component
registers the policy's text with `${kms_key_arn}` in its place as output `documents`, by the name of the policy's
resource, and makes the policy from that text: what a preview shows and what is applied cannot differ.
"""

import json

import pulumi

from render.text import Config

# The outputs of a component: the texts of its policies, and what one of them may name.
DOCUMENTS = "documents"
KMS_KEY_ARN = "kms_key_arn"


def policy_text(document: Config) -> str:
    """Return a policy document as the provider expects it."""
    return json.dumps(document)


def unknown_until_created(output: str) -> str:
    """Return what stands in a document for an output of its component."""
    return f"${{{output}}}"


def with_value(text: pulumi.Output[str], output: str, value: pulumi.Input[str] | None) -> pulumi.Output[str]:
    """Return the text with the output's value; the text as it is if there is none."""
    if value is None:
        return text
    return pulumi.Output.all(text, value).apply(
        lambda both: str(both[0]).replace(unknown_until_created(output), str(both[1]))
    )
