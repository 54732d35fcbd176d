"""The flags of oauth2-proxy, which checks tokens and tells whose they are; it shows no page and sets no cookie."""

from render.names import TOKEN_CHECK_METRICS_PORT, TOKEN_CHECK_PORT, every_address
from settings.stack import StackSettings


def oauth2_proxy_flags(settings: StackSettings) -> list[str]:
    """Return the flags; raise ValueError for a stack without an issuer, which the settings' checks refuse."""
    access = settings.access
    if access.issuer_url is None or access.audience is None:
        raise ValueError("access.issuer_url and access.audience are not set")
    return [
        "--provider=oidc",
        f"--oidc-issuer-url={access.issuer_url}",
        f"--client-id={access.audience}",
        f"--oidc-groups-claim={access.groups_claim}",
        # The user of a token that the issuer signed for this audience; there is no other way in.
        "--skip-jwt-bearer-tokens=true",
        # A token without groups would otherwise be completed at the issuer, once for each request.
        "--skip-claims-from-profile-url=true",
        # Whom the issuer knows; groups decide about the rest.
        "--email-domain=*",
        "--set-xauthrequest=true",
        # Caddy alone asks, and only /oauth2/auth.
        f"--http-address=127.0.0.1:{TOKEN_CHECK_PORT}",
        "--upstream=static://403",
        # For the kubelet, which does not reach the Pod's loopback.
        f"--metrics-address={every_address(TOKEN_CHECK_METRICS_PORT)}",
        # Caddy's log has every request with its user.
        "--request-logging=false",
    ]
