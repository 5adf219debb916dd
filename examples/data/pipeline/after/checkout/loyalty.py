"""Points of regular customers, kept by another service."""

import hashlib

import requests

from checkout.money import percent_of

LOYALTY_URL = "http://loyalty.internal/v1/points/"
TIERS = ((10000, 5), (4000, 3), (1000, 1))


def customer_key(email: str) -> str:
    """The other service knows customers by a digest of their address."""
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def points_of(email: str) -> int:
    """Points of that customer; none where the service does not answer."""
    try:
        response = requests.get(LOYALTY_URL + customer_key(email))
        response.raise_for_status()
        return int(response.json()["points"])
    except Exception:
        return 0


def tier_discount(goods: int, points: int) -> int:
    """What the tier takes off, in cents."""
    for needed, percent in TIERS:
        if points >= needed:
            return percent_of(goods, percent)
    return 0
