"""Patterns of secrets, and the processors that remove them from spans.

- `transform` masks literals in database statements, and secrets in fields that `redaction` does not reach: the
  name and status of a span, and the names of its events.
- `redaction` masks names and values of secrets in the attributes of resource, scope, span and event.

Both fail closed: an error drops the batch instead of passing it. Neither reaches the attributes of span links.
"""

from collections.abc import Iterable

from render.collectors.common import literal
from render.text import Config

# The replacement of a secret; the same in both processors, because that of redaction is fixed.
MASK = "****"

# Attributes whose whole value is masked: names in upper or lower case, with `.`, `-` or `_` between words (older
# conventions write http.request.header.x_api_key, newer ones http.request.header.x-api-key).
SECRET_ATTRIBUTES = (
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

# Secrets that are masked in every text; the rest of the text stays readable.
SECRET_VALUES = (
    # Credentials in headers and logs.
    r"(?i)\bbearer[\s:]+[a-z0-9._~+/=-]{6,}",
    r"(?i)\bbasic\s+[a-z0-9+/]{12,}={0,2}",
    r"\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(\.[A-Za-z0-9_-]*)?",
    # Keys with a recognisable prefix: payment, cloud and code hosting providers.
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
    # E-mail, also percent-encoded; the last label starts with a letter, so package@1.2.3 does not match.
    r"(?i)[a-z0-9._%+-]+(@|%40)([a-z0-9-]+\.)+[a-z][a-z0-9-]+",
    # Card numbers by issuer prefix, plain or grouped; a bare 13 to 19 digits would mask timestamps.
    r"\b(4\d{3}|5[1-5]\d{2}|2[2-7]\d{2}|6011|65\d{2}|3[0568]\d{2})[ -]?\d{4}[ -]?\d{4}[ -]?\d{1,7}\b",
    r"\b3[47]\d{2}[ -]?\d{6}[ -]?\d{5}\b",
)

# Attributes with a database statement, old name and new.
STATEMENT_ATTRIBUTES = ("db.statement", "db.query.text")
# Attributes of an exception that may quote a statement.
_QUOTING = ('attributes["exception.message"]', 'attributes["exception.stacktrace"]')
# SDKs write an exception's text into the status of its span as well.
_QUOTING_STATUS = ("status.message",)
# Literals in a statement: quoted in any way (also when the end was cut off), dollar-quoted, comments, numbers and
# hexadecimal numbers. Identifiers in double quotes match too, because MySQL quotes text that way.
_STATEMENT_LITERALS = (
    r"(?s)/\*.*?(\*/|$)",
    r"--[^\n]*",
    r"(?s)\$[A-Za-z_]*\$.*?(\$[A-Za-z_]*\$|$)",
    r"(?s)'(?:[^'\\]|''|\\.)*(?:'|$)",
    r'(?s)"(?:[^"\\]|""|\\.)*(?:"|$)',
    r"(?i)\b0x[0-9a-f]+\b",
    r"\b\d+(\.\d+)?\b",
)
# Literals of a key-value store's command are not recognisable, so only its first word is kept.
_STORES_WITHOUT_STATEMENTS = "^(redis|valkey|memcached)$"
_FIRST_WORD_AND_REST = r"(?s)^(\S+)\s.*"
_LOOKS_LIKE_SQL = r"(?is)\b(select|insert|update|delete|merge|call)\b.*\b(from|into|set|where|values)\b"


def scrub_patterns() -> Config:
    """Return the redaction processor: names and values of secrets, in every kind of attribute."""
    return {
        "allow_all_keys": True,
        "blocked_key_patterns": [literal(pattern) for pattern in SECRET_ATTRIBUTES],
        "blocked_values": [literal(pattern) for pattern in SECRET_VALUES],
        # A card number sent as an integer, a header sent as a list.
        "redact_all_types": True,
        # No summary of masked attributes: the names of secrets are sensitive too, and counters would become new
        # resource attributes.
        "summary": "silent",
    }


def scrub_statements() -> Config:
    """Return the transform processor: statements, and text fields that are not attributes."""
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
                    *text_rules("name", "status.message"),
                ],
            },
            {
                "context": "spanevent",
                "statements": [*_statement_rules(), *_quoted_statement_rules(_QUOTING), *text_rules("name")],
            },
        ],
    }


def scrub_names() -> Config:
    """Return the transform processor that masks secrets in the names of spans."""
    return {
        "error_mode": "propagate",
        "trace_statements": [{"context": "span", "statements": text_rules("name")}],
    }


def _statement_rules() -> list[str]:
    systems = (f'attributes["{name}"]' for name in ("db.system", "db.system.name"))
    no_statement = " or ".join(f"IsMatch({name}, {_quoted(_STORES_WITHOUT_STATEMENTS)})" for name in systems)
    rules = []
    for target in (f'attributes["{key}"]' for key in STATEMENT_ATTRIBUTES):
        rules.append(f"{_replace(target, _FIRST_WORD_AND_REST, '$1 ?')} where {no_statement}")
        rules.append(_replace(target, _any_of(_STATEMENT_LITERALS), "?"))
    return rules


def _quoted_statement_rules(targets: Iterable[str]) -> list[str]:
    """Return rules for text that may quote a statement; they mask only quoted literals."""
    quoted = [pattern for pattern in _STATEMENT_LITERALS if "'" in pattern or '"' in pattern]
    return [
        f"{_replace(target, _any_of(quoted), '?')} where IsMatch({target}, {_quoted(_LOOKS_LIKE_SQL)})"
        for target in targets
    ]


def text_rules(*paths: str) -> list[str]:
    """Return OTTL statements that mask secrets in texts that are not attributes."""
    return [_replace(path, _any_of(SECRET_VALUES), MASK) for path in paths]


def _any_of(patterns: Iterable[str]) -> str:
    """Return one pattern that matches any; each is a group of its own, which limits flags like (?i) to it."""
    return "|".join(f"(?:{pattern})" for pattern in patterns)


def _replace(target: str, pattern: str, replacement: str) -> str:
    return f"replace_pattern({target}, {_quoted(pattern)}, {_quoted(replacement)})"


def _quoted(text: str) -> str:
    """Return an OTTL string literal, escaped for the collector's `$` expansion too."""
    return '"' + literal(text.replace("\\", "\\\\").replace('"', '\\"')) + '"'
