from lab.commands.look import counted


def test_resources_are_counted_by_kind_without_what_only_groups_them() -> None:
    """As a person reads a cluster: so many StatefulSets, so many buckets."""
    types = (
        "pulumi:pulumi:Stack",
        "pulumi:providers:aws",
        "fawkes:tracing:TraceBucket",
        "kubernetes:apps/v1:StatefulSet",
        "kubernetes:apps/v1:StatefulSet",
        "aws:s3/bucket:Bucket",
    )
    assert counted([{"type": name} for name in types]) == {"StatefulSet": 2, "Bucket": 1}
