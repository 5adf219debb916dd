// Each `expect:` line gives name, cognitive and cyclomatic complexity of a function, in order.
type Handler = (event: Event, done?: () => void) => boolean;

// expect: optional 2 3
export function optional(a?: string, b: { c?: number } = {}): { d: number } {
  return { d: a && b ? 1 : 2 } as { d: number; e?: string };
}

interface Shape {
  area?(): number;
  kind: "if" | "else";
}

abstract class Circle<T extends object = {}> implements Shape {
  // expect: Circle.constructor 0 1
  constructor(private readonly r: number, public label?: string) {}
  abstract draw(): void;
  // expect: Circle.area 2 2
  public area(): number | undefined {
    if (this.r!) { return this.r! ** 2; } else return undefined;
  }
  // expect: Circle.all 1 2
  static async *all<T>(list: T[]): AsyncGenerator<{ value: T }> {
    for await (const x of list) yield { value: x };
  }
  // expect: Circle.handle 1 2
  handle = (e: Event): boolean => { return e.a || e.b; };
}

// expect: Shapes.nested 0 1
namespace Shapes {
  export function nested<T,>(x: T): T { return x; }
}
