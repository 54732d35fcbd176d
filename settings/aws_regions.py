"""Amazon's regions by partition, and the domain of each partition's services.

A partition is a separate cloud with its own accounts: an ARN names it (`arn:aws-cn:…`), and nothing of one can use
anything of another. The table lists the regions that have both S3 and EKS; a test compares it with botocore's.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Partition:
    """Its name in ARNs, the domain of its services, and its regions."""

    name: str
    dns_suffix: str
    regions: tuple[str, ...]

    @property
    def home(self) -> str:
        """A region that every account of the partition may use."""
        return "us-east-1" if "us-east-1" in self.regions else self.regions[0]


PARTITIONS = (
    Partition(
        "aws",
        "amazonaws.com",
        (
            "af-south-1",
            "ap-east-1",
            "ap-east-2",
            "ap-northeast-1",
            "ap-northeast-2",
            "ap-northeast-3",
            "ap-south-1",
            "ap-south-2",
            "ap-southeast-1",
            "ap-southeast-2",
            "ap-southeast-3",
            "ap-southeast-4",
            "ap-southeast-5",
            "ap-southeast-6",
            "ap-southeast-7",
            "ca-central-1",
            "ca-west-1",
            "eu-central-1",
            "eu-central-2",
            "eu-north-1",
            "eu-south-1",
            "eu-south-2",
            "eu-west-1",
            "eu-west-2",
            "eu-west-3",
            "il-central-1",
            "me-central-1",
            "me-south-1",
            "mx-central-1",
            "sa-east-1",
            "us-east-1",
            "us-east-2",
            "us-west-1",
            "us-west-2",
        ),
    ),
    Partition("aws-cn", "amazonaws.com.cn", ("cn-north-1", "cn-northwest-1")),
    Partition("aws-eusc", "amazonaws.eu", ("eusc-de-east-1",)),
    Partition("aws-iso", "c2s.ic.gov", ("us-iso-east-1", "us-iso-west-1")),
    Partition("aws-iso-b", "sc2s.sgov.gov", ("us-isob-east-1", "us-isob-west-1")),
    Partition("aws-iso-e", "cloud.adc-e.uk", ("eu-isoe-west-1",)),
    Partition("aws-iso-f", "csp.hci.ic.gov", ("us-isof-east-1", "us-isof-south-1")),
    Partition("aws-us-gov", "amazonaws.com", ("us-gov-east-1", "us-gov-west-1")),
)
PARTITION_OF: Mapping[str, Partition] = {
    region: partition for partition in PARTITIONS for region in partition.regions
}


def service_host(service: str, region: str) -> str:
    """Return the host of a service in a region of the table, as in `s3.eu-west-1.amazonaws.com`."""
    return f"{service}.{region}.{PARTITION_OF[region].dns_suffix}"
