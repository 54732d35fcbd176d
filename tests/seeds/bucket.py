"""A bucket that is open, unencrypted or loses traces."""

from tests.seeds.seed import Seed

SEEDS = (
    Seed(
        name="the trace bucket has no encryption",
        rule="bucket-has-encryption",
        resource="store-traces-bucket",
        says="No encryption is configured",
        removed=("store-traces-encryption",),
    ),
)
