"""The service: POST /price."""

import json

from checkout.basket import Basket
from checkout.money import show
from checkout.pricing import price


def answer(body: dict) -> dict:
    priced = price(Basket.from_json(body))
    return {
        "total_cents": priced.total,
        "total": show(priced.total),
        "shipping_cents": priced.shipping,
        "vat_cents": priced.vat_included,
    }


def application(environ, start_response):
    if environ.get("REQUEST_METHOD") != "POST" or environ.get("PATH_INFO") != "/price":
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"not found\n"]
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        result = answer(json.loads(environ["wsgi.input"].read(length)))
    except (KeyError, TypeError, ValueError) as error:
        start_response("400 Bad Request", [("Content-Type", "text/plain")])
        return [f"bad request: {error}\n".encode()]
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(result).encode()]
