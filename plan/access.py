"""The size of one access proxy: Caddy and oauth2-proxy."""

from settings.base import Resources

# Estimates: at 200 queries a second both together took less than half a core and 60 MiB on the build machine.
# Results of searches are passed on as they come.
CADDY = Resources(
    cpu_request_millicores=100, cpu_limit_millicores=1000, memory_request_mib=64, memory_limit_mib=256
)
OAUTH2_PROXY = Resources(
    cpu_request_millicores=50, cpu_limit_millicores=1000, memory_request_mib=64, memory_limit_mib=128
)
