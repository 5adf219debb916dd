export interface Line {
  sku: string;
  quantity: number;
  unitCents: number;
}

export interface Refusal {
  code: string;
  reason: string;
}

export interface Answer {
  total_cents: number;
  total: string;
  shipping_cents: number;
  discount_cents: number;
  refused_vouchers: Refusal[];
}

export interface Voucher {
  code: string;
  kind: "percent" | "fixed" | "shipping" | "third_free";
  value: number;
}

export async function fetchPrice(
  lines: Line[],
  country: string,
  vouchers: Voucher[],
  email?: string,
): Promise<Answer> {
  const body = lines.map((line) => ({
    sku: line.sku,
    quantity: line.quantity,
    unit_cents: line.unitCents,
  }));
  const response = await fetch("/price", {
    method: "POST",
    body: JSON.stringify({ country, lines: body, vouchers, email }),
  });
  if (!response.ok) {
    throw new Error(await response.text());
  }
  return response.json();
}

export function showTotal(target: HTMLElement, answer: Answer): void {
  target.textContent = answer.total;
}

export function showDiscount(target: HTMLElement, answer: any): void {
  console.log("discount", answer);
  let text = "";
  if (answer.discount_cents != 0) {
    text = `You save ${(answer.discount_cents / 100).toFixed(2)} EUR`;
  }
  for (const refusal of answer.refused_vouchers) {
    text += `<br>${refusal.code}: ${refusal.reason}`;
  }
  target.innerHTML = text;
}
