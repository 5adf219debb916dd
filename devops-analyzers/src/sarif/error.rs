//! Why a SARIF report was refused.

/// Why a whole SARIF report was refused. One bad result never is a reason: it is kept as a
/// [`SarifWarning`](super::SarifWarning).
///
/// ```
/// use devops_analyzers::sarif::SarifReader;
///
/// let error = SarifReader::new().read(b"{\"version\": \"2.1.0\", \"ru").unwrap_err();
/// assert_eq!(error.to_string(), "SARIF report ends too early, at line 1, column 24: was it cut off?");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SarifError {
    /// More bytes than the reader may look at.
    #[error("SARIF report of {bytes} bytes is larger than the limit of {limit} bytes")]
    TooLarge {
        /// How many.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// A byte order mark of UTF-16.
    #[error("SARIF report is written in UTF-16: expected UTF-8")]
    Utf16,
    /// Bytes that are not UTF-8.
    #[error("SARIF report is not UTF-8 from byte {offset} on: expected UTF-8")]
    NotUtf8 {
        /// The first bad byte, from 0.
        offset: usize,
    },
    /// The file stops inside the document.
    #[error("SARIF report ends too early, at line {line}, column {column}: was it cut off?")]
    Truncated {
        /// The last line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// Not JSON.
    #[error("SARIF report is not JSON at line {line}, column {column}: {problem}")]
    NotJson {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What the JSON reader says.
        problem: String,
    },
    /// JSON that is no SARIF.
    #[error("SARIF field `{field}` is {found}: expected {expected}")]
    Shape {
        /// Which field.
        field: &'static str,
        /// What stands there.
        found: String,
        /// What would be right.
        expected: &'static str,
    },
    /// A version that this reader does not know.
    #[error("SARIF version `{version}` is not known: expected `2.1.0`")]
    Version {
        /// What the file says.
        version: String,
    },
    /// A key that decides what the file says stands there twice.
    #[error("SARIF field `{field}` stands there twice: expected it once")]
    Repeated {
        /// Which field.
        field: &'static str,
    },
    /// The lists of rules, files and notes are longer than anyone needs.
    #[error("SARIF report lists more runs, rules or files than fit in {limit} bytes")]
    TooMuch {
        /// The limit.
        limit: usize,
    },
}

impl SarifError {
    pub(super) fn json(error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        if error.is_eof() {
            return Self::Truncated { line, column };
        }
        let text = error.to_string();
        let problem = text.rsplit_once(" at line ").map_or(&*text, |(problem, _)| problem);
        Self::NotJson { line, column, problem: devops_core::excerpt(problem) }
    }
}
