"""Hide credentials that were written into a text without being marked as secrets.

The engine and the recorder hide every value that is marked. A policy's sentence, or a file that somebody changed
by mistake, may still contain one, and a comment is sent to everybody by mail and cannot be called back.
"""

import re

HIDDEN = "[secret]"
# What stays visible is what names the kind of credential.
_KNOWN_FORMS = re.compile(
    r"(?P<kept>"
    r"\b(?:AKIA|ASIA)(?=[A-Z0-9]{16}\b)"  # Amazon's access keys
    r"|\bgh[pousr]_(?=\w{20})|\bgithub_pat_(?=\w{20})|\bglpat-(?=[\w-]{20})"  # tokens of GitHub and GitLab
    r"|\bBearer (?=[\w.~+/-]{16})|\beyJ(?=[\w-]{8,}\.[\w-]{8,}\.)"  # tokens of HTTP, signed ones
    r"|://[^\s:/@]+:(?=[^\s@/$]+@)"  # passwords in URLs
    r")[\w.~+/=-]+"
)
_PRIVATE_KEYS = re.compile(r"(-----BEGIN [A-Z ]*PRIVATE KEY-----).*?(?=-----END|\Z)", re.DOTALL)
# Values of fields with such names, unless they are references to variables or hidden already.
_NAMED = re.compile(
    r"(?P<kept>\b\w*(?:password|passphrase|secret[_-]?(?:access[_-]?)?key|client[_-]?secret|api[_-]?key)"
    r"['\"]?\s*(?:=|:(?=[\s'\"]))\s*['\"]?)(?![$\[{]|null\b|true\b|false\b)[^\s'\",]+",
    re.IGNORECASE,
)


def without_secrets(text: str) -> str:
    """Return a text in which credentials of known forms, and the values of fields named so, are hidden."""
    text = _PRIVATE_KEYS.sub(rf"\1{HIDDEN}", text)
    text = _KNOWN_FORMS.sub(lambda found: f"{found['kept']}{HIDDEN}", text)
    return _NAMED.sub(lambda found: f"{found['kept']}{HIDDEN}", text)
