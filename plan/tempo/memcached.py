"""The size of one memcached server of Tempo's cache."""

from settings.base import Resources

# As in Tempo's jsonnet: 1 GiB for items.
ITEMS_MIB = 1024
# Memory as in Tempo's jsonnet: the request is items × 1.2 + 100 MiB, the limit is items × 1.5, because connections
# and tables need memory beside the items. One core is far more than the lookups of a few queriers need.
RESOURCES = Resources(
    cpu_request_millicores=100, cpu_limit_millicores=1000, memory_request_mib=1329, memory_limit_mib=1536
)
