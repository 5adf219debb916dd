"""What a customer wants to buy."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Line:
    sku: str
    quantity: int
    unit_cents: int
    category: str = "general"

    def total(self) -> int:
        return self.quantity * self.unit_cents


@dataclass
class Basket:
    country: str
    lines: list[Line] = field(default_factory=list)

    def goods_total(self) -> int:
        return sum(line.total() for line in self.lines)

    @classmethod
    def from_json(cls, body: dict) -> "Basket":
        """Reads the body of a request; a line without a quantity is one piece."""
        lines = []
        for item in body.get("lines", []):
            quantity = int(item.get("quantity", 1))
            if quantity < 1:
                raise ValueError(f"quantity {quantity} of {item.get('sku')} is below 1")
            lines.append(
                Line(
                    sku=str(item["sku"]),
                    quantity=quantity,
                    unit_cents=int(item["unit_cents"]),
                    category=str(item.get("category", "general")),
                )
            )
        return cls(country=str(body.get("country", "DE")), lines=lines)
