"""The monthly cost of a stack in US dollars, at the prices of its settings.

The bill includes everything that this program creates: the bucket, the key, the Pods' requests and their volumes.
It excludes costs that no setting knows: traffic between zones, the platform's own Prometheus, Grafana and Kafka,
unused capacity of the nodes, taxes and discounts. docs/cost.md estimates how much they may matter.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from plan import access, synthetic_check
from plan.cost.requests import Blocks, blocks, store_requests
from plan.plan import Plan
from plan.storage import StoragePlan, tier_hours
from plan.tempo import memcached
from plan.units import GIB, HOURS_PER_DAY
from settings.base import Resources
from settings.cost import Cost
from settings.object_store import Aws
from settings.stack import StackSettings

# A twelfth of a year of 365 days, as in Amazon's calculator.
HOURS_PER_MONTH = 730
_DAYS_PER_MONTH = HOURS_PER_MONTH / HOURS_PER_DAY
# Amazon bills 2^30 bytes as a GB of storage, on S3 (its billing examples divide byte-hours by 1 073 741 824)
# and for volumes, whose sizes are in GiB.
BYTES_PER_BILLED_GB = GIB
# Amazon: a bucket key saves "up to 99 %" of the requests to KMS. Without one each object that is written or read
# would cost a request.
_KMS_SHARE_WITH_BUCKET_KEY = 0.01
# A line of S3's access log, two ids of 64 characters among its 26 fields.
_ACCESS_LOG_BYTES = 700


@dataclass(frozen=True, kw_only=True)
class CostItem:
    """One line of the bill: its name, US dollars a month, and the amounts and prices behind them."""

    name: str
    usd: float
    basis: str


@dataclass(frozen=True, kw_only=True)
class MonthlyCost:
    """The bill of a stack for a month; `prices_as_of` is the day on which its prices were read."""

    environment: str
    prices_as_of: str
    services: int
    items: tuple[CostItem, ...]

    @property
    def total_usd(self) -> float:
        """The sum of all items."""
        return sum(item.usd for item in self.items)

    @property
    def usd_per_service(self) -> float:
        """The total shared evenly among the services that send traces."""
        return self.total_usd / self.services


def monthly_cost(settings: StackSettings, plan: Plan) -> MonthlyCost:
    """Return the bill: Amazon S3 if the bucket is there, then Pods, then volumes."""
    aws = settings.object_store.aws
    items = [
        *(_amazon_s3(settings, plan, aws) if aws else ()),
        *(_pods(name, count, each, settings.cost) for name, count, each in _containers(settings, plan)),
        *(_volume(name, count, gib, settings.cost) for name, count, gib in _volumes(settings, plan)),
    ]
    return MonthlyCost(
        environment=settings.environment.name,
        prices_as_of=settings.cost.prices_as_of,
        services=settings.load.services,
        items=tuple(items),
    )


def _amazon_s3(settings: StackSettings, plan: Plan, aws: Aws) -> Iterator[CostItem]:
    prices, store = settings.cost, settings.object_store
    yield from _blocks_at_rest(settings, plan.storage)
    requests = store_requests(settings, plan)
    # An expired log becomes a noncurrent version.
    log_days = aws.access_log_expiry_days + store.noncurrent_expiry_days
    logged = (requests.puts + requests.lists + requests.gets) * log_days * _ACCESS_LOG_BYTES
    yield _stored("S3, access logs", logged, prices)
    if aws.intelligent_tiering_after_days is not None:
        yield _tiering_monitor(settings, blocks(settings, plan), aws.intelligent_tiering_after_days)
    yield _requests("S3, writing and merging blocks", requests.block_puts, 1000, prices.put_per_1000_usd)
    yield _requests("S3, writing indexes", requests.index_puts, 1000, prices.put_per_1000_usd)
    yield _requests("S3, listing", requests.lists, 1000, prices.put_per_1000_usd)
    yield _requests("S3, polling", requests.poll_gets, 1000, prices.get_per_1000_usd)
    yield _requests("S3, reading to merge", requests.compaction_gets, 1000, prices.get_per_1000_usd)
    yield _requests("S3, searching", requests.search_gets, 1000, prices.get_per_1000_usd)
    if requests.check_gets:
        yield _requests("S3, synthetic check", requests.check_gets, 1000, prices.get_per_1000_usd)
    if requests.metrics_gets:
        yield _requests("S3, TraceQL metrics", requests.metrics_gets, 1000, prices.get_per_1000_usd)
    if store.encryption == "sse_kms":
        yield CostItem(name="KMS, key", usd=prices.kms_key_month_usd, basis="1 key")
        to_kms = (requests.puts + requests.gets) * _KMS_SHARE_WITH_BUCKET_KEY
        yield _requests("KMS, requests past the bucket key", to_kms, 10_000, prices.kms_per_10000_usd)


def _blocks_at_rest(settings: StackSettings, storage: StoragePlan) -> Iterator[CostItem]:
    prices = settings.cost
    yield _stored("S3, blocks of the detailed tier", storage.detailed_bytes, prices)
    if settings.retention.long_term_hours:
        yield _stored("S3, blocks of the long-term tier", storage.long_term_bytes, prices)
    if storage.metrics_bytes:
        yield _stored("S3, blocks for TraceQL metrics", storage.metrics_bytes, prices)
    if settings.object_store.versioning:
        yield _stored("S3, deleted and overwritten versions", storage.noncurrent_bytes, prices)


def _stored(name: str, size: float, prices: Cost) -> CostItem:
    gigabytes, price = size / BYTES_PER_BILLED_GB, prices.storage_gb_month_usd
    return CostItem(name=name, usd=gigabytes * price, basis=f"{shown(gigabytes, 1)} GB × ${price:g}")


def _tiering_monitor(settings: StackSettings, block_counts: Blocks, after_days: int) -> CostItem:
    """Return the monitoring charge of Intelligent-Tiering for blocks that are old enough.

    It covers only the data object of each block, because objects below 128 KB neither move nor are billed.
    Storage gets cheaper only after 30 days without a read, so the storage price stays the standard one.
    """
    hours = tier_hours(settings.retention)
    old_share = sum(max(0, of_tier - after_days * HOURS_PER_DAY) for of_tier in hours) / sum(hours)
    price = settings.cost.tiering_monitor_per_1000_usd
    return CostItem(
        name="S3, Intelligent-Tiering's watch",
        usd=block_counts.at_rest * old_share / 1000 * price,
        basis=f"{shown(block_counts.at_rest * old_share)} objects × ${price:g} a thousand",
    )


def _requests(name: str, per_day: float, unit: int, price: float) -> CostItem:
    per_month = per_day * _DAYS_PER_MONTH
    return CostItem(
        name=name, usd=per_month / unit * price, basis=f"{shown(per_month)} × ${price:g} for {shown(unit)}"
    )


def _containers(settings: StackSettings, plan: Plan) -> Iterator[tuple[str, int, Resources]]:
    """Yield name, number and resources of all Pods that always run, without those that an autoscaler adds."""
    collectors, tempo, minio = settings.collectors, settings.tempo, settings.object_store.minio
    if tempo.deployment_mode == "monolithic":
        yield "Tempo", 1, tempo.resources
    else:
        yield from ((f"Tempo {w.name}", w.replicas, w.resources) for w in plan.tempo)
        yield "memcached", tempo.replication_factor, memcached.RESOURCES
    gateway = Resources(
        cpu_request_millicores=collectors.gateway.cpu_request_millicores,
        cpu_limit_millicores=collectors.gateway.cpu_limit_millicores,
        memory_request_mib=plan.gateway.memory_limit_mib,
        memory_limit_mib=plan.gateway.memory_limit_mib,
    )
    yield "gateways", collectors.gateway.replicas, gateway
    yield "agents", settings.load.nodes, collectors.agent.resources
    if settings.access.mode == "proxy":
        yield "access proxy, Caddy", settings.access.replicas, access.CADDY
        yield "access proxy, oauth2-proxy", settings.access.replicas, access.OAUTH2_PROXY
    if settings.synthetic_check.enabled:
        yield "synthetic check", 1, synthetic_check.RESOURCES
    if minio:
        yield "MinIO", 1, minio.resources


def _pods(name: str, count: int, each: Resources, prices: Cost) -> CostItem:
    """Return the cost of some Pods by their requests, which they reserve every hour."""
    cores, gib = each.cpu_request_millicores / 1000, each.memory_request_mib / 1024
    hourly = cores * prices.cpu_core_hour_usd + gib * prices.memory_gib_hour_usd
    return CostItem(
        name=f"Pods, {name}",
        usd=count * hourly * HOURS_PER_MONTH,
        basis=f"{count} × ({cores:g} cores × ${prices.cpu_core_hour_usd:g} + "
        f"{gib:.4g} GiB × ${prices.memory_gib_hour_usd:g}) × {HOURS_PER_MONTH} h",
    )


def _volumes(settings: StackSettings, plan: Plan) -> Iterator[tuple[str, int, int]]:
    """Yield name, number and GiB of all volumes that outlive their Pod."""
    tempo, minio = settings.tempo, settings.object_store.minio
    if tempo.deployment_mode == "monolithic":
        yield "Tempo", 1, tempo.volume_size_gib
    for workload in plan.tempo:
        if workload.volume_size_gib:
            yield f"Tempo {workload.name}", workload.replicas, workload.volume_size_gib
    yield "gateways", settings.collectors.gateway.replicas, settings.collectors.gateway.queue_volume_gib
    if minio:
        yield "MinIO", 1, minio.volume_size_gib


def _volume(name: str, count: int, gib: int, prices: Cost) -> CostItem:
    price = prices.volume_gb_month_usd
    return CostItem(name=f"volumes, {name}", usd=count * gib * price, basis=f"{count} × {gib} GB × ${price:g}")


def shown(amount: float, digits: int = 0) -> str:
    """Return a number with its thousands separated by spaces."""
    return f"{amount:,.{digits}f}".replace(",", " ")
