"""Who may read which tenants' traces through Grafana."""

from typing import Annotated, Literal

from pydantic import Field

from settings.base import DnsLabel, Section

# What a file of Caddy and a regular expression of Go take as it is, but for a dot and a plus. Never a comma:
# oauth2-proxy joins a user's groups by it.
Group = Annotated[str, Field(pattern=r"^[A-Za-z0-9_./@:+-]([A-Za-z0-9_./@:+ -]{0,198}[A-Za-z0-9_./@:+-])?$")]
HttpsUrl = Annotated[str, Field(pattern=r"^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._/~-]*)?$")]


class GroupAccess(Section):
    """A group at the identity provider, and the tenants that its members may read."""

    members_of: Group = Field(
        description="Name or id of the group, as the claim has it: ASCII letters, digits, spaces inside, and "
        "_ . / @ : + -."
    )
    tenants: tuple[DnsLabel, ...] = Field(
        min_length=1,
        max_length=100,
        description="Tenants of either tier, such as `backstage` and `backstage-long-term`.",
    )


class Access(Section):
    """Whether teams are kept apart when they read: without the proxy, whoever uses Grafana may read everything."""

    mode: Literal["none", "proxy"] = Field(
        default="none",
        description="`proxy` puts a proxy in front of Tempo that checks the user's token, which Grafana passes "
        "on, and sets the tenants from the user's groups; nobody else may then query Tempo (docs/access.md). "
        "`none` leaves Tempo to every Pod of Grafana's namespace.",
    )
    issuer_url: HttpsUrl | None = Field(
        default=None,
        description="The OpenID Connect issuer of Grafana's users, exactly as `iss` in their tokens has it. The "
        "proxy reads its keys from `/.well-known/openid-configuration` below it.",
    )
    audience: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,199}$",
        description="`aud` of the tokens, usually the client id of Grafana at the issuer. A token for another "
        "audience is refused.",
    )
    token: Literal["access", "id"] = Field(
        default="access",
        description="The token that is checked: `access` is the one in `Authorization`, `id` the one in "
        "`X-Id-Token`, for issuers whose access tokens are no JWT or are for another audience.",
    )
    groups_claim: str = Field(
        default="groups",
        pattern=r"^[A-Za-z][A-Za-z0-9_.:/-]{0,99}$",
        description="Claim of the token that lists the user's groups.",
    )
    groups: tuple[GroupAccess, ...] = Field(
        default=(),
        max_length=200,
        description="What the members of each group may read; who is in several reads the tenants of all of them.",
    )
    admin_groups: tuple[Group, ...] = Field(
        default=(), max_length=20, description="Groups whose members read every tenant of either tier."
    )
    replicas: int = Field(
        default=2, ge=1, le=10, description="Proxies; with two a node can be drained while people search."
    )
