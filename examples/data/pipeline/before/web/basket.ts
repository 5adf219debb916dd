export interface Line {
  sku: string;
  quantity: number;
  unitCents: number;
}

export interface Answer {
  total_cents: number;
  total: string;
  shipping_cents: number;
}

export async function fetchPrice(lines: Line[], country: string): Promise<Answer> {
  const body = lines.map((line) => ({
    sku: line.sku,
    quantity: line.quantity,
    unit_cents: line.unitCents,
  }));
  const response = await fetch("/price", {
    method: "POST",
    body: JSON.stringify({ country, lines: body }),
  });
  if (!response.ok) {
    throw new Error(await response.text());
  }
  return response.json();
}

export function showTotal(target: HTMLElement, answer: Answer): void {
  target.textContent = answer.total;
}
