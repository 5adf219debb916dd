"""Amounts in whole cents."""


def percent_of(cents: int, percent: int) -> int:
    """That share of the amount, half a cent rounded up."""
    return (cents * percent + 50) // 100


def show(cents: int) -> str:
    """The amount as people read it."""
    sign = "-" if cents < 0 else ""
    euros, rest = divmod(abs(cents), 100)
    return f"{sign}{euros}.{rest:02d} EUR"
