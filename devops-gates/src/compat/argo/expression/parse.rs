//! Words made a tree.

use alloc::boxed::Box;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::token::{Token, Word, tokens};
use super::{ExpressionError, MAX_DEPTH, MAX_OPERATORS};

/// One step of an expression, and the column where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) step: Step,
    pub(super) column: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    Number(f64),
    Text(String),
    Flag(bool),
    Nil,
    Result,
    /// `#`, the item that a predicate looks at.
    Item,
    List(Vec<Node>),
    Not(Box<Node>),
    Minus(Box<Node>),
    Binary(Binary, Box<Node>, Box<Node>),
    Choice(Box<Node>, Box<Node>, Box<Node>),
    /// `list[index]`, `map.name`.
    At(Box<Node>, Box<Node>),
    Call(Function, Vec<Node>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binary {
    Or,
    And,
    Coalesce,
    Equal,
    NotEqual,
    Below,
    AtMost,
    Above,
    AtLeast,
    In,
    NotIn,
    Contains,
    StartsWith,
    EndsWith,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// Functions, each with the name that expressions call it by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Len,
    AsInt,
    AsFloat,
    IsNaN,
    IsInf,
    IsNil,
    Default,
    Abs,
    All,
    Any,
    None,
    One,
    Count,
}

const FUNCTIONS: [(&str, Function, usize); 13] = [
    ("len", Function::Len, 1),
    ("asInt", Function::AsInt, 1),
    ("asFloat", Function::AsFloat, 1),
    ("isNaN", Function::IsNaN, 1),
    ("isInf", Function::IsInf, 1),
    ("isNil", Function::IsNil, 1),
    ("default", Function::Default, 2),
    ("abs", Function::Abs, 1),
    ("all", Function::All, 2),
    ("any", Function::Any, 2),
    ("none", Function::None, 2),
    ("one", Function::One, 2),
    ("count", Function::Count, 2),
];

/// What binds how tightly.
const BINARIES: [(&str, Binary, u8); 21] = [
    ("or", Binary::Or, 10),
    ("||", Binary::Or, 10),
    ("and", Binary::And, 15),
    ("&&", Binary::And, 15),
    ("==", Binary::Equal, 20),
    ("!=", Binary::NotEqual, 20),
    ("<", Binary::Below, 20),
    ("<=", Binary::AtMost, 20),
    (">", Binary::Above, 20),
    (">=", Binary::AtLeast, 20),
    ("in", Binary::In, 20),
    ("not in", Binary::NotIn, 20),
    ("contains", Binary::Contains, 20),
    ("startsWith", Binary::StartsWith, 20),
    ("endsWith", Binary::EndsWith, 20),
    ("+", Binary::Add, 30),
    ("-", Binary::Subtract, 30),
    ("*", Binary::Multiply, 60),
    ("/", Binary::Divide, 60),
    ("%", Binary::Remainder, 60),
    ("??", Binary::Coalesce, 100),
];

pub(super) fn parse(text: &str) -> Result<Node, ExpressionError> {
    let tokens = tokens(text)?;
    let mut parser = Parser { text, tokens: &tokens, depth: 0, operators: 0 };
    let node = parser.choice()?;
    parser.expect_end()?;
    Ok(node)
}

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [Token],
    depth: usize,
    operators: usize,
}

