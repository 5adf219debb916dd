//! Conditions as analysis templates write them.

mod evaluate;
mod parse;
mod shape;
mod token;

use alloc::string::String;

use devops_core::excerpt;

use self::evaluate::Scope;
use self::parse::Node;
pub(super) use self::shape::{Shape, shape};
use super::Value;

/// How deeply an expression may be nested.
const MAX_DEPTH: usize = 64;
/// How many operators it may have.
const MAX_OPERATORS: usize = 256;

/// A condition that was read: `result[0] >= 0.95 && !isNaN(result[0])`.
///
/// The part of the expr language that analysis templates use:
///
/// - `result`, its items `result[0]` and fields `result.name`, `result["name"]`;
/// - numbers, texts in single, double or back quotes, `true`, `false`, `nil`, lists `[1, 2]`;
/// - `==  !=  <  <=  >  >=`, `&&  ||  !` (`and`, `or`, `not`), `in`, `not in`, `contains`, `startsWith`, `endsWith`;
/// - `+  -  *  /  %`, `??`, `condition ? this : that`;
/// - `len`, `abs`, `asInt`, `asFloat`, `isNaN`, `isInf`; `isNil(result)` and `default(result, x)`, which look at the
///   result whatever stands in their brackets, as Argo's do;
/// - `all`, `any`, `none`, `one` and `count` over a list with a predicate on `#`.
///
/// What the language has beyond that (pipes, slices, `matches`, `filter`, `map`, `let`, dates) is an error, and so is
/// whatever does not fit: an index that is not there, a text held against a number. Argo makes an error of these, too,
/// though some before the expression runs, where this finds them only when it comes to them. Numbers are floats.
///
/// ```
/// use devops_gates::compat::argo::{Expression, Value};
///
/// let condition: Expression = "len(result) == 0 || asFloat(result[0]) >= 0.95".parse()?;
/// assert!(condition.evaluate(&Value::List(vec![]))?);
/// assert!(!condition.evaluate(&Value::List(vec!["0.5".into()]))?);
/// let error = "result >= 0.95 &".parse::<Expression>().unwrap_err();
/// assert_eq!(error.to_string(), "expression `result >= 0.95 &`, column 16: expected a number, a text or an operator");
/// # Ok::<(), devops_gates::compat::argo::ExpressionError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    text: String,
    root: Node,
}

impl Expression {
    /// Whether it holds for a result.
    ///
    /// # Errors
    ///
    /// [`ExpressionError`] where it comes to a value that does not fit, and where it is no yes or no.
    ///
    /// ```
    /// use devops_gates::compat::argo::{Expression, Value};
    ///
    /// let expression: Expression = "result >= 0.95".parse()?;
    /// assert!(expression.evaluate(&Value::Number(0.97))?);
    /// assert!(expression.evaluate(&Value::Nil).is_err());
    /// # Ok::<(), devops_gates::compat::argo::ExpressionError>(())
    /// ```
    pub fn evaluate(&self, result: &Value) -> Result<bool, ExpressionError> {
        Scope { text: &self.text, result, item: None }.flag(&self.root)
    }

    /// As it is written.
    ///
    /// ```
    /// use devops_gates::compat::argo::Expression;
    ///
    /// assert_eq!("result > 1".parse::<Expression>()?.as_str(), "result > 1");
    /// # Ok::<(), devops_gates::compat::argo::ExpressionError>(())
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl core::str::FromStr for Expression {
    type Err = ExpressionError;

    fn from_str(text: &str) -> Result<Self, ExpressionError> {
        Ok(Self { text: text.into(), root: parse::parse(text)? })
    }
}

/// Reads a condition and evaluates it at once.
///
/// # Errors
///
/// [`ExpressionError`] where it cannot be read or evaluated.
///
/// ```
/// use devops_gates::compat::argo::{Value, evaluate_condition};
///
/// assert!(evaluate_condition("result < 500", &Value::Number(231.0))?);
/// assert!(!evaluate_condition("result < 500", &Value::Number(f64::NAN))?);
/// assert!(evaluate_condition("default(result, 0) < 500", &Value::Nil)?);
/// # Ok::<(), devops_gates::compat::argo::ExpressionError>(())
/// ```
pub fn evaluate_condition(condition: &str, result: &Value) -> Result<bool, ExpressionError> {
    condition.parse::<Expression>()?.evaluate(result)
}

/// Why a condition cannot be read or evaluated, with the column in characters, from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExpressionError {
    /// It is not well formed.
    #[error("expression `{expression}`, column {column}: expected {expected}")]
    Syntax {
        /// The expression, shortened.
        expression: String,
        /// Where.
        column: usize,
        /// What would be right there.
        expected: &'static str,
    },
    /// It uses a name that is not known.
    #[error(
        "expression `{expression}`, column {column}: `{name}` is not known: expected `result` or a function such as `len`"
    )]
    UnknownName {
        /// The expression.
        expression: String,
        /// Where.
        column: usize,
        /// The name.
        name: String,
    },
    /// It comes to a value that does not fit.
    #[error("expression `{expression}`, column {column}: {problem}, found {found}")]
    Value {
        /// The expression.
        expression: String,
        /// Where.
        column: usize,
        /// What is wrong.
        problem: &'static str,
        /// What is found.
        found: &'static str,
    },
}

impl ExpressionError {
    fn syntax(expression: &str, column: usize, expected: &'static str) -> Self {
        Self::Syntax { expression: excerpt(expression), column, expected }
    }
}
