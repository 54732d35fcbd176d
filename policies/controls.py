"""The map of controls: which control of which public catalogue is met by which rules, or why not."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, model_validator

from policies.rule import Rule

_FILE = Path(__file__).resolve().parent / "controls.toml"


class Catalogue(BaseModel):
    """A catalogue of controls; `name` is the beginning of their ids."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str


class Control(BaseModel):
    """One control; exactly one of the last three fields is set."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str
    by_rules: bool = False
    elsewhere: str = ""
    not_applicable: str = ""

    @model_validator(mode="after")
    def _answered_once(self) -> "Control":
        if sum(map(bool, (self.by_rules, self.elsewhere, self.not_applicable))) != 1:
            raise ValueError(f"{self.id} needs exactly one of by_rules, elsewhere and not_applicable")
        return self


@dataclass(frozen=True)
class Controls:
    """The catalogues and their controls, in the order of the file.

    `uncatalogued` has the rules that no catalogue asks for, by name, with the reason for each.
    """

    catalogues: tuple[Catalogue, ...]
    controls: tuple[Control, ...]
    uncatalogued: Mapping[str, str]

    def of(self, catalogue: Catalogue) -> list[Control]:
        """Return a catalogue's controls."""
        return [control for control in self.controls if control.id.startswith(f"{catalogue.name} ")]


def read_controls() -> Controls:
    """Return the content of `policies/controls.toml`; pydantic's ValidationError if an entry is not complete."""
    content = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return Controls(
        tuple(Catalogue(**each) for each in content["catalogue"]),
        tuple(Control(**each) for each in content["control"]),
        {name: each["why"] for each in content.get("uncatalogued", ()) for name in each["rules"]},
    )


def rules_for(control: str, rules: tuple[Rule, ...]) -> list[Rule]:
    """Return the rules that name a control."""
    return [rule for rule in rules if control in rule.controls]
