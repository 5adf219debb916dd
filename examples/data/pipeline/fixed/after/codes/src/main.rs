//! Prints codes for a printed mailing: `codes PREFIX COUNT`, or checks them: `codes --check FILE`.

use regex::Regex;

const FORM: &str = "^([A-Z]+)-([0-9]{4,})-[0-9]{2}$";

fn code(prefix: &str, n: u32) -> String {
    let check = prefix.bytes().map(u32::from).sum::<u32>().wrapping_add(n * 7) % 97;
    format!("{prefix}-{n:04}-{check:02}")
}

fn is_good(form: &Regex, text: &str) -> bool {
    let Some(parts) = form.captures(text) else {
        return false;
    };
    parts[2].parse().is_ok_and(|n| code(&parts[1], n) == text)
}

fn check(path: &str) -> std::io::Result<usize> {
    let form = Regex::new(FORM).map_err(std::io::Error::other)?;
    let codes = std::fs::read_to_string(path)?;
    let bad: Vec<&str> = codes.lines().filter(|line| !is_good(&form, line)).collect();
    for line in &bad {
        println!("{line}");
    }
    Ok(bad.len())
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let prefix = arguments.next().unwrap_or_else(|| "GIFT".to_owned());
    if prefix == "--check" {
        let path = arguments.next().expect("a file");
        let bad = check(&path).expect("a file that can be read");
        std::process::exit(i32::from(bad > 0));
    }
    let count = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(10);
    for n in 1..=count {
        println!("{}", code(&prefix, n));
    }
}
