//! Prints codes for a printed mailing: `codes PREFIX COUNT`.

fn code(prefix: &str, n: u32) -> String {
    let check = prefix.bytes().map(u32::from).sum::<u32>().wrapping_add(n * 7) % 97;
    format!("{prefix}-{n:04}-{check:02}")
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let prefix = arguments.next().unwrap_or_else(|| "GIFT".to_owned());
    let count = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(10);
    for n in 1..=count {
        println!("{}", code(&prefix, n));
    }
}
