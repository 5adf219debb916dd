from checkout import orders


def test_order_round_trip():
    connection = orders.connect(":memory:")
    order = orders.place(connection, "ada", 2475)
    assert orders.total_of(connection, order) == 2475
    assert orders.total_of(connection, 99) is None
