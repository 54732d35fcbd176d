"""Names of attributes whose whole value is masked.

A name is written in lower or upper case, in camel case, or with `.`, `-` or `_` between words, and has words
before and behind it: `DB_PASSWORD`, `newPassword`, `http.request.header.x-api-key`, `auth.token.value`. As in
assignments.py each pattern begins with a literal.
"""

import re
from collections.abc import Iterable

# What may stand behind a secret's name without making it the name of something else: `token.value` is a secret,
# `token_count` and `secretName` are none.
_BEHIND = (
    r"(?:$|[._-]?[0-9]|[._-]?(?i:values?|hash|text|plain|raw|data|string|new|old|current|previous|confirm|confirmation"
    r"|primary|secondary|main|prod|production|dev|staging|test|live|backup|admin|root|user|key|id|base64|b64|enc"
    r"|encoded|encrypted|header|v)[0-9]*(?:$|[._-]))"
)
NAMES = (
    r"ss(?:[wW](?:or)?d|[pP]hrase|[cC]ode)",
    r"SS(?:W(?:OR)?D|PHRASE|CODE)",
    r"[._-]pass$",
    r"^pass$",
    r"Pass$",
    r"[._-]PASS$",
    r"pwd",
    r"Pwd",
    r"PWD",
    rf"cret{_BEHIND}",
    rf"CRET{_BEHIND}",
    r"crets$",
    r"CRETS$",
    rf"token{_BEHIND}",
    rf"Token{_BEHIND}",
    rf"TOKEN{_BEHIND}",
    r"pi[._-]?[kK](?:ey|EY)",
    r"PI[._-]?[kK](?:ey|EY)",
    r"ss[._-]?[kK](?:ey|EY)",
    r"SS[._-]?KEY",
    r"vate[._-]?[kK](?:ey|EY)",
    r"VATE[._-]?KEY",
    r"cret[._-]?(?:[aA]ccess[._-]?)?[kK]ey",
    r"CRET[._-]?(?:ACCESS[._-]?)?KEY",
    r"ption[._-]?[kK]ey",
    r"PTION[._-]?KEY",
    r"gning[._-]?[kK]ey",
    r"GNING[._-]?KEY",
    r"uth[._-]?[kK]ey",
    r"UTH[._-]?KEY",
    r"ster[._-]?[kK]ey",
    r"STER[._-]?KEY",
    r"ount[._-]?[kK]ey",
    r"OUNT[._-]?KEY",
    rf"uthorization{_BEHIND}",
    rf"UTHORIZATION{_BEHIND}",
    rf"kies?{_BEHIND}",
    rf"KIES?{_BEHIND}",
    rf"dentials?{_BEHIND}",
    rf"DENTIALS?{_BEHIND}",
    r"session[._-]?[iI][dD]",
    r"Session[._-]?[iI][dD]",
    r"SESSION[._-]?ID",
    r"sess[._-]?[iI][dD]",
    r"SESSID",
    r"session[._-]?[kK]ey",
    r"(?:^|[._-])sid$",
    rf"jwt{_BEHIND}",
    rf"JWT{_BEHIND}",
    rf"Jwt{_BEHIND}",
    rf"srf{_BEHIND}",
    rf"SRF{_BEHIND}",
    r"earer$",
    r"EARER$",
    r"mail(?:s|[._-]?[aA]ddr(?:ess(?:es)?)?)?$",
    r"Mail(?:s|[._-]?[aA]ddr(?:ess(?:es)?)?)?$",
    r"MAIL(?:S|[._-]?ADDR(?:ESS(?:ES)?)?)?$",
    r"card[._-]?(?:[nN]umber|[nN]um|[nN]o|[pP]an|[cC]v[cv])$",
    r"Card[._-]?(?:Number|Num|No|Pan|Cv[cv])$",
    r"CARD[._-]?(?:NUMBER|NUM|NO|PAN)$",
    r"cv[vc]2?$",
    r"Cv[vc]2?$",
    r"CV[VC]2?$",
    r"(?:^|[._-])(?:pan|Pan|PAN|iban|ssn|Ssn|otp|Otp|OTP)$",
    r"Iban$",
    r"IBAN$",
    r"SSN$",
    # Bound values of prepared statements.
    r"^db\.(?:query|operation)\.parameter\.",
)


_SPECIAL = re.compile(r"[.+*?()|{}^$\[\]\\]")
# RE2 refuses a backslash before most other signs, which `re.escape` writes.
_ESCAPED = r"\\\g<0>"


def named(keys: Iterable[str]) -> list[str]:
    """Return a pattern for each name that matches exactly it."""
    return [f"^{_SPECIAL.sub(_ESCAPED, key)}$" for key in keys]
