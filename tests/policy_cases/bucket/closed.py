from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.store_cases import PLAIN_HTTP, allow, deny, policy

_LOGS = {"Service": "logging.s3.amazonaws.com"}
_OTHER = {"AWS": "arn:aws:iam::999999999999:root"}
_SOURCE = {"StringEquals": {"aws:SourceAccount": "123456789012"}}

CASES = Cases(
    passes=Case([policy(deny(PLAIN_HTTP), allow("s3:PutObject", Principal=_LOGS, Condition=_SOURCE))]),
    fails=Case([policy(allow(Principal="*"))], says=["Statement One allows access to everybody."]),
    missing=Case(
        [policy(allow(NotPrincipal=_OTHER))],
        says=["Statement One allows access to everybody."],
    ),
    # Judged by policies-are-known-at-preview from the registered text.
    unknown=Case([policy(text=UNKNOWN)]),
    more={
        "another account": Case(
            [policy(allow(Principal=_OTHER))], says=["allows access to AWS arn:aws:iam::999999999999"]
        ),
        "another account that the environment allows": Case(
            [policy(allow(Principal=_OTHER))], config={"accounts": ["999999999999"]}
        ),
        "a service for anybody": Case(
            [policy(allow(Principal=_LOGS))], says=["lets logging.s3.amazonaws.com act for any"]
        ),
        "a service for all but one account": Case(
            [policy(allow(Principal=_LOGS, Condition={"StringNotEquals": _SOURCE["StringEquals"]}))],
            says=["lets logging.s3.amazonaws.com act for any account"],
        ),
        "a service whose source may be missing": Case(
            [policy(allow(Principal=_LOGS, Condition={"StringEqualsIfExists": _SOURCE["StringEquals"]}))],
            says=["lets logging.s3.amazonaws.com act for any account"],
        ),
        "a service for any bucket of anybody": Case(
            [policy(allow(Principal=_LOGS, Condition={"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}}))],
            says=["lets logging.s3.amazonaws.com act for any account"],
        ),
        "a service for one bucket": Case(
            [policy(allow(Principal=_LOGS, Condition={"ArnLike": {"aws:SourceArn": "arn:aws:s3:::traces"}}))],
        ),
        "a service for all trails of one account": Case(
            [
                policy(
                    allow(
                        Principal=_LOGS,
                        Condition={"ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:123456789012:trail/*"}},
                    )
                )
            ],
        ),
        "everybody in a list": Case([policy(allow(Principal={"AWS": ["*"]}))], says=["access to everybody"]),
    },
)
