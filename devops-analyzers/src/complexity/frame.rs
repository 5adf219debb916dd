//! What is open at a point of a source in a brace language.

use super::metrics::Tally;
use super::words::Class;

/// How far a statement with a body of its own has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Before its body.
    Head,
    /// At the first token of its body.
    Body,
    /// In a body without braces.
    Statement,
}

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The whole file.
    File,
    /// `(…)`, `[…]`.
    Bracket,
    /// `{…}` of no meaning.
    Plain,
    /// `{…}` of a type or module.
    Container,
    /// `{…}` of a function.
    Function,
    /// `{…}` of a statement such as `if`.
    Body,
    /// `{…}` of a Rust `match`.
    Match,
    /// A statement such as `if`, from its word to the end of its body.
    Control(Class, Stage),
}

impl Kind {
    pub(super) const fn is_brace(self) -> bool {
        matches!(self, Self::Plain | Self::Container | Self::Function | Self::Body | Self::Match)
    }

    /// Whether statements stand in it.
    pub(super) const fn has_statements(self) -> bool {
        self.is_brace() || matches!(self, Self::File | Self::Control(_, Stage::Statement))
    }
}

/// What the statement has shown so far that a `{` may belong to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Head {
    /// The word that starts a function, and the function's name and owner, as token numbers.
    pub(super) function: Option<Named>,
    /// A word such as `class`.
    pub(super) container: bool,
    /// The name of the type.
    pub(super) owner: Option<usize>,
    /// A name with a round bracket behind it.
    pub(super) candidate: Option<usize>,
    /// Open angle brackets in the head of a type.
    pub(super) angles: u32,
    /// Behind the `:` of a C++ constructor or of a TypeScript result type.
    pub(super) initialisers: bool,
    /// The name that a value is given to.
    pub(super) assigned: Option<usize>,
    /// It is an expression, so it declares no method.
    pub(super) expression: bool,
    /// It has `new`.
    pub(super) is_new: bool,
    /// `case` or `default` without its colon or arrow yet.
    pub(super) case: bool,
    /// An arrow with a brace behind it.
    pub(super) arrow: bool,
    /// The `[…]` of a C++ lambda.
    pub(super) capture: bool,
    /// The next `while` ends a `do`.
    pub(super) foot: bool,
}

/// The tokens that name a function.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named {
    pub(super) line: u32,
    pub(super) name: Option<usize>,
    pub(super) owner: Option<usize>,
}

/// Something that is open.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) kind: Kind,
    /// The nesting behind it.
    pub(super) outer: u32,
    /// The nesting at the start of each expression in it.
    pub(super) base: u32,
    /// The last logical operator of the running sequence.
    pub(super) logic: u8,
    pub(super) head: Head,
    /// Functions without braces that end with the running expression.
    pub(super) lambdas: usize,
    /// Whether its end ends a function that is counted by itself.
    pub(super) closes_function: bool,
    /// Braces of a type in the head of a function: the head goes on behind them.
    pub(super) keeps_head: bool,
    /// Whether a C++ lambda may have started with it.
    pub(super) capture: bool,
    /// Arms of a `match`.
    pub(super) arms: u32,
}

impl Frame {
    pub(super) fn new(kind: Kind, outer: u32, base: u32) -> Self {
        Self {
            kind,
            outer,
            base,
            logic: 0,
            head: Head::default(),
            lambdas: 0,
            closes_function: false,
            keeps_head: false,
            capture: false,
            arms: 0,
        }
    }
}

/// A function that is open and is counted by itself.
#[derive(Debug, Clone)]
pub(super) struct OpenFunction {
    pub(super) name: String,
    pub(super) owner: String,
    pub(super) line: u32,
    pub(super) tally: Tally,
    pub(super) recursive: bool,
    /// An arrow function without braces.
    pub(super) is_expression: bool,
}
