// Each `expect:` line gives name, cognitive and cyclomatic complexity of a function, in order.
import x from 'y'

// expect: empty 0 1
export function empty() {}

// expect: withoutBraces 10 6
function withoutBraces(a, b) {
  if (a)
    for (const x of a)
      if (x) return
      else continue
  else if (b) b()
  if (a) a()
  else b()
}

// expect: switches 3 4
const switches = async (kind) => {
  switch (kind) {
    case 'a':
    case 'b': return kind?.x ?? 1
    default:
      return kind ? 1 : 2
  }
}

// expect: loops 8 5
function loops(list) {
  do {
    for (let i = 0, j = 1; i < 3; i++) if (i) break
    try { list() } catch { list = null } finally { done() }
  } while (list)
}

// expect: Tree.grow 1 3
class Tree extends make(Base) {
  static #count = 0
  grow() {
    return this.tall && this.wide && /if (a) {/.test(this.name)
  }
  // expect: Tree.size 4 4
  get size() { if (this.a) return `${this.a ? '}' : "{"} if` && 1 }
}

// expect: Computed.Symbol 1 2
class Computed {
  async *[Symbol.iterator]() { if (a) yield 1 }
}

// expect: outer 2 2
function outer(list) {
  if (list) {
    // expect: <anonymous> 4 2
    list.forEach(function (x) {
      if (x) {
        console.log(x)
      } else {
      }
    })
    // expect: pick 3 2
    const pick = (x) => x ? 1 : 2
  } else {
  }
}

// expect: labelled 7 4
function labelled(rows) {
  rows: for (const row of rows) {
    for (const cell of row) {
      if (cell) continue rows
    }
  }
}

// expect: Page 2 3
const Page = ({ items, title }) => (
  <main class="if (x) {">
    Don't count if && || here
    {items.length > 0 && <List items={items} />}
    {title ? <h1>{title}</h1> : null}
  </main>
)

// expect: chained 2 3
function chained(p) {
  p.then(a).catch(b).finally(c)
  return { if: 1, for: p || a, catch: p && b }
}

// expect: fact 3 2
function fact(n) {
  if (n < 2) return 1
  else return n * fact(n - 1)
}
