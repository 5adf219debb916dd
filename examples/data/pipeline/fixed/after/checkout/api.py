"""The service: POST /price."""

import json
from datetime import date

from checkout.basket import Basket
from checkout.loyalty import points_of
from checkout.money import show
from checkout.pricing import price, price_with_vouchers
from checkout.vouchers import Voucher


def answer(body: dict, today: date) -> dict:
    basket = Basket.from_json(body)
    vouchers = [Voucher.from_json(item) for item in body.get("vouchers", [])]
    email = body.get("email")
    if vouchers or email:
        points = points_of(email) if email else 0
        priced = price_with_vouchers(basket, vouchers, points, today)
    else:
        priced = price(basket)
    return {
        "total_cents": priced.total,
        "total": show(priced.total),
        "shipping_cents": priced.shipping,
        "vat_cents": priced.vat_included,
        "discount_cents": priced.discount,
        "refused_vouchers": [{"code": code, "reason": why} for code, why in priced.refused],
    }


def application(environ, start_response):
    if environ.get("REQUEST_METHOD") != "POST" or environ.get("PATH_INFO") != "/price":
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"not found\n"]
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = json.loads(environ["wsgi.input"].read(length))
        result = answer(body, date.today())
    except (KeyError, TypeError, ValueError) as error:
        start_response("400 Bad Request", [("Content-Type", "text/plain")])
        return [f"bad request: {error}\n".encode()]
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(result).encode()]
