"""The size of one access proxy: Caddy and oauth2-proxy."""

from settings.base import Resources

# Measured with 267 queries a second by four connections, on a busy machine of two cores: Caddy took 0.24 cores
# and 49 MiB, oauth2-proxy 0.14 cores and 25 MiB. People ask far less; the limits are for large results and bursts.
CADDY = Resources(
    cpu_request_millicores=100, cpu_limit_millicores=1000, memory_request_mib=64, memory_limit_mib=256
)
OAUTH2_PROXY = Resources(
    cpu_request_millicores=50, cpu_limit_millicores=1000, memory_request_mib=64, memory_limit_mib=128
)
