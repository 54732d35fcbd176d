"""Prices and their date; the cost model multiplies the plan by them."""

from pydantic import Field

from settings.base import Section, Usd


class Cost(Section):
    """List prices in US dollars, in the region of the environment."""

    prices_as_of: str = Field(
        pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
        description="Day on which the prices were read, ISO 8601. Check prices older than a year.",
    )
    storage_gb_month_usd: Usd = Field(description="Object storage in the standard class, per GB-month.")
    put_per_1000_usd: Usd = Field(description="PUT, POST and LIST requests, per thousand.")
    get_per_1000_usd: Usd = Field(description="GET requests, per thousand.")
    tiering_monitor_per_1000_usd: Usd = Field(
        default=0.0025, description="Intelligent-Tiering's monitoring, per thousand objects a month."
    )
    kms_key_month_usd: Usd = Field(description="One customer-managed KMS key, per month.")
    kms_per_10000_usd: Usd = Field(description="KMS requests, per ten thousand; a bucket key makes them few.")
    cpu_core_hour_usd: Usd = Field(description="One CPU core, per hour; the decision record states 0.04.")
    memory_gib_hour_usd: Usd = Field(description="One GiB of memory, per hour; the decision record states 0.005.")
    volume_gb_month_usd: Usd = Field(description="Block volume, per GB-month.")
