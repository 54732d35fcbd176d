"""Secrets told by the name before them: in URLs, forms, JSON, logs, arguments and connection strings.

Each pattern begins with a literal part of a name, so Go skips texts without it at the speed of a search for bytes.
A flag like (?i) or a word's border in front would make it try every position: 50 times as dear in a text of 100
characters. So there is one pattern for each way to write a name, and it begins where the name's capital letters
end. What stands before the literal stays readable: `password=x` becomes `pa****`.
"""

from render.collectors.scrubbing.tail import ANY, ASSIGNED, VALUE

# Letters that are rare in English and in stack traces first: Go searches for the first byte.
_NAMES = (
    # password, passwd, passphrase, passcode, access key
    r"ss(?:[wW](?:or)?d|[pP]hrase|[cC]ode|[._-]?[kK](?:ey|EY))",
    r"SS(?:W(?:OR)?D|PHRASE|CODE|[._-]?KEY)",
    "pwd",
    "Pwd",
    # secret
    "cret",
    "CRET",
    "token",
    "Token",
    "TOKEN",
    # API key
    "pi[._-]?[kK](?:ey|EY)",
    "PI[._-]?[kK](?:ey|EY)",
    # private key
    "vate[._-]?[kK](?:ey|EY)",
    "VATE[._-]?KEY",
    # encryption, decryption, signing, master and account key
    "ption[._-]?[kK]ey",
    "PTION[._-]?KEY",
    "gning[._-]?[kK]ey",
    "GNING[._-]?KEY",
    "ster[._-]?[kK]ey",
    "STER[._-]?KEY",
    "ount[._-]?[kK]ey",
    "OUNT[._-]?KEY",
    "uthorization",
    "UTHORIZATION",
    "sess(?:ion)?[._-]?(?:[iI][dD]|[kK]ey)",
    "Session[._-]?[iI][dD]",
    "SESS(?:ION)?[._-]?(?:ID|KEY)",
)
# Names that are also common words, or parts of such: only what is assigned to them counts.
_WORDS = (
    "session",
    "Session",
    "SESSION",
    "pass",
    "PASS",
    "jwt",
    "JWT",
    "srf",
    "SRF",
    # Not `SID`, which is the name of a database in Oracle's addresses.
    "sid",
    "sig",
    "Sig",
    "SIG",
    "otp",
    "OTP",
    "cv[vc]",
    "CV[VC]",
    "ssn",
    "iban",
    "dential",
    "DENTIAL",
    "gnature",
    "GNATURE",
    "SAMLRe(?:sponse|quest)",
)
# Cookies are lists of name=value.
_COOKIES = tuple(rf"""{name}s?(?:\\*["'])?\s*[=:]\s*(?:\\*["'])?[^\s=;:,]+=[^\r\n"]*""" for name in ("kie", "KIE"))
# Arguments without a sign between name and value, and `-u user:password`.
_ARGUMENTS = (
    rf"--[\w.-]*(?:ss(?:w(?:or)?d|phrase)|cret|oken|pi-?key|vate-?key)[\w-]*[ \t]+{VALUE}",
    rf"-pass(?:w(?:or)?d|in|out)?[ \t]+{VALUE}",
    r"""-u[ \t]+["']?[A-Za-z][^\s:'"]*:[^\s'"]+""",
    r"""--user[ =]["']?[A-Za-z][^\s:'"]*:[^\s'"]+""",
)
# The environment variable PWD is a working directory, which begins with a slash.
_NO_FOLDER = r"PWD\s*=\s*[^\s/][^\s&;]*"

ASSIGNMENTS = (
    *(f"{name}{ANY}" for name in _NAMES),
    *(f"{name}{ASSIGNED}" for name in _WORDS),
    *_COOKIES,
    *_ARGUMENTS,
    _NO_FOLDER,
)
# Texts that no pattern above matches: they have none of the signs between a name and a value. `://` has no name
# before it, and a hyphen begins an argument only after another or before a letter of these.
NO_ASSIGNMENT = r"^(?:[^=:%>\"'-]|:/|-[^=:%>\"'pu-])*$"
