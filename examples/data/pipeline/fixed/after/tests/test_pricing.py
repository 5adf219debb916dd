import pytest

from checkout.basket import Basket, Line
from checkout.money import percent_of, show
from checkout.pricing import price, vat_rate


@pytest.mark.parametrize(
    ("cents", "percent", "expected"), [(1000, 19, 190), (50, 1, 1), (49, 1, 0), (0, 20, 0)]
)
def test_percent_of(cents, percent, expected):
    assert percent_of(cents, percent) == expected


@pytest.mark.parametrize(("cents", "text"), [(1995, "19.95 EUR"), (-5, "-0.05 EUR")])
def test_show(cents, text):
    assert show(cents) == text


def test_reduced_rate():
    assert vat_rate("FR", "book") == 5
    assert vat_rate("XX", "general") == 19


def test_small_basket_pays_shipping():
    priced = price(Basket("DE", [Line("mug", 2, 990)]))
    assert (priced.goods, priced.shipping, priced.total) == (1980, 495, 2475)


def test_large_basket_ships_free():
    assert price(Basket("AT", [Line("lamp", 1, 8900)])).shipping == 0


def test_vat_is_told_by_line():
    basket = Basket("DE", [Line("lamp", 1, 11900), Line("novel", 1, 1070, "book")])
    assert price(basket).vat_included == 1900 + 70
