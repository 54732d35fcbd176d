"""Secrets that announce themselves, whatever stands around them.

Each pattern begins with a literal (see assignments.py) and has a minimum length, below which Go does not even
look.
The formats are those that the providers document for scanners of secrets.
"""

# Random text, in which a digit tells it from words.
_WITH_DIGIT = r"[A-Za-z_+/.~-]*[0-9][A-Za-z0-9_+/.~=-]*"

# Card numbers in groups: the grouping tells them from other numbers. Plain ones are in personal.py. They end where
# a word ends, or one in 700 UUIDs would hold one; one in 7 000 still does, with four groups of digits alone.
_BETWEEN = "(?:[ +-]|%(?:25)*20)"
_FOURS = f"(?:{_BETWEEN}[0-9]{{4}}){{2}}{_BETWEEN}[0-9]{{1,7}}\\b"
_GROUPED_CARDS = (
    f"4[0-9]{{3}}{_FOURS}",
    f"5[1-5][0-9]{{2}}{_FOURS}",
    f"2[2-7][0-9]{{2}}{_FOURS}",
    f"6[0245][0-9]{{2}}{_FOURS}",
    f"35[0-9]{{2}}{_FOURS}",
    f"3[47][0-9]{{2}}{_BETWEEN}[0-9]{{6}}{_BETWEEN}[0-9]{{5}}\\b",
    f"3[068][0-9]{{2}}{_BETWEEN}[0-9]{{6}}{_BETWEEN}[0-9]{{4}}\\b",
)

TOKENS = (
    # A map or a list whose value JSON cannot hold (NaN) reaches `redaction` as an empty text, and so would pass
    # unsearched: it is masked as a whole, and so is every empty text.
    "^$",
    # Schemes of HTTP authentication. A sentence ("basic authentication failed") has no digit there.
    rf"earer[\s:+]+(?:%20)?{_WITH_DIGIT}",
    rf"EARER[\s:+]+{_WITH_DIGIT}",
    r"ASIC\s+[A-Za-z0-9+/]{8,}={1,2}",
    (
        r"asic\s+(?:[A-Za-z0-9+/]{8,}={1,2}|[A-Za-z+/]{0,3}[0-9][A-Za-z0-9+/]{8,}"
        r"|[A-Za-z+/]{4,}[0-9][A-Za-z0-9+/]{3,}|(?:[A-Za-z+/]*[a-z][A-Z]){3}[A-Za-z0-9+/]*)"
    ),
    r"asic%20[A-Za-z0-9+/%]{8,}",
    # JSON Web Tokens, and JSON objects in base64, which is what bytes are in a text.
    r"yJ[A-Za-z_+/-]*[0-9][A-Za-z0-9_+/.=-]{8,}",
    r"yJ[A-Za-z_+/=-]{30,}",
    r"yJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*)?",
    # PEM, also when its line breaks are escaped or its end is missing.
    r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----[A-Za-z0-9+/=\s\\:,.-]*",
    r"-----BEGIN%20[A-Z0-9%]*PRIVATE%20KEY-----[A-Za-z0-9+/=%.-]*",
    r"PuTTY-User-Key-File-\d[\s\S]*",
    r"AGE-SECRET-KEY-1[A-Z0-9]{20,}",
    # Amazon, Google, Azure (the account key has a name before it), DigitalOcean.
    r"AKIA[A-Z0-9]{12,}",
    r"ASIA[A-Z0-9]{12,}",
    r"AIza[A-Za-z0-9_-]{30,}",
    r"ya29\.[A-Za-z0-9_-]{16,}",
    r"GOCSPX-[A-Za-z0-9_-]{16,}",
    r"dop_v1_[a-f0-9]{32,}",
    # Code hosting, registries of packages, delivery.
    r"gh[oprsu]_[A-Za-z0-9]{20,}",
    r"github_pat_[A-Za-z0-9_]{20,}",
    r"gl(?:pat|dt|rt|ptt|cbt|soat|imt|agent|ft)-[A-Za-z0-9_-]{16,}",
    r"npm_[A-Za-z0-9]{30,}",
    r"pypi-AgE[A-Za-z0-9_-]{16,}",
    r"rubygems_[a-f0-9]{32,}",
    r"dckr_pat_[A-Za-z0-9_-]{16,}",
    r"ATATT3[A-Za-z0-9_=-]{16,}",
    r"pul-[a-f0-9]{32,}",
    # Chat and mail: tokens, and web hooks, whose path is the secret.
    r"xox[abceoprs]-[A-Za-z0-9-]{10,}",
    r"xapp-[0-9]-[A-Za-z0-9-]{10,}",
    r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]+",
    r"/webhooks/[0-9]+/[A-Za-z0-9_-]+",
    r"webhook\.office\.com/[A-Za-z0-9/@_-]+",
    r"/bot[0-9]{6,}:[A-Za-z0-9_-]{20,}",
    r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",
    r"xkeysib-[a-f0-9]{32,}",
    r"key-[a-f0-9]{32}",
    # Payment.
    r"k_(?:live|test)_[A-Za-z0-9]{8,}",
    r"whsec_[A-Za-z0-9+/=]{16,}",
    r"sq0(?:atp|csp)-[A-Za-z0-9_-]{20,}",
    r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{30,}",
    # Language models, observability, infrastructure.
    r"sk-(?:ant|proj|svcacct|admin|or)-[A-Za-z0-9_-]{16,}",
    r"sk-[A-Za-z0-9]{16,}T3BlbkFJ[A-Za-z0-9]{16,}",
    r"hf_[A-Za-z0-9]{30,}",
    r"gl(?:sa|c)_[A-Za-z0-9_=+/-]{16,}",
    r"NRAK-[A-Z0-9]{20,}",
    r"dapi[a-f0-9]{32}",
    r"hv[sbr]\.[A-Za-z0-9_-]{16,}",
    r"dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9_.-]{20,}",
    r"lin_api_[A-Za-z0-9]{30,}",
    # user:password@ in a URL; the password may hold an @, and the user may be missing.
    r"://[^\s/?#:@'\"<>]*:[^\s/'\"<>]*@",
    r"://[^\s/?#:@'\"<>]{20,}@",
    r"%3A%2F%2F[A-Za-z0-9._~-]*%3A[^\s/]*?(?:%40|@)",
    # A secret in a path: /reset-password/…, /token/…, /invite/…
    r"ssword/(?:[a-z-]+/)*[A-Za-z_-]*[0-9][A-Za-z0-9_.-]{11,}",
    r"oken/[A-Za-z_-]*[0-9][A-Za-z0-9_.-]{11,}",
    r"nvite/[A-Za-z_-]*[0-9][A-Za-z0-9_.-]{11,}",
    r"erify(?:-email)?/[A-Za-z_-]*[0-9][A-Za-z0-9_.-]{11,}",
    *_GROUPED_CARDS,
)
