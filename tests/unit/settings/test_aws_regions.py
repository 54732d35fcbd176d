"""The table of Amazon's regions, compared with botocore's data."""

from botocore.session import Session

from settings.aws_regions import PARTITION_OF, PARTITIONS, service_host


def test_the_table_has_every_region_with_both_s3_and_eks() -> None:
    session = Session()
    found = {
        partition: {*session.get_available_regions("s3", partition)}
        & {*session.get_available_regions("eks", partition)}
        for partition in session.get_available_partitions()
    }
    assert {partition.name: {*partition.regions} for partition in PARTITIONS} == found


def test_each_partition_has_its_own_domain() -> None:
    data = Session().get_data("partitions")["partitions"]
    assert {partition.name: partition.dns_suffix for partition in PARTITIONS} == {
        partition["id"]: partition["outputs"]["dnsSuffix"] for partition in data
    }


def test_hosts_are_those_that_botocore_calls() -> None:
    """The rendered endpoints and conditions are built from this function."""
    session = Session()
    for region in PARTITION_OF:
        # KMS has one form of host in all regions; S3's of us-east-1 is by default the global one.
        client = session.create_client("kms", region, aws_access_key_id="x", aws_secret_access_key="x")
        assert client.meta.endpoint_url == f"https://{service_host('kms', region)}"
