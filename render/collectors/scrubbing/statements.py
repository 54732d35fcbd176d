"""Literals in database statements, and in statements that other texts quote."""

from collections.abc import Iterable, Iterator

from render.collectors.scrubbing.keys import STATEMENTS
from render.collectors.scrubbing.ottl import any_of, attribute, attribute_matches, matches, quoted, replace
from render.collectors.scrubbing.personal import MAIL

MASK = "****"
_LITERAL = "?"
# Where dialects differ, what one reads as the end of a literal goes on in another. Then the rest of the statement
# is masked: a backslash before a quotation mark escapes it in MySQL and not in others; the end of a dollar-quoted
# text is its tag, and that of Oracle's q'[…]' depends on its first character, which RE2 cannot repeat; comments
# nest in PostgreSQL; `#` begins a comment in MySQL and is an operator in PostgreSQL.
_CUTS = (
    r"""'(?:[^']|'')*\\'.*""",
    r""""(?:[^"]|"")*\\".*""",
    r"\$(?:[A-Za-z_]\w*)?\$.*",
    r"[qQ]'[^\w\s'].*",
    r"/\*(?:[^*/]|\*[^/]|/[^*])*/\*.*",
    r"#[^\n]*'[^\n]*\n.*",
)
# Identifiers in double quotes match too, because MySQL quotes texts that way. `$1` is the place of a bound value.
_LITERALS = (
    r"""'(?:[^']|'')*(?:'|$)""",
    r""""(?:[^"]|"")*(?:"|$)""",
    r"/\*.*?(?:\*/|$)",
    r"--[^\n]*",
    r"#[^\n]*",
    r"\$[0-9]+",
    r"\b0[xX][0-9A-Fa-f]+\b",
    r"\b[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?\b",
)
_ANY_LITERAL = "(?s)" + "|".join((*_CUTS, *_LITERALS))
# Statements without a literal, as prepared ones are; Go reads this in one pass.
_NO_LITERAL = r"^(?:[^'\"0-9#/$-]|\$[0-9])*$"
# Arguments of a key-value store's command are not recognisable, so only the command is kept. Senders spell the
# systems in many ways.
_KEY_VALUE_STORES = r"(?i)redis|valkey|memcache|keydb|dragonfly|garnet|etcd|aerospike|hazelcast|elasticache"
_COMMAND_AND_REST = r"(?s)^\s*([A-Za-z._]+)\b.+$"
_SYSTEMS = ("db.system", "db.system.name")

# A statement in a text: words that follow each other as only in SQL do.
_QUOTED_STATEMENT = (
    r"INSERT\s+(?:IGNORE\s+)?INTO\s",
    r"insert\s+into\s+\S+.*\svalues\W",
    r"DELETE\s+FROM\s",
    r"delete\s+from\s+\S+\s+where\s",
    r"UPDATE\s+\S+.*\sSET\s",
    r"update\s+\S+\s+set\s+\S+\s*=",
    r"SELECT\s.*\sFROM\s",
    r"select\s.*\sfrom\s.*\swhere\s.*(?:[=<>]|\slike\s|\sin\W)",
    r"MERGE\s+INTO\s",
    r"VALUES\s*\(",
    r"WHERE\s+\S+\s*(?:[=<>]|LIKE\s|IN\W)",
)
_QUOTED_LITERALS = "(?s)" + "|".join((*_CUTS[:3], *_LITERALS[:2]))
# Attributes of an exception that may quote a statement.
QUOTING = ("exception.message", "exception.stacktrace")


def statement_conditions() -> list[str]:
    """Return the conditions of a group with `statement_rules`: most spans have no statement."""
    return [f"{attribute(key)} != nil" for key in STATEMENTS]


def statement_rules() -> Iterator[str]:
    """Yield the rules for the attributes that hold a statement."""
    is_key_value = any_of(attribute_matches(system, _KEY_VALUE_STORES) for system in _SYSTEMS)
    for key in STATEMENTS:
        target = attribute(key)
        # Not a text: a list of statements, a map.
        yield f"set({target}, {quoted(MASK)}) where {target} != nil and not IsString({target})"
        yield f"{replace(target, _COMMAND_AND_REST, f'$1 {_LITERAL}')} where {target} != nil and {is_key_value}"
        # Part of a key in a store that nobody named. First, because numbers in an address are literals too.
        yield f"{replace(target, MAIL, _LITERAL)} where {attribute_matches(key, '@')}"
        yield (
            f"{replace(target, _ANY_LITERAL, _LITERAL)} "
            f"where IsString({target}) and not {matches(target, _NO_LITERAL)}"
        )


def quoted_statement_rules(keys: Iterable[str]) -> Iterator[str]:
    """Yield a rule for each attribute that may quote a statement; it masks only quoted literals."""
    for key in keys:
        target = attribute(key)
        is_statement = any_of(matches(target, f"(?s){pattern}") for pattern in _QUOTED_STATEMENT)
        yield (
            f"{replace(target, _QUOTED_LITERALS, _LITERAL)} "
            f"where IsString({target}) and {any_of((matches(target, chr(39)), matches(target, chr(34))))} "
            f"and {is_statement}"
        )
