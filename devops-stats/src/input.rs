//! Checks that every method makes on its input.

use crate::StatsError;
use alloc::format;
use alloc::vec::Vec;

/// A copy of `values` with −0.0 made 0.0; the first NaN or infinity is an error.
pub(crate) fn finite(argument: &'static str, values: &[f64]) -> Result<Vec<f64>, StatsError> {
    check_finite(argument, values)?;
    Ok(values.iter().map(|&v| v + 0.0).collect())
}

/// Errors at the first NaN or infinity.
pub(crate) fn check_finite(argument: &'static str, values: &[f64]) -> Result<(), StatsError> {
    match values.iter().position(|v| !v.is_finite()) {
        None => Ok(()),
        Some(index) => {
            let value = values.get(index).copied().unwrap_or(f64::NAN);
            Err(StatsError::NonFinite { argument, index, value: format!("{value}") })
        }
    }
}

/// One finite number, −0.0 made 0.0.
pub(crate) fn finite_one(argument: &'static str, value: f64) -> Result<f64, StatsError> {
    if value.is_finite() {
        Ok(value + 0.0)
    } else {
        Err(StatsError::out_of_range(argument, value, "a finite number"))
    }
}

/// A finite number above zero.
pub(crate) fn positive(argument: &'static str, value: f64) -> Result<f64, StatsError> {
    if value.is_finite() && value > 0.0 {
        Ok(value)
    } else {
        Err(StatsError::out_of_range(argument, value, "a finite number above 0"))
    }
}

/// Events out of outcomes of two sides, whose rates are held against a ratio; whether both sides have outcomes.
pub(crate) fn rates(first: (u64, u64), second: (u64, u64), ratio: f64) -> Result<bool, StatsError> {
    positive("ratio", ratio)?;
    for (events, outcomes) in [first, second] {
        if events > outcomes {
            return Err(StatsError::out_of_range("events", events, "at most the number of outcomes"));
        }
    }
    Ok(first.1 > 0 && second.1 > 0)
}

/// A probability strictly between 0 and 1, as confidence levels and α are.
pub(crate) fn open_unit(argument: &'static str, value: f64) -> Result<f64, StatsError> {
    if value > 0.0 && value < 1.0 {
        Ok(value)
    } else {
        Err(StatsError::out_of_range(argument, value, "in (0, 1)"))
    }
}

/// At least `needed` values.
pub(crate) fn enough(needed: usize, got: usize) -> Result<(), StatsError> {
    if got < needed { Err(StatsError::NotEnoughData { needed, got }) } else { Ok(()) }
}

/// Two slices of the same length.
pub(crate) fn same_length(
    left: &'static str,
    left_len: usize,
    right: &'static str,
    right_len: usize,
) -> Result<(), StatsError> {
    if left_len == right_len {
        Ok(())
    } else {
        Err(StatsError::LengthMismatch { left, left_len, right, right_len })
    }
}

/// The present values of a series with gaps, and the places they had.
///
/// A value that is not finite is an error.
pub(crate) fn present(
    argument: &'static str,
    values: &[Option<f64>],
) -> Result<(Vec<f64>, Vec<usize>), StatsError> {
    let mut found = Vec::with_capacity(values.len());
    let mut places = Vec::with_capacity(values.len());
    for (index, value) in values.iter().enumerate() {
        match value {
            Some(v) if v.is_finite() => {
                found.push(v + 0.0);
                places.push(index);
            }
            Some(v) => {
                return Err(StatsError::NonFinite { argument, index, value: format!("{v}") });
            }
            None => {}
        }
    }
    Ok((found, places))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bad_value_is_named() {
        let refused = finite("x", &[1.0, f64::NEG_INFINITY, f64::NAN]);
        assert_eq!(refused, Err(StatsError::NonFinite { argument: "x", index: 1, value: "-inf".into() }));
    }

    #[test]
    fn negative_zero_becomes_zero() {
        let clean = finite("x", &[-0.0]).unwrap();
        assert!(clean[0].is_sign_positive());
    }
}
