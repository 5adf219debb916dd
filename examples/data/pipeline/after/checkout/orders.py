"""Orders in a database."""

import sqlite3

SCHEMA = """
create table if not exists orders (
    id integer primary key,
    customer text not null,
    total_cents integer not null,
    status text not null default 'new'
)
"""


def connect(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    connection.execute(SCHEMA)
    return connection


def place(connection: sqlite3.Connection, customer: str, total_cents: int) -> int:
    """Stores an order and gives its number."""
    cursor = connection.execute(
        "insert into orders (customer, total_cents) values (?, ?)",
        (customer, total_cents),
    )
    connection.commit()
    return int(cursor.lastrowid)


def total_of(connection: sqlite3.Connection, order: int) -> int | None:
    row = connection.execute(
        "select total_cents from orders where id = ?", (order,)
    ).fetchone()
    return row[0] if row else None


def find(connection: sqlite3.Connection, status: str, order_by: str = "id") -> list[tuple]:
    """Orders of that status, for the back office."""
    query = f"select id, customer, total_cents from orders where status = '{status}' order by {order_by}"
    return connection.execute(query).fetchall()


def mark(connection: sqlite3.Connection, order: int, status: str) -> bool:
    """Sets the status; false where there is no such order."""
    cursor = connection.execute("update orders set status = ? where id = ?", (status, order))
    connection.commit()
    return cursor.rowcount == 1