impl Parser<'_> {
    fn word(&self) -> &Word {
        self.tokens.first().map_or(&Word::End, |token| &token.word)
    }

    fn column(&self) -> usize {
        self.tokens.first().map_or(1, |token| token.column)
    }

    fn advance(&mut self) {
        self.tokens = self.tokens.get(1..).unwrap_or_default();
    }

    fn error(&self, expected: &'static str) -> ExpressionError {
        ExpressionError::syntax(self.text, self.column(), expected)
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = matches!(self.word(), Word::Sign(s) if *s == sign);
        if found {
            self.advance();
        }
        found
    }

    fn expect(&mut self, sign: &str, expected: &'static str) -> Result<(), ExpressionError> {
        if self.take(sign) { Ok(()) } else { Err(self.error(expected)) }
    }

    fn expect_end(&self) -> Result<(), ExpressionError> {
        if matches!(self.word(), Word::End) { Ok(()) } else { Err(self.error("an operator or the end")) }
    }

    /// One level deeper, as far as is allowed.
    fn deeper(&mut self) -> Result<(), ExpressionError> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > MAX_DEPTH { Err(self.error("less nesting")) } else { Ok(()) }
    }

    /// One operator more, as far as is allowed: a chain of them is as deep as it is long.
    fn longer(&mut self) -> Result<(), ExpressionError> {
        self.operators = self.operators.saturating_add(1);
        if self.operators > MAX_OPERATORS { Err(self.error("fewer operators")) } else { Ok(()) }
    }

    /// `condition ? this : that`.
    fn choice(&mut self) -> Result<Node, ExpressionError> {
        self.deeper()?;
        let condition = self.binary(0)?;
        let column = self.column();
        let node = if self.take("?") {
            let yes = self.choice()?;
            self.expect(":", "`:` and what holds otherwise")?;
            let no = self.choice()?;
            Node { step: Step::Choice(condition.into(), yes.into(), no.into()), column }
        } else {
            condition
        };
        self.depth = self.depth.saturating_sub(1);
        Ok(node)
    }

    /// The binary operator that stands here, with its binding and its length in words.
    fn operator(&self) -> Option<(Binary, u8, usize)> {
        let name = match self.word() {
            Word::Sign(sign) => sign,
            Word::Name(name) if name == "not" => {
                let next = self.tokens.get(1).map(|token| &token.word);
                let found = matches!(next, Some(Word::Name(name)) if name == "in");
                return found.then_some((Binary::NotIn, 20, 2));
            }
            Word::Name(name) => name.as_str(),
            _ => return None,
        };
        BINARIES.iter().find(|(n, _, _)| *n == name).map(|(_, binary, binding)| (*binary, *binding, 1))
    }

    fn binary(&mut self, at_least: u8) -> Result<Node, ExpressionError> {
        let mut left = self.unary()?;
        while let Some((binary, binding, words)) = self.operator().filter(|(_, b, _)| *b >= at_least) {
            self.longer()?;
            let column = self.column();
            for _ in 0..words {
                self.advance();
            }
            let right = self.binary(binding.saturating_add(1))?;
            left = Node { step: Step::Binary(binary, left.into(), right.into()), column };
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Node, ExpressionError> {
        let column = self.column();
        self.deeper()?;
        let word_not = matches!(self.word(), Word::Name(name) if name == "not");
        if word_not {
            self.advance();
        }
        let step = if word_not {
            // `not` holds for a whole comparison, `!` for what stands behind it.
            Some(Step::Not(self.binary(50)?.into()))
        } else if self.take("!") {
            Some(Step::Not(self.unary()?.into()))
        } else if self.take("-") {
            Some(Step::Minus(self.unary()?.into()))
        } else if self.take("+") {
            return self.unary();
        } else {
            None
        };
        let node = match step {
            Some(step) => Node { step, column },
            None => self.postfix()?,
        };
        self.depth = self.depth.saturating_sub(1);
        Ok(node)
    }

    fn postfix(&mut self) -> Result<Node, ExpressionError> {
        let mut node = self.primary()?;
        loop {
            let column = self.column();
            let index = if self.take("[") {
                let index = self.choice()?;
                self.expect("]", "`]`")?;
                index
            } else if self.take(".") {
                let Word::Name(name) = self.word() else {
                    return Err(self.error("the name of a field"));
                };
                let step = Step::Text(name.clone());
                self.advance();
                Node { step, column }
            } else {
                return Ok(node);
            };
            self.longer()?;
            node = Node { step: Step::At(node.into(), index.into()), column };
        }
    }

    fn primary(&mut self) -> Result<Node, ExpressionError> {
        let column = self.column();
        let word = self.word().clone();
        let step = match word {
            Word::Number(number) => {
                self.advance();
                Step::Number(number)
            }
            Word::Text(text) => {
                self.advance();
                Step::Text(text)
            }
            Word::Name(name) => {
                self.advance();
                self.named(&name, column)?
            }
            Word::Sign("#") => {
                self.advance();
                Step::Item
            }
            Word::Sign("(") => {
                self.advance();
                let node = self.choice()?;
                self.expect(")", "`)`")?;
                return Ok(node);
            }
            Word::Sign("[") => {
                self.advance();
                Step::List(self.items("]", "`,` or `]`")?)
            }
            _ => return Err(self.error("a value")),
        };
        Ok(Node { step, column })
    }

    fn named(&mut self, name: &str, column: usize) -> Result<Step, ExpressionError> {
        match name {
            "true" => return Ok(Step::Flag(true)),
            "false" => return Ok(Step::Flag(false)),
            "nil" | "null" => return Ok(Step::Nil),
            "result" => return Ok(Step::Result),
            _ => {}
        }
        let unknown =
            || ExpressionError::UnknownName { expression: self.text.into(), column, name: name.to_string() };
        let (_, function, arity) =
            FUNCTIONS.into_iter().find(|(known, _, _)| *known == name).ok_or_else(unknown)?;
        self.expect("(", "`(` behind the name of a function")?;
        let arguments = self.items(")", "`,` or `)`")?;
        if arguments.len() != arity {
            return Err(ExpressionError::syntax(self.text, column, "another number of arguments"));
        }
        Ok(Step::Call(function, arguments))
    }

    /// What stands between brackets, with commas between; a predicate may stand in braces.
    fn items(&mut self, close: &str, expected: &'static str) -> Result<Vec<Node>, ExpressionError> {
        let mut items = Vec::new();
        if self.take(close) {
            return Ok(items);
        }
        loop {
            if self.take("{") {
                items.push(self.choice()?);
                self.expect("}", "`}`")?;
            } else {
                items.push(self.choice()?);
            }
            if self.take(close) {
                return Ok(items);
            }
            self.expect(",", expected)?;
        }
    }
}
