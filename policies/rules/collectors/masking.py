"""No secret in a span reaches the store."""

from collections.abc import Iterable, Iterator

from policies.collector_config import kind_of, ways
from policies.collectors import Collector, collectors, hosts_of_collectors
from policies.feature_gates import turned_on
from policies.masking import MASKING_KINDS, Masking, Sample
from policies.resources import Stack
from policies.rule import Bounds, Severity, StackRule, Violation
from policies.transform import NIL_GATE, set_to_nil

# Attributes whose values are secrets or personal whatever they are: the semantic conventions' headers, and names
# that applications give to such values.
_KEYS = (
    "http.request.header.authorization",
    "http.request.header.proxy-authorization",
    "http.request.header.cookie",
    "http.response.header.set-cookie",
    "http.request.header.x-api-key",
    "rpc.grpc.request.metadata.authorization",
    "access_token",
    "refresh_token",
    "app.session_token",
    "api_key",
    "client_secret",
    "password",
    "db.password",
    "user.email",
    "credit_card.number",
)
# Whatever an attribute of such a name holds.
_ANY_VALUE = "correct horse"
# Made-up examples of secrets inside other texts, the part that must not be readable, and what they are called in a
# sentence.
_VALUES = {
    "a bearer token": ("calling with Bearer abcDEF0123456789abcDEF01", "abcDEF0123456789"),
    "a JSON Web Token": (
        "jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJlLW9mLXRva2Vu",
        "eyJzdWIiOiIxMjM0NTY3ODkwIn0",
    ),
    "credentials for basic authentication": ("Basic YWxhZGRpbjpvcGVuMnNlc2FtZQ==", "YWxhZGRpbjpvcGVuMnNlc2FtZQ"),
    "a key of AWS": ("key AKIAIOSFODNN7EXAMPLE used", "IOSFODNN7"),
    "a password in a URL": ("connect to postgres://app:hunter2secret@db:5432/shop", "hunter2secret"),
    "a token in a query": ("https://shop.example/pay?token=abcdef0123456789&x=1", "abcdef0123456789"),
    "a password in a query": ("/login?user=a&password=hunter2secret", "hunter2secret"),
    "an e-mail address": ("mail to jane.doe@example.org failed", "jane.doe"),
    "the number of a card": ("card 4111 1111 1111 1111 declined", "1111 1111"),
}
# Names that attributes with free text have: one of an application, and some of the semantic conventions.
_FREE_TEXT = ("app.note", "url.full", "url.query", "http.target", "exception.message", "process.command_line")
# Parts of a span beside its attributes that people write such texts into.
_FIELDS = {"name": "names of spans", "status.message": "status messages"}


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield what passes unmasked on each way from a receiver to an exporter that leaves the collectors.

    Whether anything drops links is a setting (scrubbing.drop_links); a statement that drops them has to work.
    """
    found = collectors(stack)
    hosts = hosts_of_collectors(stack, found)
    for collector in found:
        by_maskers: dict[tuple[str, ...], dict[str, None]] = {}
        for way in ways(collector.document):
            if collector.target(way.exporter) not in hosts:
                maskers = tuple(name for name in way.processors if kind_of(name) in MASKING_KINDS)
                by_maskers.setdefault(maskers, {})[way.exporter] = None
        for maskers, exporters in by_maskers.items():
            if passing := list(_passing(collector, maskers)):
                yield Violation(
                    collector.config_map,
                    f"On the way to {_shown(exporters)} {collector.file.name} does not mask {_shown(passing)}.",
                )
        for name in dict.fromkeys(name for maskers in by_maskers for name in maskers):
            yield from _without_effect(collector, name)


def _passing(collector: Collector, maskers: Iterable[str]) -> Iterator[str]:
    """Yield what processors together do not mask."""
    masking = Masking(tuple((name, collector.document["processors"][name]) for name in maskers))
    for key in _KEYS:
        if not masking.hides(Sample(attributes={key: _ANY_VALUE}), _ANY_VALUE):
            yield f"attribute {key}"
    for what, (text, secret) in _VALUES.items():
        if not all(masking.hides(Sample(attributes={key: text}), secret) for key in _FREE_TEXT):
            yield f"{what} in attributes"
    for field, where in _FIELDS.items():
        for what, (text, secret) in _VALUES.items():
            if not masking.hides(Sample(fields={field: text}), secret):
                yield f"{what} in {where}"


def _without_effect(collector: Collector, masker: str) -> Iterator[Violation]:
    """Yield each statement that drops something only with a feature gate that is off."""
    if kind_of(masker) == "transform" and not turned_on(collector.container, NIL_GATE):
        for path in set_to_nil(collector.document["processors"][masker]):
            yield Violation(
                collector.workload,
                f"{masker} in {collector.file.name} sets {path} to nil, which does nothing without the feature "
                f"gate {NIL_GATE}.",
            )


def _shown(names: Iterable[str], most: int = 3) -> str:
    shown = list(names)
    more = f" and {len(shown) - most} more" if len(shown) > most else ""
    return ", ".join(shown[:most]) + more


RULE = StackRule(
    name="collectors-mask-secrets",
    promise="No secret and no personal value in a span leaves the collectors.",
    severity=Severity.CRITICAL,
    to_do="Put the redaction and transform processors of the gateway before every exporter that leads to Tempo, "
    "and turn on the feature gate ottl.set.allowNil.",
    check=check,
)
