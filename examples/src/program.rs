use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;

/// The exit code where a program could not do its work.
const ERROR: u8 = 3;

/// Runs a program: reads its arguments, does its work, and ends with the exit code that the work comes to.
///
/// `--help` ends with 0; arguments that are not understood and errors end with 3 and say why on standard error.
pub fn program<A: clap::Parser>(work: impl FnOnce(A) -> anyhow::Result<u8>) -> ExitCode {
    let args = match A::try_parse() {
        Ok(args) => args,
        Err(refused) => {
            let _ = refused.print();
            return if refused.use_stderr() { ERROR.into() } else { ExitCode::SUCCESS };
        }
    };
    match work(args) {
        Ok(code) => code.into(),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ERROR.into()
        }
    }
}

/// Prints to standard output. A reader that has seen enough, such as `head`, is no error.
///
/// # Errors
///
/// Where standard output cannot be written to.
pub fn print(text: &str) -> anyhow::Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// The text of a file, or of standard input where the path is `-`.
///
/// # Errors
///
/// Where it cannot be read, or is not UTF-8.
pub fn read_text(path: &Path) -> anyhow::Result<String> {
    if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).context("failed to read standard input")?;
        return Ok(text);
    }
    std::fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))
}
