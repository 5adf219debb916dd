"""Vouchers: what they are and what they take off a basket."""

from dataclasses import dataclass
from datetime import date

from checkout.basket import Basket, Line
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


def lines_of(basket: Basket, voucher: Voucher) -> list[Line]:
    """The lines that the voucher speaks of."""
    return [line for line in basket.lines if voucher.category in (None, line.category)]


def redeem(basket: Basket, vouchers: list[Voucher], today: date) -> Discount:
    """What the vouchers take off, in the order given, and why others do not count."""
    goods = basket.goods_total()
    off = 0
    shippingFree = False
    used = []
    refused = []
    for voucher in vouchers:
        if voucher.code in used:
            refused.append((voucher.code, "already used"))
            continue
        if len(used) >= MAX_VOUCHERS:
            refused.append((voucher.code, "too many vouchers"))
            continue
        if voucher.last_day is not None and voucher.last_day < today:
            refused.append((voucher.code, "expired"))
            continue
        if goods - off < voucher.minimum:
            refused.append((voucher.code, "below its minimum"))
            continue
        if voucher.exclusive and used:
            refused.append((voucher.code, "cannot be combined"))
            continue
        if voucher.kind == "percent":
            base = sum(line.total() for line in lines_of(basket, voucher))
            off += percent_of(base, voucher.value)
        elif voucher.kind == "third_free":
            # TODO: the cheapest three should count together, not line by line
            for line in lines_of(basket, voucher):
                off += (line.quantity // 3) * line.unit_cents
        elif voucher.kind == "fixed":
            off += voucher.value
        else:
            shippingFree = True
        used.append(voucher.code)
        if voucher.exclusive:
            break
    return Discount(off, shippingFree, tuple(used), tuple(refused))
