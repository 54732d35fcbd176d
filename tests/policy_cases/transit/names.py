from tests.support.certificate_given import certificate
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN

CASES = Cases(
    passes=Case([certificate()]),
    fails=Case(
        [certificate(dnsNames=["gateway.tracing.svc", "gateway.payments.svc"])],
        says=["It names gateway.payments.svc, which is no Service of the namespace tracing"],
    ),
    missing=Case([certificate(issuerRef=None)], says=["issuerRef names no issuer"]),
    unknown=Case([certificate(dnsNames=UNKNOWN)], says=["spec.dnsNames is not known"]),
    more={
        "a wildcard": Case([certificate(dnsNames=["*.tracing.svc"])], says=["It names *.tracing.svc"]),
        "a public name": Case(
            [certificate(dnsNames=["traces.example.org"])], says=["It names traces.example.org"]
        ),
        "an address": Case([certificate(ipAddresses=["10.0.0.1"])], says=["It has ipAddresses"]),
        "a URI": Case([certificate(uris=["spiffe://cluster/ns/payments"])], says=["It has uris"]),
        "an authority": Case([certificate(isCA=True)], says=["isCA is true"]),
    },
)
