from checkout import orders


def test_order_round_trip():
    connection = orders.connect(":memory:")
    order = orders.place(connection, "ada", 2475)
    assert orders.total_of(connection, order) == 2475
    assert orders.total_of(connection, 99) is None


def test_orders_by_status():
    connection = orders.connect(":memory:")
    order = orders.place(connection, "ada", 2475)
    assert orders.mark(connection, order, "paid")
    assert not orders.mark(connection, 99, "paid")
    assert orders.find(connection, "paid") == [(order, "ada", 2475)]
    assert orders.find(connection, "new' or '1'='1") == []
