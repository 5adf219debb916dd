"""Vouchers: what they are and what they take off a basket."""

from dataclasses import dataclass
from datetime import date

from checkout.basket import Basket
from checkout.money import percent_of

MAX_VOUCHERS = 3
KINDS = ("percent", "fixed", "shipping", "third_free")


@dataclass(frozen=True)
class Voucher:
    code: str
    kind: str
    value: int = 0
    category: str | None = None
    minimum: int = 0
    last_day: date | None = None
    exclusive: bool = False

    @classmethod
    def from_json(cls, item: dict) -> "Voucher":
        """Reads one voucher of a request."""
        kind = str(item["kind"])
        if kind not in KINDS:
            raise ValueError(f"voucher kind {kind} is unknown: expected one of {', '.join(KINDS)}")
        last_day = item.get("last_day")
        return cls(
            code=str(item["code"]).strip().upper(),
            kind=kind,
            value=int(item.get("value", 0)),
            category=item.get("category"),
            minimum=int(item.get("minimum", 0)),
            last_day=date.fromisoformat(last_day) if last_day else None,
            exclusive=bool(item.get("exclusive", False)),
        )


@dataclass(frozen=True)
class Discount:
    goods: int
    shipping_free: bool
    used: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


def _refusal(voucher: Voucher, used: list[str], left: int, today: date) -> str | None:
    """Why the voucher does not count; nothing where it does."""
    if voucher.code in used:
        return "already used"
    if len(used) >= MAX_VOUCHERS:
        return "too many vouchers"
    if voucher.last_day is not None and voucher.last_day < today:
        return "expired"
    if left < voucher.minimum:
        return "below its minimum"
    if voucher.exclusive and used:
        return "cannot be combined"
    return None


def _takes_off(voucher: Voucher, basket: Basket) -> int:
    """What the voucher takes off the goods, not yet limited by what is left."""
    lines = [
        line for line in basket.lines if voucher.category in (None, line.category)
    ]
    if voucher.kind == "percent":
        return percent_of(sum(line.total() for line in lines), voucher.value)
    if voucher.kind == "third_free":
        return sum((line.quantity // 3) * line.unit_cents for line in lines)
    return voucher.value if voucher.kind == "fixed" else 0


def redeem(basket: Basket, vouchers: list[Voucher], today: date) -> Discount:
    """What the vouchers take off, in the order given, and why others do not count."""
    left = basket.goods_total()
    shipping_free = False
    used: list[str] = []
    refused = []
    for voucher in vouchers:
        reason = _refusal(voucher, used, left, today)
        if reason:
            refused.append((voucher.code, reason))
            continue
        left -= min(left, _takes_off(voucher, basket))
        shipping_free = shipping_free or voucher.kind == "shipping"
        used.append(voucher.code)
        if voucher.exclusive:
            break
    return Discount(basket.goods_total() - left, shipping_free, tuple(used), tuple(refused))
