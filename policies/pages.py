"""`python -m policies.pages`: write docs/policies.md and docs/policy-controls.md from the rules."""

from collections.abc import Iterator
from pathlib import Path

from policies.catalogue import all_rules, families
from policies.configuration import FOLDER, Configured, configured, read_configuration
from policies.controls import Control, read_controls, rules_for
from policies.rule import ResourceRule, Rule

_DOCS = Path(__file__).resolve().parent.parent / "docs"
POLICIES, CONTROLS = _DOCS / "policies.md", _DOCS / "policy-controls.md"
# Ends the part of a page that is written by hand.
MARKER = "<!-- `make golden` writes everything below. -->\n"
STACKS = tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


def main() -> None:
    """Rewrite the generated part of both pages."""
    for page, text in pages().items():
        page.write_text(text, encoding="utf-8")


def pages() -> dict[Path, str]:
    """Return the pages as they should be: what is written by hand, and what is generated."""
    return {page: _by_hand(page) + body for page, body in ((POLICIES, _rules()), (CONTROLS, _controls()))}


def _by_hand(page: Path) -> str:
    text, marker, _ = page.read_text(encoding="utf-8").partition(MARKER)
    return f"{text}{marker}"


def _rules() -> str:
    lines = []
    for family, rules in families().items():
        lines += ["", f"## {family.capitalize()}"]
        for rule in rules:
            lines += ["", *_rule(rule)]
    return "\n".join([*lines, ""])


def _rule(rule: Rule) -> Iterator[str]:
    settings = {stack: configured(rule, read_configuration(stack)) for stack in STACKS}
    yield f"### {rule.name}"
    yield ""
    yield f"{rule.promise} {_when(rule)} Severity: {rule.severity.value}."
    yield ""
    yield f"To repair: {rule.to_do}"
    if rule.controls:
        yield ""
        yield f"Controls: {', '.join(f'[{each}](policy-controls.md#{anchor(each)})' for each in rule.controls)}."
    yield from _settings(rule, settings)


def _when(rule: Rule) -> str:
    if isinstance(rule, ResourceRule):
        return "Checked before each resource is created or changed."
    return "Checked over all resources, at the end of a preview."


def _settings(rule: Rule, settings: dict[str, Configured]) -> Iterator[str]:
    """Yield a table of levels and bounds by environment, if there is anything in it, and the reasons."""
    bounds = {name: field for name, field in rule.bounds.model_fields.items() if name != "reasons"}
    levels = {found.level for found in settings.values()}
    if not bounds and levels == {"mandatory"}:
        return
    yield ""
    yield f"| | {' | '.join(STACKS)} |"
    yield f"|---|{'---|' * len(STACKS)}"
    yield f"| level | {' | '.join(settings[stack].level for stack in STACKS)} |"
    for name, field in bounds.items():
        values = [settings[stack].bounds.get(name, field.get_default()) for stack in STACKS]
        yield f"| `{name}` | {' | '.join(_cell(value) for value in values)} |"
    yield ""
    for name, field in bounds.items():
        yield f"- `{name}`: {field.description}"
    yield from _reasons(settings)


def _reasons(settings: dict[str, Configured]) -> Iterator[str]:
    for stack, found in settings.items():
        for name, reason in found.bounds.get("reasons", {}).items():
            yield f"- {stack}, {'level' if name == 'enforcementLevel' else f'`{name}`'}: {reason}"


def _cell(value: object) -> str:
    """Return a value of the configuration in the words of a table."""
    if isinstance(value, dict):
        return "<br>".join(f"{name}: {_cell(each)}" for name, each in value.items()) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(map(_cell, value)) or "none"
    if value is None:
        return "none"
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _controls() -> str:
    found, rules = read_controls(), all_rules()
    lines = []
    for catalogue in found.catalogues:
        lines += [
            "",
            f"## {catalogue.name}",
            "",
            f"{catalogue.title}.",
            "",
            "| id | asks for | met by |",
            "|---|---|---|",
        ]
        lines += [
            f'| <a id="{anchor(each.id)}"></a>{each.id.removeprefix(catalogue.name).strip()} '
            f"| {each.title} | {_answer(each, rules)} |"
            for each in found.of(catalogue)
        ]
    lines += ["", "## Rules that no catalogue asks for", ""]
    lines += [f"- [{name}](policies.md#{name}): {why}" for name, why in sorted(found.uncatalogued.items())]
    return "\n".join([*lines, ""])


def _answer(control: Control, rules: tuple[Rule, ...]) -> str:
    if control.by_rules:
        return ", ".join(f"[{rule.name}](policies.md#{rule.name})" for rule in rules_for(control.id, rules))
    return control.elsewhere or f"Not applicable: {control.not_applicable}"


def anchor(control: str) -> str:
    """Return the name of a control's anchor in docs/policy-controls.md."""
    return control.lower().replace(" ", "-").replace(".", "-")


if __name__ == "__main__":
    main()
