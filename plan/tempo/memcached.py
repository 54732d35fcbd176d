"""How much one server of Tempo's cache holds and asks for."""

from settings.base import Resources

# As in Tempo's jsonnet: 1 GiB for items.
ITEMS_MIB = 1024
# Memory as there, too: items × 1.2 + 100 MiB are asked for, items × 1.5 is the limit; connections and the tables
# are beside the items. A core is far more than a few queriers' lookups need.
RESOURCES = Resources(
    cpu_request_millicores=100, cpu_limit_millicores=1000, memory_request_mib=1329, memory_limit_mib=1536
)
