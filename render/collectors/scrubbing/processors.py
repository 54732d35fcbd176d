"""The processors that remove secrets from kept spans, in their order.

- `transform/scrub` masks literals of database statements, and drops what no processor searches.
- Four `redaction` processors mask attributes of resource, scope, span and event: values of secret names, then
  secrets in values. Each leaves out what it need not see, because every search costs (docs/adr/0020).
- `transform/restore` ends what the first began: see fields.py.

All fail closed: an error drops the batch instead of passing it. No statement can fail because of what a sender
writes, or anybody could have the spans of others dropped.
"""

from collections.abc import Iterable, Mapping, Sequence

from render.collectors.common import literal
from render.collectors.sampling import POLICY_ATTRIBUTE
from render.collectors.scrubbing import fields
from render.collectors.scrubbing.assignments import ASSIGNMENTS, NO_ASSIGNMENT
from render.collectors.scrubbing.keys import BOUNDED, FREE_TEXT, STATEMENTS
from render.collectors.scrubbing.names import NAMES, named
from render.collectors.scrubbing.ottl import any_of, matches, replace
from render.collectors.scrubbing.personal import NOTHING_PERSONAL, PERSONAL
from render.collectors.scrubbing.statements import (
    MASK,
    QUOTING,
    quoted_statement_rules,
    statement_conditions,
    statement_rules,
)
from render.collectors.scrubbing.tokens import TOKENS
from render.text import Config
from settings.scrubbing import Scrubbing

# Entries of the trace state are their vendors' own, but those of OpenTelemetry are numbers of the sampling.
_NOT_OF_OPENTELEMETRY = r"^(?:.*,)?\s*(ot=[a-z0-9:;.]*)\s*(?:,.*)?$"
# The collector sets a field to nothing only with this gate; without it `set` ignores the value.
FEATURE_GATES = ("ottl.set.allowNil",)
_CONTEXTS = ("resource", "scope", "span", "spanevent")


def scrubbing(settings: Scrubbing) -> dict[str, Config]:
    """Return the processors by their ids, in the order in which spans pass them."""
    return {
        "transform/scrub": _transform(_before(settings)),
        "redaction/names": _names(settings),
        "redaction/tokens": _values(settings, [*TOKENS, *settings.additional_patterns]),
        "redaction/assignments": _values(settings, ASSIGNMENTS, unless=NO_ASSIGNMENT),
        "redaction/personal": _values(settings, PERSONAL, unless=NOTHING_PERSONAL),
        "transform/restore": _transform(_after()),
    }


def scrub_names(additional: Sequence[str] = ()) -> Config:
    """Return a `transform` processor that masks secrets in names of spans, and nothing else."""
    return _transform([_group("span", text_rules("name", additional), [f"not {fields.is_plain('name')}"])])


def text_rules(path: str, additional: Sequence[str] = ()) -> list[str]:
    """Return OTTL statements that mask secrets in one text, also by additional patterns."""
    return [replace(path, pattern, MASK) for pattern in (*TOKENS[1:], *additional, *ASSIGNMENTS, *PERSONAL)]


def _transform(groups: Iterable[Config]) -> Config:
    return {"error_mode": "propagate", "trace_statements": list(groups)}


def _group(context: str, statements: Iterable[str], conditions: Sequence[str] = ()) -> Config:
    return {
        "context": context,
        **({"conditions": list(conditions)} if conditions else {}),
        "statements": list(statements),
    }


def _before(settings: Scrubbing) -> list[Config]:
    # No processor reaches the value of a name that is itself an address.
    personal_names = 'delete_matching_keys(attributes, "@")'
    groups = [_group(context, [personal_names, *_dropped(context, settings)]) for context in _CONTEXTS]
    for context in _CONTEXTS:
        groups.append(_group(context, statement_rules(), statement_conditions()))
        if context in fields.FIELDS:
            groups.append(_group(context, fields.taken(context)))
    quoting = fields.FIELDS["span"].values()
    groups.append(_group("span", quoted_statement_rules(quoting), fields.are_taken("span")))
    groups.append(_group("spanevent", quoted_statement_rules(QUOTING)))
    return groups


def _dropped(context: str, settings: Scrubbing) -> list[str]:
    if context != "span":
        return []
    links = ["set(links, nil) where Len(links) > 0"]
    state = [
        replace("trace_state", _NOT_OF_OPENTELEMETRY, "$1") + ' where trace_state != ""',
        f'set(trace_state, "") where not {any_of((_is_empty("trace_state"), matches("trace_state", "^ot=")))}',
    ]
    return [*(links if settings.drop_links else []), *(state if settings.drop_trace_state else [])]


def _is_empty(path: str) -> str:
    return f'{path} == ""'


def _after() -> list[Config]:
    return [_group(context, fields.put_back(context), fields.are_taken(context)) for context in fields.FIELDS]


def _names(settings: Scrubbing) -> Config:
    patterns = [*NAMES, *named(settings.additional_keys)]
    ignored = (BOUNDED | FREE_TEXT | set(STATEMENTS) | set(fields.KEYS)) - set(settings.additional_keys)
    # A key that is ignored passes before it is asked whether it is allowed. Without the policy that the sampler
    # records, nothing would reach the long-term tier.
    allowed = {
        POLICY_ATTRIBUTE,
        *FREE_TEXT,
        *STATEMENTS,
        *fields.KEYS,
        *settings.allowed_keys,
        *settings.additional_keys,
    }
    kept = {} if settings.mode == "patterns" else {"allow_all_keys": False, "allowed_keys": sorted(allowed)}
    return _redaction(ignored, {**kept, "blocked_key_patterns": [literal(one) for one in patterns]})


def _values(settings: Scrubbing, patterns: Iterable[str], unless: str = "") -> Config:
    ignored = (BOUNDED | set(STATEMENTS)) - set(settings.additional_keys)
    gate = {"allowed_values": [literal(unless)]} if unless else {}
    return _redaction(ignored, {**gate, "blocked_values": [literal(one) for one in patterns]})


def _redaction(ignored: Iterable[str], changes: Mapping[str, object]) -> Config:
    return {
        "allow_all_keys": True,
        "ignored_keys": sorted(ignored),
        **changes,
        # A card number sent as an integer, a header sent as a list, a map.
        "redact_all_types": True,
        # No summary of masked attributes: the names of secrets are sensitive too, and counters would become new
        # resource attributes.
        "summary": "silent",
    }
