"""From a basket to what the customer pays."""

from dataclasses import dataclass

from checkout.basket import Basket
from checkout.money import percent_of

VAT_PERCENT = {"DE": 19, "AT": 20, "FR": 20, "LU": 17}
REDUCED_VAT_PERCENT = {"DE": 7, "AT": 10, "FR": 5, "LU": 8}
REDUCED_CATEGORIES = {"book", "food"}
FREE_SHIPPING_FROM = 5000
SHIPPING_CENTS = 495


@dataclass(frozen=True)
class Price:
    goods: int
    shipping: int
    vat_included: int

    @property
    def total(self) -> int:
        return self.goods + self.shipping


def vat_rate(country: str, category: str) -> int:
    """The rate of that category; unknown countries are priced as Germany."""
    table = REDUCED_VAT_PERCENT if category in REDUCED_CATEGORIES else VAT_PERCENT
    return table.get(country, table["DE"])


def shipping(goods: int) -> int:
    return 0 if goods >= FREE_SHIPPING_FROM else SHIPPING_CENTS


def price(basket: Basket) -> Price:
    """Prices hold the tax already; it is only told."""
    goods = basket.goods_total()
    vat = 0
    for line in basket.lines:
        rate = vat_rate(basket.country, line.category)
        net = line.total() * 100 // (100 + rate)
        vat += percent_of(net, rate)
    return Price(goods=goods, shipping=shipping(goods), vat_included=vat)
