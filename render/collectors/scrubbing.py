"""What must never be stored, and how it is taken out of a span.

Two processors share the work. `transform` knows which text is a database statement and reaches what
`redaction` does not: the span's name and status and its events' names. `redaction` knows names and
values of secrets wherever an attribute can stand: resource, scope, span and event. Both fail closed:
an error drops the batch instead of letting it pass.

Not reached by either: attributes of span links.
"""

from collections.abc import Iterable

from render.collectors.common import literal
from render.text import Config

# What replaces a secret; the same in both processors, because redaction's is fixed.
MASK = "****"

# Names whose whole value is masked, in any case, with `.`, `-` or `_` between words (older conventions
# write http.request.header.x_api_key, newer ones http.request.header.x-api-key).
SECRET_KEYS = (
    r"(?i)(^|[._-])(proxy[._-])?authorization$",
    r"(?i)(^|[._-])(set[._-])?cookie\d?$",
    r"(?i)(api|access|auth|private|secret|encryption|signing)[._-]?key([._-]?id)?$",
    r"(?i)(^|[._-])(access|refresh|id|auth|api|csrf|xsrf|session|bearer|security|jwt)?[._-]?token$",
    r"(?i)(password|passwd|passphrase|pwd)$",
    r"(?i)(^|[._-])(client[._-])?secret$",
    r"(?i)(^|[._-])credentials?$",
    r"(?i)(^|[._-])session[._-]?id$",
    r"(?i)(^|[._-])e?mail([._-]?address)?$",
    r"(?i)(card[._-]?(number|no)|(^|[._-])(pan|cvv|cvc|iban|ssn))$",
    # Bound values of prepared statements.
    r"(?i)^db\.(query|operation)\.parameter\.",
)

# Values that are masked wherever they stand; the rest of the text stays readable.
SECRET_VALUES = (
    # Credentials in headers and logs.
    r"(?i)\bbearer[\s:]+[a-z0-9._~+/=-]{6,}",
    r"(?i)\bbasic\s+[a-z0-9+/]{12,}={0,2}",
    r"\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(\.[A-Za-z0-9_-]*)?",
    # Keys that announce themselves: payment, cloud and code hosting providers.
    r"\b(sk|pk|rk)_(live|test)_[A-Za-z0-9]{8,}",
    r"\b(AKIA|ASIA)[0-9A-Z]{16}\b",
    r"\bAIza[0-9A-Za-z_-]{30,}",
    r"\b(gh[pousr]_[A-Za-z0-9]{20,}|glpat-[A-Za-z0-9_-]{16,}|xox[abeprs]-[A-Za-z0-9-]{10,})",
    # name=value and "name": "value", in URLs, forms, JSON and connection strings.
    (
        r"(?i)\b(api[_-]?key|access[_-]?key|(access|refresh|id|auth|session|csrf)?[_-]?token|client[_-]?secret"
        r"|secret|password|passwd|pwd|signature|sig|session(id)?|x-amz-(signature|credential|security-token))"
        r"['\"]?\s*[=:]\s*['\"]?[^\s&;,'\"}]+"
    ),
    # user:password@ in URLs.
    r"://[^/\s:@]+:[^/\s@]+@",
    # E-mail, also percent-encoded; the last label starts with a letter, or package@1.2.3 would be one.
    r"(?i)[a-z0-9._%+-]+(@|%40)([a-z0-9-]+\.)+[a-z][a-z0-9-]+",
    # Card numbers by issuer prefix, plain or grouped; a bare 13 to 19 digits would mask timestamps.
    r"\b(4\d{3}|5[1-5]\d{2}|2[2-7]\d{2}|6011|65\d{2}|3[0568]\d{2})[ -]?\d{4}[ -]?\d{4}[ -]?\d{1,7}\b",
    r"\b3[47]\d{2}[ -]?\d{6}[ -]?\d{5}\b",
)

