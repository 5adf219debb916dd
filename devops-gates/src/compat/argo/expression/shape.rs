//! Expressions that are nothing but comparisons of the result with numbers.

use alloc::vec::Vec;

use devops_core::Comparison;

use super::super::convert::opposite;
use super::ExpressionError;
use super::parse::{Binary, Function, Node, Step, parse};

/// Comparisons of one value, joined.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) enum Shape {
    Compare(Comparison, f64),
    All(Vec<Shape>),
    Any(Vec<Shape>),
}

impl Shape {
    /// What holds where this does not.
    pub(in super::super) fn negated(&self) -> Self {
        let each = |shapes: &[Self]| shapes.iter().map(Self::negated).collect();
        match self {
            Self::Compare(comparison, value) => Self::Compare(opposite(*comparison), *value),
            Self::All(shapes) => Self::Any(each(shapes)),
            Self::Any(shapes) => Self::All(each(shapes)),
        }
    }
}

/// An expression by its shape.
#[derive(Debug, Default)]
pub(in super::super) struct Reading {
    /// Nothing where it has another shape.
    pub(in super::super) shape: Option<Shape>,
    /// Whether guards against an empty result or NaN were left out.
    pub(in super::super) guarded: bool,
    /// Whether it looks at an item of the result, or at all of them.
    pub(in super::super) first_of_many: bool,
}

/// Reads the shape of a condition.
pub(in super::super) fn shape(condition: &str) -> Result<Reading, ExpressionError> {
    let root = parse(condition)?;
    let mut reading = Reading::default();
    reading.shape = reading.node(&root);
    Ok(reading)
}

impl Reading {
    fn node(&mut self, node: &Node) -> Option<Shape> {
        match &node.step {
            Step::Not(inner) => Some(self.node(inner)?.negated()),
            Step::Binary(binary @ (Binary::Or | Binary::And), left, right) => {
                // An empty or missing result, which is a missing value in a gate.
                let guards = [is_guard(left, *binary), is_guard(right, *binary)];
                self.guarded |= guards.contains(&true);
                match guards {
                    [true, true] => None,
                    [true, false] => self.node(right),
                    [false, true] => self.node(left),
                    [false, false] => Some(self.joined(*binary, left, right)?),
                }
            }
            Step::Binary(binary, left, right) => self.comparison(*binary, left, right),
            Step::Call(Function::All, arguments) => {
                self.first_of_many = true;
                match arguments.as_slice() {
                    [list, predicate] if list.step == Step::Result => self.node(predicate),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn joined(&mut self, binary: Binary, left: &Node, right: &Node) -> Option<Shape> {
        let (left, right) = (self.node(left)?, self.node(right)?);
        Some(match binary {
            Binary::And => Shape::All([flat_all(left), flat_all(right)].concat()),
            _ => Shape::Any([flat_any(left), flat_any(right)].concat()),
        })
    }

    fn comparison(&mut self, binary: Binary, left: &Node, right: &Node) -> Option<Shape> {
        let comparison = match binary {
            Binary::Below => Comparison::Below,
            Binary::AtMost => Comparison::AtMost,
            Binary::Above => Comparison::Above,
            Binary::AtLeast => Comparison::AtLeast,
            Binary::Equal => Comparison::Equal,
            Binary::NotEqual => Comparison::NotEqual,
            _ => return None,
        };
        if let Some(value) = number(right) {
            return self.is_result(left).then_some(Shape::Compare(comparison, value));
        }
        let value = number(left)?;
        self.is_result(right).then_some(Shape::Compare(mirrored(comparison), value))
    }

    /// The result, its first item, the item of a predicate, or one of these as a number or with a default.
    fn is_result(&mut self, node: &Node) -> bool {
        match &node.step {
            Step::Result => true,
            Step::Item => {
                self.first_of_many = true;
                true
            }
            Step::At(container, index) => {
                self.first_of_many = true;
                container.step == Step::Result && index.step == Step::Number(0.0)
            }
            Step::Call(Function::AsFloat, arguments) => arguments.first().is_some_and(|a| self.is_result(a)),
            Step::Call(Function::Default, arguments) => {
                self.guarded = true;
                arguments.first().is_some_and(|a| self.is_result(a))
            }
            _ => false,
        }
    }
}

fn flat_all(shape: Shape) -> Vec<Shape> {
    if let Shape::All(shapes) = shape { shapes } else { [shape].into() }
}

fn flat_any(shape: Shape) -> Vec<Shape> {
    if let Shape::Any(shapes) = shape { shapes } else { [shape].into() }
}

const fn mirrored(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Below => Comparison::Above,
        Comparison::AtMost => Comparison::AtLeast,
        Comparison::AtLeast => Comparison::AtMost,
        Comparison::Above => Comparison::Below,
        same => same,
    }
}

fn number(node: &Node) -> Option<f64> {
    match &node.step {
        Step::Number(number) => Some(*number),
        Step::Minus(inner) => number(inner).map(|n| -n),
        _ => None,
    }
}

/// `len(result) == 0` beside `||`, `len(result) > 0` beside `&&`, and their like.
fn is_guard(node: &Node, joined_by: Binary) -> bool {
    let of_result = |arguments: &[Node]| {
        arguments.first().is_some_and(|a| match &a.step {
            Step::Result => true,
            Step::At(container, _) => container.step == Step::Result,
            _ => false,
        })
    };
    match (&node.step, joined_by) {
        (Step::Call(Function::IsNaN | Function::IsNil | Function::IsInf, arguments), Binary::Or) => {
            of_result(arguments)
        }
        (Step::Not(inner), Binary::And) => is_guard(inner, Binary::Or),
        (Step::Not(inner), Binary::Or) => is_guard(inner, Binary::And),
        (Step::Binary(comparison, left, right), _) => {
            let length = matches!(&left.step, Step::Call(Function::Len, arguments) if of_result(arguments));
            let nothing = left.step == Step::Result && right.step == Step::Nil;
            match (joined_by, comparison) {
                (Binary::Or, Binary::Equal | Binary::AtMost) => {
                    length && number(right) == Some(0.0) || nothing
                }
                (Binary::Or, Binary::Below) => length && number(right) == Some(1.0),
                (_, Binary::NotEqual | Binary::Above) if joined_by == Binary::And => {
                    length && number(right) == Some(0.0) || nothing
                }
                (_, Binary::AtLeast) if joined_by == Binary::And => length && number(right) == Some(1.0),
                _ => false,
            }
        }
        _ => false,
    }
}
