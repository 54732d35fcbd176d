"""Edits of policy documents, which are texts of JSON."""

import json
from typing import Any

from tests.seeds.seed import Edit, Inputs

Statement = dict[str, Any]


def in_json(property_: str, edit: Edit) -> Edit:
    """Return an edit of the JSON document in a property."""

    def change(inputs: Inputs) -> None:
        document = json.loads(inputs[property_])
        edit(document)
        inputs[property_] = json.dumps(document)

    return change


def add_statement(**statement: Any) -> Edit:
    """Return an edit of a document that adds a statement to it."""
    return lambda document: document["Statement"].append(statement)


def in_statement(sid: str, **changes: Any) -> Edit:
    """Return an edit of a document that changes parts of the statement with this Sid."""

    def edit(document: Inputs) -> None:
        (found,) = [each for each in document["Statement"] if each.get("Sid") == sid]
        found.update(changes)

    return edit


def text(*statements: Statement) -> str:
    """Return the text of a whole document, for a policy whose own text is unknown at a preview."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
