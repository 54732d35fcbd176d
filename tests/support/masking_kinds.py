"""Generators of spans by kind: what must not be readable behind the gateway, and what must.

A secret is random text of lower-case letters and digits, so that it is found wherever it is readable.
"""

import base64
import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st

from tests.support.span_cases import SpanCase

# Keys under which applications write free text.
FREE_KEYS = ("log.line", "app.note", "http.request.body", "url.query", "event:message", "exception.message")
_PLAIN = st.sampled_from(FREE_KEYS)


def _words(alphabet: str, least: int, most: int) -> st.SearchStrategy[str]:
    return st.text(alphabet=alphabet, min_size=least, max_size=most)


LOWER = "abcdefghijklmnopqrstuvwxyz"
DIGITS = "0123456789"
BASE62 = LOWER + LOWER.upper() + DIGITS
# Begins and ends with letters, and has a digit.
SECRETS = st.builds(lambda a, b, c: f"{a}{b}{c}", _words(LOWER, 6, 9), _words(DIGITS, 1, 3), _words(LOWER, 5, 8))
RANDOM = st.builds(lambda a, b: f"{a}7{b}", _words(BASE62, 20, 30), _words(BASE62, 20, 30))
_NAMES = (
    ("password",),
    ("passwd",),
    ("passphrase",),
    ("secret",),
    ("token",),
    ("api", "key"),
    ("access", "key"),
    ("private", "key"),
    ("client", "secret"),
    ("access", "token"),
    ("refresh", "token"),
    ("session", "id"),
    ("secret", "key"),
    ("encryption", "key"),
)
_BEFORE = st.lists(
    st.sampled_from(["db", "user", "app", "new", "current", "old", "aws", "my", "admin"]), max_size=2
)
_BEHIND = st.sampled_from(["", "", "value", "hash", "new", "confirm", "prod", "2"])


def _camel(words: list[str]) -> str:
    return words[0] + "".join(word.capitalize() for word in words[1:])


def _initials(words: list[str]) -> list[str]:
    """Return capitalised words, with abbreviations in capitals as Go writes them."""
    return [word.upper() if word in {"api", "id", "db", "aws"} else word.capitalize() for word in words]


_CASES: tuple[Callable[[list[str]], str], ...] = (
    _camel,
    lambda words: "".join(word.capitalize() for word in words),
    lambda words: "".join(_initials(words)),
    lambda words: words[0] + "".join(_initials(words[1:])),
    # A header's name.
    lambda words: "-".join(_initials(words)),
    "_".join,
    "-".join,
    ".".join,
    lambda words: "_".join(words).upper(),
)
NAMES = st.builds(
    lambda before, name, behind, case: case([*before, *name, *([behind] if behind else [])]),
    _BEFORE,
    st.sampled_from(_NAMES),
    _BEHIND,
    st.sampled_from(_CASES),
)


def _case(kind: str, value: st.SearchStrategy[tuple[Any, str]], keys: st.SearchStrategy[str] = _PLAIN) -> Any:
    """Return cases of a kind, from pairs of a value and the secret in it."""
    return st.builds(lambda key, pair: SpanCase(kind, {key: pair[0]}, hide=(pair[1],)), keys, value)


def _text(kind: str, make: Callable[[str, str], Any], names: st.SearchStrategy[str] = NAMES) -> Any:
    return _case(kind, st.builds(lambda name, secret: (make(name, secret), secret), names, SECRETS))


def _nested(name: str, secret: str, depth: int, *, nan: bool) -> Any:
    value: Any = {name: secret, **({"ratio": {"__double": "nan"}} if nan else {})}
    for level in range(depth):
        value = {f"level{level}": value} if level % 2 else [value, "x"]
    return value if isinstance(value, dict) else {"list": value}


