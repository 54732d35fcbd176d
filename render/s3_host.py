"""The host of Amazon S3 as Tempo must be told it."""

from settings.aws_regions import service_host

# Regions missing from the table in Tempo's S3 client (minio-go's `awsS3EndpointMap`; 2.10.8 and 3.0.3 vendor its
# version 7.1.0), among regions whose host the client recognizes as Amazon's. It replaces the configured host of a
# region by its table's, and of an unknown region by us-east-1's.
_UNKNOWN_TO_TEMPO = frozenset({"ap-southeast-6"})


def s3_host(region: str) -> str:
    """Return the host, as in `s3.eu-west-1.amazonaws.com`.

    The client recognizes Amazon's hosts by patterns of small letters, and keeps any other host as it is
    configured, with the bucket in the path. Host names have no case, so for a region that it does not know a
    capital letter makes it ask the right host (docs/adr/0014).
    """
    host = service_host("s3", region)
    return host.capitalize() if region in _UNKNOWN_TO_TEMPO else host
