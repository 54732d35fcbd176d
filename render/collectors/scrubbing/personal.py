"""Personal values without a literal to search for: e-mail addresses and card numbers.

Their patterns try every position of a text, so they see only texts that a cheap pattern lets through to them.
"""

# The local part of an address: not `git`, which is the user of git's remotes (git@host:path).
_MORE = "[A-Za-z0-9._%+-]"
_AFTER_G = rf"[A-Za-hj-z0-9._%+-]{_MORE}*|i(?:[A-Za-su-z0-9._%+-]{_MORE}*|t{_MORE}+)?"
_LOCAL_PART = rf"\b(?:[A-Za-fh-z0-9_%+]{_MORE}*|g(?:{_AFTER_G})?)"
# The first label of the domain: digits alone are one (163.com), but `2x` is a factor of a picture (logo@2x.png).
_FIRST_LABEL = "(?:[A-Za-z][A-Za-z0-9-]*|[0-9]+(?:[A-Za-wyz-][A-Za-z0-9-]*|x[A-Za-z0-9-]+)?)"
# The last label begins with a letter, so package@1.2.3 is no address.
MAIL = rf"{_LOCAL_PART}(?:@|%(?:25)*40){_FIRST_LABEL}(?:\.[A-Za-z0-9-]+)*\.[A-Za-z][A-Za-z0-9-]+"
# Plain card numbers, by the issuers' prefixes and lengths. Of 13 to 19 digits most are times, article numbers and
# identifiers of 64 bits, so only the lengths that cards have today count: 16, 15 (34, 37) and 14 (36, 38, 300 to
# 305). RE2 cannot compute the check digit.
_CARD = (
    r"\b(?:4[0-9]{15}|5[1-5][0-9]{14}|2(?:2[2-9]|[3-6][0-9]|7[01])[0-9]{13}|6(?:011|4[4-9][0-9]|5[0-9]{2})[0-9]{12}"
    r"|35(?:2[89]|[3-8][0-9])[0-9]{12}|62[0-9]{14}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11})\b"
)
PERSONAL = (MAIL, _CARD)
# Texts that no pattern above matches: without `@`, `%` and 12 digits in a row. Go reads it in one pass.
NOTHING_PERSONAL = r"^[^@%0-9]*(?:[0-9]{1,11}(?:[^@%0-9]+|$))*$"