# `@` is the secret.
_DIALECTS = (
    "SELECT a FROM t WHERE b = '@'",
    "SELECT a FROM t WHERE b = 'it''s @' AND c = 'x'",
    "SELECT a FROM t WHERE b = 'it\\'s @' AND c = 'x'",
    "SELECT a FROM t WHERE b LIKE '%x%' ESCAPE '\\' AND name = '@'",
    'SELECT a FROM t WHERE b = "@"',
    "SELECT $$@$$",
    "SELECT $q1$it's @$q1$ FROM t",
    "SELECT $a$ x $b$ @ $b$ $a$",
    "SELECT q'[it's @]' FROM dual",
    "SELECT q'{it's @}' FROM dual",
    "SELECT a FROM t # it's @\nWHERE b = 1",
    "SELECT a FROM t -- it's @\nWHERE b = 'x'",
    "SELECT a /* it's @ */ FROM t WHERE b = 'x'",
    "SELECT a /* one /* two */ @ */ FROM t",
    "INSERT INTO t (a, b) VALUES (1, '@'), (2, 'x\\\\@')",
    "UPDATE t SET a = E'\\n@', b = N'@'",
    "SELECT a FROM t WHERE b = 'cut off in @",
)
_STORES = ("redis", "Redis", "REDIS", "redis-cluster", "AWS ElastiCache Redis", "valkey", "memcached", "Memcache")
_COMMANDS = (
    "SET user:1 {0}",
    "HSET u f {0} g h",
    "get {0}",
    "set k 0 60 5\r\n{0}",
    "  SET k\n{0}",
    "EVAL '{0}' 0",
)
_USERS = ("", "app", "app.user", "app%40corp")
_SCHEMES = ("postgres", "redis", "https", "amqp", "mongodb+srv", "mysql", "jdbc:postgresql", "ftp")
_BODY = (BASE62, 40, 60)
_TOKENS: Mapping[str, tuple[str, str, int]] = {
    "github_pat_": ("", BASE62 + "_", 40),
    "ghp_": ("", BASE62, 36),
    "glpat-": ("", BASE62, 20),
    "hvs.": ("", BASE62, 24),
    "xoxb-": ("", DIGITS, 24),
    "AKIA": ("", LOWER.upper() + "234567", 16),
    "AIza": ("", BASE62, 35),
    "sk_live_": ("", BASE62, 24),
    "npm_": ("", BASE62, 36),
    "SG.": (".abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", BASE62, 22),
    "whsec_": ("", BASE62, 32),
    "dop_v1_": ("", "abcdef0123456789", 64),
    "glsa_": ("", BASE62, 32),
    "pypi-AgEIcHlwaS5vcmc": ("", BASE62, 40),
    "sk-ant-api03-": ("", BASE62, 60),
}
_PEM = ("RSA PRIVATE KEY", "PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY", "ENCRYPTED PRIVATE KEY")
_ISSUERS = (("4", 16), ("51", 16), ("55", 16), ("2221", 16), ("6011", 16), ("644", 16), ("65", 16), ("34", 15))
_ISSUERS_TOO = (("37", 15), ("36", 14), ("3530", 16), ("62", 16))


def _card(issuer: tuple[str, int], digits: str) -> str:
    """Return a number with the issuer's prefix and length and a valid check digit."""
    body = (issuer[0] + digits)[: issuer[1] - 1]
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body))]
    return body + str(-sum(one - 9 if one > 9 else one for one in doubled) % 10)


_CARDS = st.builds(_card, st.sampled_from(_ISSUERS + _ISSUERS_TOO), _words(DIGITS, 16, 16))
_SIXTEEN = st.builds(_card, st.sampled_from([one for one in _ISSUERS if one[1] == 16]), _words(DIGITS, 16, 16))


def _grouped(number: str, sign: str) -> str:
    return sign.join(number[start : start + 4] for start in range(0, 16, 4))


