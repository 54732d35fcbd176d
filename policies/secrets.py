"""Recognise secrets that are written where everybody can read them."""

import re

# Names of variables and of fields whose value is a secret.
_NAME = re.compile(
    r"(?:^|[_.\-])(?:pass(?:word|wd|phrase)?|secret|secret[_-]?key|access[_-]?key|api[_-]?key|private[_-]?key|credentials?|token)"
    r"(?:$|_id$|_key$|_value$)",
    re.IGNORECASE,
)
# A secret by its own form: a private key, AWS' access keys, and credentials in a URL.
_VALUE = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|://[^/\s:@$]+:[^/\s:@$]{3,}@")
# A field of YAML, JSON or a properties file with a plain value; one in `${…}` or `$…` refers to a variable.
_FIELD = re.compile(r"""(?:^|[\s{,])["']?([\w.\-]+)["']?[ \t]*[:=][ \t]*["']?([^\s"'#$<{\[][^\s"']*)""")
_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
# Values that switch something on or off, or count.
_PLAIN = re.compile(r"true|false|null|none|off|on|\d+[a-z]*", re.IGNORECASE)


def is_secret_name(name: str) -> bool:
    """Return whether a variable or field of this name holds a secret; `…_FILE` names a file that does."""
    return _NAME.search(name) is not None


def secrets_in(text: str) -> list[str]:
    """Return what in a text of configuration looks like a secret, by name and never by value."""
    by_form = ["a private key, an access key or a URL with a password"] if _VALUE.search(text) else []
    return by_form + [
        f"the field {name}"
        for name, value in _FIELD.findall(_COMMENT.sub("", text))
        if is_secret_name(name) and not _PLAIN.fullmatch(value) and not value.startswith("/")
    ]