# Attributes that hold a statement, old name and new.
STATEMENT_KEYS = ("db.statement", "db.query.text")
# Where an exception may quote a statement.
_QUOTING = ('attributes["exception.message"]', 'attributes["exception.stacktrace"]')
# SDKs write an exception's text into the status of its span as well.
_QUOTING_STATUS = ("status.message",)
# Literals in a statement: quoted in any way (also when the end was cut off), dollar-quoted, comments,
# numbers and hexadecimal. Identifiers in double quotes go with them: MySQL writes text that way.
_STATEMENT_LITERALS = (
    r"(?s)/\*.*?(\*/|$)",
    r"--[^\n]*",
    r"(?s)\$[A-Za-z_]*\$.*?(\$[A-Za-z_]*\$|$)",
    r"(?s)'(?:[^'\\]|''|\\.)*(?:'|$)",
    r'(?s)"(?:[^"\\]|""|\\.)*(?:"|$)',
    r"(?i)\b0x[0-9a-f]+\b",
    r"\b\d+(\.\d+)?\b",
)
# A key-value store's command has no literals to tell apart: only its first word may stay.
_STORES_WITHOUT_STATEMENTS = "^(redis|valkey|memcached)$"
_FIRST_WORD_AND_REST = r"(?s)^(\S+)\s.*"
_LOOKS_LIKE_SQL = r"(?is)\b(select|insert|update|delete|merge|call)\b.*\b(from|into|set|where|values)\b"


def scrub_patterns() -> Config:
    """Return the redaction processor: names and values of secrets, in every kind of attribute."""
    return {
        "allow_all_keys": True,
        "blocked_key_patterns": [literal(pattern) for pattern in SECRET_KEYS],
        "blocked_values": [literal(pattern) for pattern in SECRET_VALUES],
        # A card number sent as an integer, a header sent as a list.
        "redact_all_types": True,
        # Says nothing of what it masked: the names of secrets are themselves telling, and counters would
        # become new resource attributes.
        "summary": "silent",
    }


def scrub_statements() -> Config:
    """Return the transform processor: statements, and texts that are no attributes."""
    return {
        "error_mode": "propagate",
        "trace_statements": [
            {"context": "resource", "statements": _statement_rules()},
            {"context": "scope", "statements": _statement_rules()},
            {
                "context": "span",
                "statements": [
                    *_statement_rules(),
                    *_quoted_statement_rules(_QUOTING_STATUS),
                    *_text_rules("name", "status.message"),
                ],
            },
            {
                "context": "spanevent",
                "statements": [*_statement_rules(), *_quoted_statement_rules(_QUOTING), *_text_rules("name")],
            },
        ],
    }


def _statement_rules() -> list[str]:
    systems = (f'attributes["{name}"]' for name in ("db.system", "db.system.name"))
    no_statement = " or ".join(f"IsMatch({name}, {_quoted(_STORES_WITHOUT_STATEMENTS)})" for name in systems)
    rules = []
    for target in (f'attributes["{key}"]' for key in STATEMENT_KEYS):
        rules.append(f"{_replace(target, _FIRST_WORD_AND_REST, '$1 ?')} where {no_statement}")
        rules.append(_replace(target, _any_of(_STATEMENT_LITERALS), "?"))
    return rules


def _quoted_statement_rules(targets: Iterable[str]) -> list[str]:
    """Return rules for texts that may quote a statement; only quoted literals are taken for secrets there."""
    quoted = [pattern for pattern in _STATEMENT_LITERALS if "'" in pattern or '"' in pattern]
    return [
        f"{_replace(target, _any_of(quoted), '?')} where IsMatch({target}, {_quoted(_LOOKS_LIKE_SQL)})"
        for target in targets
    ]


def _text_rules(*paths: str) -> list[str]:
    return [_replace(path, _any_of(SECRET_VALUES), MASK) for path in paths]


def _any_of(patterns: Iterable[str]) -> str:
    """Return one pattern for all: a group each, so that a flag like (?i) stays in its own."""
    return "|".join(f"(?:{pattern})" for pattern in patterns)


def _replace(target: str, pattern: str, replacement: str) -> str:
    return f"replace_pattern({target}, {_quoted(pattern)}, {_quoted(replacement)})"


def _quoted(text: str) -> str:
    """Return an OTTL string literal, safe from the collector's own `$` expansion."""
    return '"' + literal(text.replace("\\", "\\\\").replace('"', '\\"')) + '"'
