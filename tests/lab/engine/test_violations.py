from lab.engine.events import Event
from lab.engine.violations import by_rule

URN = "urn:pulumi:prod::tracing::fawkes:tracing:Store$aws:s3/bucket:Bucket::traces"


def event(message: str, rule: str = "own-key", urn: str = URN, **more: str) -> Event:
    """Return a `policyEvent` as the engine 3.215.0 writes it."""
    return {
        "resourceUrn": urn,
        "message": message,
        "color": "never",
        "policyName": rule,
        "policyPackName": "tracing",
        "enforcementLevel": "mandatory",
        **more,
    }


def test_violations_are_listed_by_rule_with_what_each_says_of_a_resource() -> None:
    """A person corrects one rule after the other."""
    key = event("Buckets have a key of their own.\nIts key is Amazon's.\nName one in x.\n", severity="high")
    tags = event("All are tagged.\nIt has no tag `team`.\n", rule="tags")
    assert by_rule([tags, key]) == [
        "own-key (high): Buckets have a key of their own.",
        "  Bucket traces: Its key is Amazon's. Name one in x.",
        "tags: All are tagged.",
        "  Bucket traces: It has no tag `team`.",
    ]


def test_a_violation_of_the_whole_stack_and_one_without_a_description_are_sentences_too() -> None:
    assert by_rule([event("Costs exceed 900 USD.", urn="")]) == [
        "own-key: Costs exceed 900 USD.",
        "  Costs exceed 900 USD.",
    ]


def test_of_many_violations_of_a_rule_the_first_are_listed_and_the_others_counted() -> None:
    """What all Pods share is wrong in all of them; and the engine may report the same twice."""
    many = [event("Pods are small.\nIt is not.", urn=f"{URN}-{number}") for number in range(7)]
    lines = by_rule([*many, *many])
    assert lines[1:6] == [f"  Bucket traces-{number}: It is not." for number in range(5)]
    assert lines[6:] == ["  … and 2 more"]
