"""Prices, with their date: the cost model multiplies the plan by these."""

from pydantic import Field

from settings.base import Section, Usd


class Cost(Section):
    """List prices in US dollars of the region that the environment runs in."""

    prices_as_of: str = Field(
        pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
        description="The day the prices were read, ISO 8601; older than a year deserves a look.",
    )
    storage_gb_month_usd: Usd = Field(description="Object storage, standard class, a GB-month.")
    put_per_1000_usd: Usd = Field(description="PUT, POST and LIST requests, a thousand.")
    get_per_1000_usd: Usd = Field(description="GET requests, a thousand.")
    tiering_monitor_per_1000_usd: Usd = Field(
        default=0.0025, description="Intelligent-Tiering's watch over a thousand objects, a month."
    )
    kms_key_month_usd: Usd = Field(description="One customer-managed key, a month.")
    kms_per_10000_usd: Usd = Field(description="KMS requests, ten thousand; a bucket key makes them few.")
    cpu_core_hour_usd: Usd = Field(description="One core an hour; the decision record's 0.04.")
    memory_gib_hour_usd: Usd = Field(description="One GiB of memory an hour; the decision record's 0.005.")
    volume_gb_month_usd: Usd = Field(description="Block volume, a GB-month.")
