//! The tree evaluated.

use alloc::vec::Vec;

use super::parse::{Binary, Function, Node, Step};
use super::{ExpressionError, Value};
use crate::compat::go_float;

/// What an expression sees.
pub(super) struct Scope<'a> {
    pub(super) text: &'a str,
    pub(super) result: &'a Value,
    /// The item that a predicate looks at.
    pub(super) item: Option<&'a Value>,
}

impl Scope<'_> {
    fn error(&self, node: &Node, problem: &'static str, found: &Value) -> ExpressionError {
        ExpressionError::Value {
            expression: self.text.into(),
            column: node.column,
            problem,
            found: found.kind(),
        }
    }

    pub(super) fn flag(&self, node: &Node) -> Result<bool, ExpressionError> {
        match self.value(node)? {
            Value::Flag(flag) => Ok(flag),
            other => Err(self.error(node, "a flag is expected", &other)),
        }
    }

    fn number(&self, node: &Node) -> Result<f64, ExpressionError> {
        match self.value(node)? {
            Value::Number(number) => Ok(number),
            other => Err(self.error(node, "a number is expected", &other)),
        }
    }

    pub(super) fn value(&self, node: &Node) -> Result<Value, ExpressionError> {
        Ok(match &node.step {
            Step::Number(number) => Value::Number(*number),
            Step::Text(text) => Value::Text(text.clone()),
            Step::Flag(flag) => Value::Flag(*flag),
            Step::Nil => Value::Nil,
            Step::Result => self.result.clone(),
            Step::Item => match self.item {
                Some(item) => item.clone(),
                None => {
                    return Err(ExpressionError::syntax(
                        self.text,
                        node.column,
                        "`#` only inside a predicate",
                    ));
                }
            },
            Step::List(items) => {
                Value::List(items.iter().map(|item| self.value(item)).collect::<Result<_, _>>()?)
            }
            Step::Not(inner) => Value::Flag(!self.flag(inner)?),
            Step::Minus(inner) => Value::Number(-self.number(inner)?),
            Step::Binary(binary, left, right) => self.binary(*binary, left, right)?,
            Step::Choice(condition, yes, no) => self.value(if self.flag(condition)? { yes } else { no })?,
            Step::At(container, index) => self.at(node, container, index)?,
            Step::Call(function, arguments) => self.call(node, *function, arguments)?,
        })
    }

    /// An item of a list, counted from 0, or from its end below 0; a field of a map, nil where it is not there.
    fn at(&self, node: &Node, container: &Node, index: &Node) -> Result<Value, ExpressionError> {
        let (container, index) = (self.value(container)?, self.value(index)?);
        match (&container, &index) {
            (Value::List(list), Value::Number(number)) if number % 1.0 == 0.0 => {
                #[expect(clippy::cast_precision_loss, reason = "lists are shorter than 2^53")]
                let at = if *number < 0.0 { number + list.len() as f64 } else { *number };
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "whole and not below 0"
                )]
                let found = if at < 0.0 { None } else { list.get(at as usize) };
                found.cloned().ok_or_else(|| self.error(node, "no item stands at that index", &container))
            }
            (Value::Map(map), Value::Text(name)) => Ok(map.get(name).cloned().unwrap_or(Value::Nil)),
            _ => Err(self.error(node, "a list with an index, or a map with a name, is expected", &container)),
        }
    }

    fn binary(&self, binary: Binary, left: &Node, right: &Node) -> Result<Value, ExpressionError> {
        Ok(match binary {
            Binary::Or => Value::Flag(self.flag(left)? || self.flag(right)?),
            Binary::And => Value::Flag(self.flag(left)? && self.flag(right)?),
            Binary::Coalesce => match self.value(left)? {
                Value::Nil => self.value(right)?,
                value => value,
            },
            Binary::Equal => Value::Flag(self.equal(left, right)?),
            Binary::NotEqual => Value::Flag(!self.equal(left, right)?),
            Binary::Below | Binary::AtMost | Binary::Above | Binary::AtLeast => {
                Value::Flag(self.ordered(binary, left, right)?)
            }
            Binary::In => Value::Flag(self.is_in(left, right)?),
            Binary::NotIn => Value::Flag(!self.is_in(left, right)?),
            Binary::Contains | Binary::StartsWith | Binary::EndsWith => {
                Value::Flag(self.texts(binary, left, right)?)
            }
            Binary::Add => match (self.value(left)?, self.value(right)?) {
                (Value::Number(a), Value::Number(b)) => Value::Number(a + b),
                (Value::Text(a), Value::Text(b)) => Value::Text([a, b].concat()),
                (Value::Number(_) | Value::Text(_), other) | (other, _) => {
                    return Err(self.error(left, "two numbers or two texts are expected", &other));
                }
            },
            Binary::Subtract => Value::Number(self.number(left)? - self.number(right)?),
            Binary::Multiply => Value::Number(self.number(left)? * self.number(right)?),
            Binary::Divide => Value::Number(self.number(left)? / self.number(right)?),
            Binary::Remainder => Value::Number(self.number(left)? % self.number(right)?),
        })
    }

    /// Values of two kinds are a mistake, but anything may be held against nil.
    fn equal(&self, left: &Node, right: &Node) -> Result<bool, ExpressionError> {
        let (a, b) = (self.value(left)?, self.value(right)?);
        let comparable = core::mem::discriminant(&a) == core::mem::discriminant(&b);
        if !comparable && a != Value::Nil && b != Value::Nil {
            return Err(self.error(right, "a value of the same kind is expected", &b));
        }
        Ok(a == b)
    }

    fn ordered(&self, binary: Binary, left: &Node, right: &Node) -> Result<bool, ExpressionError> {
        let ordering = match (self.value(left)?, self.value(right)?) {
            (Value::Number(a), Value::Number(b)) => a.partial_cmp(&b),
            (Value::Text(a), Value::Text(b)) => Some(a.cmp(&b)),
            (Value::Number(_), other) => return Err(self.error(right, "a number is expected", &other)),
            (Value::Text(_), other) => return Err(self.error(right, "a text is expected", &other)),
            (other, _) => return Err(self.error(left, "a number or a text is expected", &other)),
        };
        // NaN stands in no order.
        Ok(ordering.is_some_and(|ordering| match binary {
            Binary::Below => ordering.is_lt(),
            Binary::AtMost => ordering.is_le(),
            Binary::Above => ordering.is_gt(),
            _ => ordering.is_ge(),
        }))
    }

    fn is_in(&self, left: &Node, right: &Node) -> Result<bool, ExpressionError> {
        let item = self.value(left)?;
        match (self.value(right)?, &item) {
            (Value::List(list), _) => Ok(list.contains(&item)),
            (Value::Map(map), Value::Text(name)) => Ok(map.contains_key(name)),
            (other, _) => Err(self.error(right, "a list, or a map and a name, is expected", &other)),
        }
    }

    fn texts(&self, binary: Binary, left: &Node, right: &Node) -> Result<bool, ExpressionError> {
        match (self.value(left)?, self.value(right)?) {
            (Value::Text(text), Value::Text(part)) => Ok(match binary {
                Binary::StartsWith => text.starts_with(part.as_str()),
                Binary::EndsWith => text.ends_with(part.as_str()),
                _ => text.contains(part.as_str()),
            }),
            (Value::Text(_), other) => Err(self.error(right, "a text is expected", &other)),
            (other, _) => Err(self.error(left, "a text is expected", &other)),
        }
    }

    fn call(&self, node: &Node, function: Function, arguments: &[Node]) -> Result<Value, ExpressionError> {
        let [first, rest @ ..] = arguments else {
            return Ok(Value::Nil);
        };
        if let Some(predicate) = rest.first().filter(|_| function != Function::Default) {
            return self.predicate(node, function, first, predicate);
        }
        let value = self.value(first)?;
        Ok(match (function, &value) {
            #[expect(clippy::cast_precision_loss, reason = "lists are shorter than 2^53")]
            (Function::Len, Value::List(list)) => Value::Number(list.len() as f64),
            #[expect(clippy::cast_precision_loss, reason = "maps are smaller than 2^53")]
            (Function::Len, Value::Map(map)) => Value::Number(map.len() as f64),
            #[expect(clippy::cast_precision_loss, reason = "texts are shorter than 2^53")]
            (Function::Len, Value::Text(text)) => Value::Number(text.chars().count() as f64),
            (Function::AsFloat, Value::Number(_)) => value,
            (Function::AsFloat, Value::Text(text)) => match go_float(text) {
                Some(number) => Value::Number(number),
                None => return Err(self.error(node, "the text is no number", &value)),
            },
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_precision_loss,
                reason = "cut, as Go cuts"
            )]
            (Function::AsInt, Value::Number(number)) => Value::Number(*number as i64 as f64),
            #[expect(clippy::cast_precision_loss, reason = "expressions compute with floats")]
            (Function::AsInt, Value::Text(text)) => match text.parse::<i64>() {
                Ok(number) => Value::Number(number as f64),
                Err(_) => return Err(self.error(node, "the text is no whole number", &value)),
            },
            (Function::IsNaN, Value::Number(number)) => Value::Flag(number.is_nan()),
            (Function::IsInf, Value::Number(number)) => Value::Flag(number.is_infinite()),
            (Function::Abs, Value::Number(number)) => Value::Number(number.abs()),
            // Argo's own: whatever stands in the brackets, these look at the result.
            (Function::IsNil, _) => Value::Flag(*self.result == Value::Nil),
            (Function::Default, _) if *self.result != Value::Nil => self.result.clone(),
            (Function::Default, _) => match rest.first() {
                Some(default) => self.value(default)?,
                None => Value::Nil,
            },
            _ => return Err(self.error(node, "the function takes no such value", &value)),
        })
    }

    /// `all(result, # > 0.9)`: how many of the items a predicate holds for.
    fn predicate(
        &self,
        node: &Node,
        function: Function,
        list: &Node,
        predicate: &Node,
    ) -> Result<Value, ExpressionError> {
        let list = match self.value(list)? {
            Value::List(list) => list,
            other => return Err(self.error(node, "a list is expected", &other)),
        };
        let holds = |item: &Value| Scope { item: Some(item), ..*self }.flag(predicate);
        let held = list.iter().map(holds).collect::<Result<Vec<bool>, _>>()?;
        let count = held.iter().filter(|held| **held).count();
        Ok(match function {
            Function::All => Value::Flag(count == list.len()),
            Function::Any => Value::Flag(count > 0),
            Function::None => Value::Flag(count == 0),
            Function::One => Value::Flag(count == 1),
            #[expect(clippy::cast_precision_loss, reason = "lists are shorter than 2^53")]
            Function::Count => Value::Number(count as f64),
            _ => return Err(ExpressionError::syntax(self.text, node.column, "one argument")),
        })
    }
}
