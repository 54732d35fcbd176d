"""What every choice of components is made from."""

from dataclasses import dataclass

import pulumi

from plan.plan import Plan
from render.files import Rendered
from settings.stack import StackSettings


@dataclass(frozen=True, kw_only=True)
class Stack:
    """One stack's settings with what was derived from them, and the namespace that it goes into."""

    namespace: pulumi.Input[str]
    settings: StackSettings
    plan: Plan
    rendered: Rendered
