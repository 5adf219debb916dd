// Each `expect:` line gives name, cognitive and cyclomatic complexity of a function, in order.

// expect: empty 0 1
fn empty() {}

// expect: guards 2 6
fn guards(x: Option<u32>) -> u32 {
    match x {
        Some(n) if n > 9 => 1,
        Some(n) if n > 3 && true_enough(n) => 2,
        Some(_) | None => 3,
    }
}

// expect: let_else 4 3
fn let_else(x: Option<u32>, y: Option<u32>) -> u32 {
    let Some(x) = x else { return 0 };
    if let Some(y) = y && y > x { y } else { x }
}

// expect: patterns 6 4
fn patterns(list: &[Point]) {
    for Point { x, .. } in list {
        if let Point { y, .. } = x {
            while let Some(Point { .. }) = y.next() {}
        }
    }
}

// expect: closures 4 3
fn closures(list: Vec<u32>) -> Vec<u32> {
    let never = || false;
    list.iter().filter(|n| **n > 1 || never()).map(|x| if x > 2 { 1 } else { 2 }).collect()
}

// expect: labels 12 6
fn labels() {
    'outer: loop {
        while a() {
            if b() {
                continue 'outer;
            } else if c() {
                break 'outer;
            } else {
                break;
            }
        }
        return;
    }
    if true { break 'x 3 }
}

// expect: references 1 2
fn references<'a>(a: &&'a str, b: &'a str) -> bool {
    let c = &&b;
    *a == **c || a.is_empty()
}

// expect: Tree::grow 2 2
impl<T: Ord + Into<Option<T>>> Grow for forest::Tree<T> {
    fn grow(&mut self) {
        if self.tall {
            self.grow();
        }
    }
}

// expect: inner::nested 4 4
mod inner {
    fn nested(a: bool) {
        fn helper(b: bool) {
            if b {}
        }
        if a && helper(a) {}
    }
}

// expect: strings 1 2
fn strings(c: char) -> bool {
    let _ = ("if a {", r#"while "x" {"#, '{', '"', b'}');
    /* if /* nested */ else */
    matches!(c, '\'' | '}') || c == '\u{7d}'
}

// expect: recursive 3 2
fn recursive(n: u64) -> u64 {
    if n < 2 { n } else { recursive(n - 1) + recursive(n - 2) }
}

// expect: in_head 4 4
fn in_head(a: u8) -> u8 {
    if { let b = a; b } > 1 || match a { 1 => true, _ => false } {
        1
    } else {
        2
    }
}