_MAILS = st.builds(
    lambda user, more, host, top: (f"{user}{more}@{host}.{top}", user),
    SECRETS,
    st.sampled_from(["", ".doe", "+tag", "-x"]),
    st.sampled_from(["example", "mail.example", "163", "a-b.co"]),
    st.sampled_from(["org", "com", "co.uk", "museum"]),
)
_IN_SENTENCE = st.sampled_from(["{0}", "for {0} failed", "'{0}'", "<{0}>", "to={0}&x=1", "{0}, retry"])


def _jwt(secret: str) -> str:
    head, body = ('{"alg":"HS256","typ":"JWT"}', json.dumps({"sub": secret}))
    return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in (head, body, secret))


HIDE: Mapping[str, Any] = {
    "name=value": _text("name=value", lambda name, secret: f"starting with {name}={secret} now"),
    "JSON": _text("JSON", lambda name, secret: json.dumps({"a": 1, name: secret, "b": "x"})),
    "quoted value": _text("quoted value", lambda name, secret: f'{{"{name}": "two words, {secret}", "b": 1}}'),
    "single quotes": _text("single quotes", lambda name, secret: f"{{'{name}': 'two words {secret}'}}"),
    "escaped quotes": _text("escaped quotes", lambda name, secret: f'{{"{name}":"a\\"b {secret}"}}'),
    "JSON in JSON": _text(
        "JSON in JSON", lambda name, secret: json.dumps({"body": json.dumps({name: f'a"b {secret}'})})
    ),
    "query": _text("query", lambda name, secret: f"https://shop.example/a?x=1&{name}={secret}&p=2"),
    "percent-encoded once": _text(
        "percent-encoded once", lambda name, secret: "r=" + quote(f"https://a.example/?{name}={secret}&x=1", "")
    ),
    "percent-encoded twice": _text(
        "percent-encoded twice", lambda name, secret: "r=" + quote(quote(f"/?{name}={secret}&x=1", ""), "")
    ),
    "percent-encoded JSON": _text(
        "percent-encoded JSON", lambda name, secret: "q=" + quote(json.dumps({name: f"two {secret}"}), "")
    ),
    "YAML": _text("YAML", lambda name, secret: f"a: b\n{name}: {secret}\nc: d"),
    "XML": _text("XML", lambda name, secret: f"<a><{name}>{secret}</{name}></a>"),
    "arguments as a list": _case(
        "arguments as a list",
        st.builds(
            lambda name, secret: (["tool", f"--{name}", secret], secret),
            st.sampled_from(["password", "token", "client-secret", "api-key", "db-password"]),
            SECRETS,
        ),
        st.sampled_from(["resource:process.command_args", "process.command_args", "app.arguments"]),
    ),
    "arguments as a line": _text(
        "arguments as a line",
        lambda name, secret: f"tool --{name} {secret} --verbose",
        st.sampled_from(["password", "token", "client-secret", "api-key", "db-password", "private-key"]),
    ),
    "property of Java": _text(
        "property of Java",
        lambda name, secret: f"java -D{name}={secret} -jar a.jar",
        st.sampled_from(["spring.datasource.password", "javax.net.ssl.keyStorePassword", "app.apiKey"]),
    ),
    "userinfo": _case(
        "userinfo",
        st.builds(
            lambda scheme, user, secret: (f"{scheme}://{user}:{secret}@host.example:5432/a?b=c", secret),
            st.sampled_from(_SCHEMES),
            st.sampled_from(_USERS),
            SECRETS,
        ),
    ),
    "userinfo with @": _case(
        "userinfo with @",
        st.builds(
            lambda scheme, a, secret: (f"{scheme}://app:{a}@{secret}@host:5432/a", secret),
            st.sampled_from(_SCHEMES),
            _words(LOWER, 1, 4),
            SECRETS,
        ),
    ),
    "bot in a path": _case(
        "bot in a path",
        st.builds(
            lambda number, secret: (f"https://api.telegram.org/bot{number}:{secret}/sendMessage", secret),
            st.integers(10**8, 10**10),
            _words(BASE62 + "_-", 35, 35),
        ),
    ),
    "web hook": _case(
        "web hook",
        st.builds(
            lambda secret: (f"https://hooks.slack.com/services/T0A1/B0C2/{secret}", secret), _words(BASE62, 24, 24)
        ),
    ),
    "reset in a path": _case(
        "reset in a path",
        st.builds(
            lambda path, secret: (f"https://shop.example{path}{secret}", secret),
            st.sampled_from(["/reset-password/", "/password/reset/", "/invite/", "/verify-email/", "/token/"]),
            RANDOM,
        ),
    ),
    "tokens": _case(
        "tokens",
        st.sampled_from(sorted(_TOKENS)).flatmap(
            lambda prefix: _words(_TOKENS[prefix][1], _TOKENS[prefix][2], _TOKENS[prefix][2]).map(
                lambda body: (f"using {prefix}{body}{_TOKENS[prefix][0]} now", body)
            )
        ),
    ),
    "JSON Web Tokens": _case(
        "JSON Web Tokens",
        st.builds(lambda secret: (f"got {_jwt(secret)} now", _jwt(secret).split(".")[1]), SECRETS),
    ),
    "bearer": _case(
        "bearer",
        st.builds(
            lambda scheme, secret: (f'curl -H "Authorization: {scheme} {secret}" /a', secret),
            st.sampled_from(["Bearer", "bearer"]),
            RANDOM,
        ),
    ),
    "basic": _case(
        "basic",
        st.builds(
            lambda scheme, secret: (
                f"with {scheme} {base64.b64encode(f'ada:{secret}'.encode()).decode()}",
                base64.b64encode(f"ada:{secret}".encode()).decode().rstrip("="),
            ),
            st.sampled_from(["Basic", "basic"]),
            SECRETS,
        ),
    ),
    "PEM": _case(
        "PEM",
        st.builds(
            lambda kind, secret, end: (
                f"-----BEGIN {kind}-----{end}MIIEpAIBAAKCAQEA{end}{secret}{end}-----END {kind}-----",
                secret,
            ),
            st.sampled_from(_PEM),
            RANDOM,
            st.sampled_from(["\n", "\r\n", "\\n"]),
        ),
    ),
    "cookies": _text(
        "cookies",
        lambda name, secret: f"{name}: theme=dark; sid={secret}; Path=/",
        st.sampled_from(["Cookie", "cookie", "Set-Cookie", "set-cookie"]),
    ),
    "names of attributes": st.builds(
        lambda name, where, secret: SpanCase(
            "names of attributes", {f"{where}{name}": f"{secret}"}, hide=(secret,)
        ),
        NAMES,
        st.sampled_from(["", "resource:", "event:", "scope:"]),
        SECRETS,
    ),
    "nested": _case(
        "nested", st.builds(lambda n, s, d: (_nested(n, s, d, nan=False), s), NAMES, SECRETS, st.integers(0, 4))
    ),
    "nested with NaN": _case(
        "nested with NaN",
        st.builds(lambda n, s, d: (_nested(n, s, d, nan=True), s), NAMES, SECRETS, st.integers(0, 4)),
    ),
    "lists": _text("lists", lambda name, secret: [f"first\n{name}={secret}", "x"]),
    "bytes": _case("bytes", st.builds(lambda n, s: (json.dumps({n: s}).encode(), s), NAMES, SECRETS)),
    "statements": _case(
        "statements",
        st.builds(lambda one, secret: (one.replace("@", secret), secret), st.sampled_from(_DIALECTS), SECRETS),
        st.sampled_from(["db.statement", "db.query.text", "event:db.statement", "resource:db.statement"]),
    ),
    "statements that are no text": _case(
        "statements that are no text",
        st.builds(lambda one, secret: ([one.replace("@", secret)], secret), st.sampled_from(_DIALECTS), SECRETS),
        st.sampled_from(["db.statement", "db.query.text"]),
    ),
    "key-value stores": st.builds(
        lambda system, key, store, command, secret: SpanCase(
            "key-value stores", {system: store, key: command.format(secret)}, hide=(secret,)
        ),
        st.sampled_from(["db.system", "db.system.name"]),
        st.sampled_from(["db.statement", "db.query.text"]),
        st.sampled_from(_STORES),
        st.sampled_from(_COMMANDS),
        SECRETS,
    ),
    "quoted statements": _case(
        "quoted statements",
        st.builds(
            lambda text, secret: (text.format(secret), secret),
            st.sampled_from(
                [
                    "duplicate key: INSERT INTO users VALUES ('{0}')",
                    "[SQL: UPDATE users SET name = '{0}' WHERE id = 5]",
                    "error near SELECT * FROM users WHERE name = '{0}'",
                    "failed: delete from users where name = '{0}'",
                ]
            ),
            SECRETS,
        ),
        st.sampled_from(["event:exception.message", "event:exception.stacktrace", "status.message", "name"]),
    ),
    "cards": _case("cards", st.builds(lambda s, card: (s.format(card), card), _IN_SENTENCE, _CARDS)),
    "cards in groups": _case(
        "cards in groups",
        st.builds(
            lambda card, sign: (f"card={_grouped(card, sign)}", _grouped(card, sign)),
            _SIXTEEN,
            st.sampled_from([" ", "-", "+", "%20"]),
        ),
    ),
    "mails": _case("mails", st.builds(lambda s, pair: (s.format(pair[0]), pair[1]), _IN_SENTENCE, _MAILS)),
    "mails in commands of an unnamed store": _case(
        "mails in commands of an unnamed store",
        st.builds(
            lambda command, pair: (command.format(pair[0]), pair[1]),
            st.sampled_from(["GET user:{}", "HGETALL session/{}", "GET /_search?q=owner:{}", "(mail={})"]),
            _MAILS,
        ),
        st.sampled_from(["db.statement", "db.query.text"]),
    ),
    "mails in names of queues and hosts": _case(
        "mails in names of queues and hosts",
        st.builds(lambda pair: (f"inbox.{pair[0]}", pair[1]), _MAILS),
        st.sampled_from(["messaging.destination.name", "messaging.rabbitmq.destination.routing_key", "http.host"]),
    ),
    "encoded mails": _case(
        "encoded mails",
        st.builds(
            lambda pair, sign: (pair[0].replace("@", sign), pair[1]), _MAILS, st.sampled_from(["%40", "%2540"])
        ),
    ),
    "names with a mail": st.builds(
        lambda where, pair: SpanCase("names with a mail", {f"{where}cache.{pair[0]}": "hit"}, hide=(pair[1],)),
        st.sampled_from(["", "resource:", "event:", "scope:"]),
        _MAILS,
    ),
    "fields": st.builds(
        lambda field, name, secret: SpanCase("fields", {field: f"GET /pay?{name}={secret}"}, hide=(secret,)),
        st.sampled_from(["name", "status.message", "event.name", "scope.name"]),
        NAMES,
        SECRETS,
    ),
    "tokens in fields": st.builds(
        lambda field, secret: SpanCase("tokens in fields", {field: f"retry with ghp_{secret}"}, hide=(secret,)),
        st.sampled_from(["name", "status.message", "event.name", "scope.name"]),
        _words(BASE62, 36, 36).filter(lambda text: any(one.isdigit() for one in text)),
    ),
    "links": st.builds(lambda secret: SpanCase("links", {"link:a": secret}, hide=(secret,)), SECRETS),
    "trace state": st.builds(
        lambda secret, text: SpanCase("trace state", {"tracestate": text.format(secret)}, hide=(secret,)),
        SECRETS,
        st.sampled_from(["v={0}@example.org", "a=b,v={0}", "ot=th:8,v={0}", "v={0},ot=th:8"]),
    ),
}


