import io
import json

from checkout.api import application


def call(body, method="POST", path="/price"):
    raw = json.dumps(body).encode()
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "CONTENT_LENGTH": str(len(raw)),
        "wsgi.input": io.BytesIO(raw),
    }
    seen = []
    chunks = application(environ, lambda status, headers: seen.append(status))
    return seen[0], b"".join(chunks)


def test_prices_a_basket():
    status, body = call({"lines": [{"sku": "mug", "unit_cents": 990}]})
    assert status == "200 OK"
    assert json.loads(body)["total"] == "14.85 EUR"


def test_refuses_other_paths():
    assert call({}, path="/")[0] == "404 Not Found"


def test_refuses_bad_quantities():
    status, body = call({"lines": [{"sku": "mug", "quantity": 0, "unit_cents": 1}]})
    assert status == "400 Bad Request"
    assert b"quantity 0 of mug is below 1" in body


def test_takes_vouchers():
    body = {
        "lines": [{"sku": "lamp", "unit_cents": 8000}],
        "vouchers": [
            {"code": "TEN", "kind": "percent", "value": 10},
            {"code": "OLD", "kind": "fixed", "value": 500, "last_day": "2020-01-01"},
        ],
    }
    status, raw = call(body)
    answer = json.loads(raw)
    assert status == "200 OK"
    assert (answer["discount_cents"], answer["total_cents"]) == (800, 7200)
    assert answer["refused_vouchers"] == [{"code": "OLD", "reason": "expired"}]
