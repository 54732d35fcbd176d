"""The shares of a container's memory at which a collector collects garbage and refuses spans."""

# memory_limiter refuses spans above its limit minus its spike limit, 60 % of the container's memory (its README
# recommends a spike limit of about 20 %).
LIMITER_LIMIT_PERCENTAGE = 80
LIMITER_SPIKE_PERCENTAGE = 20
REFUSING_PERCENTAGE = LIMITER_LIMIT_PERCENTAGE - LIMITER_SPIKE_PERCENTAGE
# Room for garbage: heap at a collection / what is held. At the peak, two thirds of what the usual headroom of 1.5
# plans for, that lets the heap double, Go's default; in a burst above it the collector of garbage works harder.
GARBAGE_FACTOR = 4 / 3
# GOGC of gateways. Their memory is reserved, so garbage may fill it up to GOMEMLIMIT: with 400 instead of Go's 100
# an incident took 30 % less CPU (69 instead of 99 µs a span, measured once). Agents request a fraction of their
# limit and gained nothing beyond the noise of three runs.
GATEWAY_GC_PERCENTAGE = 400


def collector_go_memory_limit_mib(container_limit_mib: int) -> int:
    """Return GOMEMLIMIT for a collector's memory limit, in MiB: what memory_limiter refuses above.

    The limiter counts garbage, too, and collects it at most every ten seconds. With GOMEMLIMIT at the usual 80 %,
    the heap grew past 60 % between two collections, and a gateway at its planned peak refused a second's spans
    (7 500 of 337 500). With both at 60 % the runtime collects first, and only what is held makes the limiter
    refuse.
    """
    return container_limit_mib * REFUSING_PERCENTAGE // 100