def _kept(kind: str, text: st.SearchStrategy[str], keys: st.SearchStrategy[str] = _PLAIN) -> Any:
    return st.builds(lambda key, one: SpanCase(kind, {key: one}, keep=(one,)), keys, text)


_SUBJECTS = (
    "the password",
    "an access token",
    "basic authentication",
    "bearer authentication",
    "the session",
    "the API key",
    "a secret",
    "the cookie",
    "authorization",
    "the signature",
    "the card",
    "the e-mail",
)
_PREDICATES = (
    "failed for service account",
    "expired",
    "is required",
    "must not be empty",
    "could not be verified",
    "was rejected by the server",
    "has changed since the last login",
    "is not valid: try again",
)
_SQL_WORDS = (
    "We couldn't {0} the file {1} bucket backups: permission denied",
    "can't {0} item {1} list",
    "didn't {0} rows {1} cache, won't retry",
)
_NUMBER = st.integers(10, 9999)
KEEP: Mapping[str, Any] = {
    "sentences": _kept(
        "sentences",
        st.builds(
            lambda a, b, c: f"{a} {b}{c}",
            st.sampled_from(_SUBJECTS),
            st.sampled_from(_PREDICATES),
            st.sampled_from(["", ".", "!"]),
        ),
        st.sampled_from([*FREE_KEYS, "status.message"]),
    ),
    "sentences with a colon": _kept(
        "sentences with a colon",
        st.builds(
            lambda a, b: f"{a}: {b}",
            st.sampled_from(["invalid password", "Token", "secret", "session", "Authorization", "API key"]),
            st.sampled_from(_PREDICATES),
        ),
    ),
    "sentences with words of SQL": _kept(
        "sentences with words of SQL",
        st.builds(
            lambda a, b, c: a.format(b, c),
            st.sampled_from(_SQL_WORDS),
            st.sampled_from(["delete", "select", "update", "insert"]),
            st.sampled_from(["from", "into", "where"]),
        ),
        st.sampled_from(["status.message", "event:exception.message"]),
    ),
    "stack traces": _kept(
        "stack traces",
        st.builds(
            lambda name, line, kind: f'  File "/app/{name}.py", line {line}, in update\n    raise {kind} from err',
            st.sampled_from(["orders", "auth/token", "password_reset", "secrets", "session/store", "api_key"]),
            _NUMBER,
            st.sampled_from(["SaveError", "TokenExpired", "PasswordMissing"]),
        ),
        st.sampled_from(["event:exception.stacktrace"]),
    ),
    "stack traces of Java": _kept(
        "stack traces of Java",
        st.builds(
            lambda name, verb, line: (
                f"java.lang.IllegalStateException: no\n\tat com.example.{name}.{verb}({name}.java:{line})"
            ),
            st.sampled_from(["TokenStore", "PasswordEncoder", "SessionFilter", "SecretsManager", "BasicAuth"]),
            st.sampled_from(["encode", "lambda$load$3", "getApiKey"]),
            _NUMBER,
        ),
        st.sampled_from(["event:exception.stacktrace"]),
    ),
    "image names": _kept(
        "image names",
        st.builds(
            lambda name, a, b, rest: f"ghcr.io/acme/{name}:v{a}.{b}{rest}",
            st.sampled_from(["auth-token", "secret-store", "password", "session", "api-key", "cart"]),
            _NUMBER,
            _NUMBER,
            st.sampled_from(["", "-alpine", "-rc1"]),
        ),
        st.sampled_from(["container.image.name", "app.image", "log.line"]),
    ),
    "digests": _kept(
        "digests",
        st.builds(lambda text: f"docker.io/acme/token@sha256:{text}", _words("abcdef0123456789", 64, 64)),
    ),
    "versions": _kept(
        "versions",
        st.builds(
            lambda name, a, b, c: f"{name}@{a}.{b}.{c}",
            st.sampled_from(["express", "@babel/core", "passport", "go", "actions/checkout@v4", "jsonwebtoken"]),
            st.integers(0, 99),
            st.integers(0, 99),
            st.integers(0, 99),
        ),
    ),
    "decimal ids": _kept(
        "decimal ids",
        st.integers(10**17, 2**64 - 1).map(str),
        st.sampled_from(["dd.trace_id", "order.id", "log.line"]),
    ),
    "article numbers": _kept(
        "article numbers",
        st.builds(
            lambda a, b: f"EAN {a}, order {b}", st.integers(10**12, 10**13 - 1), st.integers(10**12, 10**13 - 1)
        ),
    ),
    "times": _kept(
        "times",
        st.builds(
            lambda second, unit: str(second * 10**unit),
            st.integers(1_600_000_000, 1_999_999_999),
            st.sampled_from([0, 3, 6, 9]),
        ),
    ),
    # Four groups of digits alone are masked when they begin like a card's number (docs/masking.md).
    "UUIDs": _kept(
        "UUIDs", st.uuids().map(str).filter(lambda text: not re.search(r"[0-9]{4}(-[0-9]{4}){3}", text))
    ),
    "ids of traces": _kept("ids of traces", _words("abcdef0123456789", 32, 32)),
    "files with @": _kept(
        "files with @",
        st.builds(
            lambda name, factor, end: f"{name}@{factor}x.{end}",
            st.sampled_from(["logo", "img/icon"]),
            st.integers(1, 4),
            st.sampled_from(["png", "webp", "jpeg"]),
        ),
    ),
    "git remotes": _kept(
        "git remotes",
        st.builds(
            lambda host, name, end: f"git@{host}:{name}/repo{end}",
            st.sampled_from(["github.com", "gitlab.example.org"]),
            st.sampled_from(["org", "acme-inc"]),
            st.sampled_from(["", ".git"]),
        ),
    ),
    "URLs": _kept(
        "URLs",
        st.builds(
            lambda host, port, page: f"https://{host}:{port}/orders/42?page={page}&sort=price",
            st.sampled_from(["shop.example", "10.0.0.7", "cart.shop.svc"]),
            _NUMBER,
            _NUMBER,
        ),
        st.sampled_from(["url.full", "http.url", "app.note"]),
    ),
    "names of spans": st.builds(
        lambda text: SpanCase("names of spans", {"name": text}, keep=(text,)),
        st.sampled_from(
            [
                "GET /api/v1/orders/{id}",
                "SELECT shop.orders",
                "oteldemo.CartService/GetCart",
                "S3.PutObject",
                "POST /reset-password",
                "orders publish",
                "Token.refresh",
                "HTTP GET",
                "POST /oauth2/token",
            ]
        ),
    ),
    "statements without literals": _kept(
        "statements without literals",
        st.sampled_from(
            [
                "SELECT id, name FROM orders WHERE id = ?",
                "INSERT INTO t (a, b) VALUES (?, ?)",
                "UPDATE users SET password = ? WHERE id = ?",
            ]
        ),
        st.sampled_from(["db.query.text", "db.statement"]),
    ),
    "names that resemble": st.builds(
        lambda key, number: SpanCase("names that resemble", {key: f"value-{number}"}, keep=(f"value-{number}",)),
        st.sampled_from(
            [
                "llm.token_count",
                "cache.key",
                "k8s.secret.name",
                "session.duration",
                "author",
                "permission.id",
                "tokenizer.name",
                "email_count",
                "mission.id",
                "app.details",
                "partition.key",
                "secretary",
                "passenger.count",
                "messaging.kafka.message.key",
            ]
        ),
        _NUMBER,
    ),
    "assignments": _kept(
        "assignments",
        st.builds(
            lambda name, number: f"{name}={number}",
            st.sampled_from(
                [
                    "permission",
                    "compression",
                    "expression",
                    "transmission",
                    "broken",
                    "inside",
                    "page",
                    "status_code",
                    "primary_key",
                    "partition_key",
                    "cwd",
                    "message",
                    "class",
                    "process",
                ]
            ),
            _NUMBER,
        ),
    ),
}
