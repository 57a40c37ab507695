"""Reading `TRUSTED_PROXIES`."""

from ipaddress import ip_network


def read(proxies: str) -> str:
    """Check a list of proxies: only what uvicorn understands, which ignores anything else silently.

    Parameters
    ----------
    proxies : str
        Addresses and networks, separated by commas; or `*`, all.

    Returns
    -------
    str
        Without white space around it.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    for proxy in proxies.split(","):
        try:
            if proxies.strip() != "*":
                ip_network(proxy.strip())
        except ValueError as error:
            raise ValueError(
                f"must be addresses and networks, as 10.0.0.7, 172.16.0.0/12: {error}"
            ) from None
    return proxies.strip()
