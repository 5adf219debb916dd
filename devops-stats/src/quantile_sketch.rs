//! Quantiles of many values in little memory, mergeable exactly: a log histogram.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "bucket numbers of finite floats fit i32 for every accuracy accepted; counts saturate"
)]

use crate::StatsError;
use crate::input::finite_one;
use alloc::collections::BTreeMap;
use serde::{Deserialize, Serialize};

/// A sketch of values whose quantiles are right to a relative error α.
///
/// Values go to buckets whose limits are powers of γ = (1 + α)/(1 − α), so the answer is within a factor
/// 1 ± α (and rounding, 10⁻¹²) of the value of that rank. Two sketches of the same α merge by adding counts: the
/// result is the sketch of all values together, whatever the order. Memory grows with the logarithm of
/// largest/smallest: at α = 1 %, 1,380 buckets span a millionth to a million. Source: DDSketch, Masson, Rim &
/// Lee (2019), without the collapsing of buckets, which would cost the guarantee.
///
/// ```
/// use devops_stats::quantile_sketch::QuantileSketch;
///
/// let mut monday = QuantileSketch::new(0.01)?;
/// let mut tuesday = QuantileSketch::new(0.01)?;
/// for seconds in 1..=1000 {
///     if seconds % 2 == 0 { &mut monday } else { &mut tuesday }.add(f64::from(seconds))?;
/// }
/// monday.merge(&tuesday)?;
/// let p90 = monday.quantile(0.9)?;
/// assert!((p90 / 900.0 - 1.0).abs() <= 0.011);
/// # Ok::<(), devops_stats::StatsError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct QuantileSketch {
    accuracy: f64,
    ln_gamma: f64,
    positive: BTreeMap<i32, u64>,
    negative: BTreeMap<i32, u64>,
    zeros: u64,
    count: u64,
    min: f64,
    max: f64,
}

/// The form in which a sketch is stored: lists, as maps with number keys do not survive every format.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    accuracy: f64,
    min: f64,
    max: f64,
    zeros: u64,
    positive: alloc::vec::Vec<(i32, u64)>,
    negative: alloc::vec::Vec<(i32, u64)>,
}

impl From<QuantileSketch> for Stored {
    fn from(sketch: QuantileSketch) -> Self {
        Self {
            accuracy: sketch.accuracy,
            min: if sketch.count > 0 { sketch.min } else { 0.0 },
            max: if sketch.count > 0 { sketch.max } else { 0.0 },
            zeros: sketch.zeros,
            positive: sketch.positive.into_iter().collect(),
            negative: sketch.negative.into_iter().collect(),
        }
    }
}

impl TryFrom<Stored> for QuantileSketch {
    type Error = StatsError;

    fn try_from(stored: Stored) -> Result<Self, StatsError> {
        let mut sketch = Self::new(stored.accuracy)?;
        let (min, max) = (finite_one("min", stored.min)?, finite_one("max", stored.max)?);
        if min > max {
            return Err(StatsError::out_of_range("max", max, "at least `min`"));
        }
        for (from, into) in [(stored.positive, &mut sketch.positive), (stored.negative, &mut sketch.negative)]
        {
            for (bucket, count) in from {
                add_to(into, bucket, count);
                sketch.count = sketch.count.saturating_add(count);
            }
        }
        sketch.zeros = stored.zeros;
        sketch.count = sketch.count.saturating_add(stored.zeros);
        if sketch.count > 0 {
            (sketch.min, sketch.max) = (min, max);
        }
        Ok(sketch)
    }
}

fn add_to(buckets: &mut BTreeMap<i32, u64>, bucket: i32, count: u64) {
    if count > 0 {
        let slot = buckets.entry(bucket).or_insert(0);
        *slot = slot.saturating_add(count);
    }
}

impl QuantileSketch {
    /// An empty sketch with relative error `accuracy`.
    ///
    /// # Errors
    /// [`StatsError::OutOfRange`] for an accuracy outside [10⁻⁶, 0.5].
    ///
    /// ```
    /// use devops_stats::quantile_sketch::QuantileSketch;
    /// assert!(QuantileSketch::new(0.01).is_ok());
    /// assert!(QuantileSketch::new(0.0).is_err());
    /// ```
    pub fn new(accuracy: f64) -> Result<Self, StatsError> {
        if !(1e-6..=0.5).contains(&accuracy) {
            return Err(StatsError::out_of_range("accuracy", accuracy, "in [1e-6, 0.5]"));
        }
        Ok(Self {
            accuracy,
            ln_gamma: libm::log1p(accuracy) - libm::log1p(-accuracy),
            positive: BTreeMap::new(),
            negative: BTreeMap::new(),
            zeros: 0,
            count: 0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
        })
    }

    /// Adds a value.
    ///
    /// # Errors
    /// [`StatsError::OutOfRange`] for NaN or infinity; the sketch is as before.
    ///
    /// ```
    /// use devops_stats::quantile_sketch::QuantileSketch;
    /// let mut sketch = QuantileSketch::new(0.01)?;
    /// sketch.add(5.0)?;
    /// assert!(sketch.add(f64::NAN).is_err());
    /// assert_eq!(sketch.count(), 1);
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    pub fn add(&mut self, value: f64) -> Result<(), StatsError> {
        let value = finite_one("value", value)?;
        if value != 0.0 {
            let bucket = self.bucket(libm::fabs(value));
            add_to(if value > 0.0 { &mut self.positive } else { &mut self.negative }, bucket, 1);
        } else {
            self.zeros = self.zeros.saturating_add(1);
        }
        self.count = self.count.saturating_add(1);
        self.min = if value < self.min { value } else { self.min };
        self.max = if value > self.max { value } else { self.max };
        Ok(())
    }

    /// Adds all values of another sketch of the same accuracy.
    ///
    /// # Errors
    /// [`StatsError::OutOfRange`] when the accuracies differ.
    ///
    /// ```
    /// use devops_stats::quantile_sketch::QuantileSketch;
    /// let mut a = QuantileSketch::new(0.01)?;
    /// a.merge(&QuantileSketch::new(0.01)?)?;
    /// assert!(a.merge(&QuantileSketch::new(0.02)?).is_err());
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    pub fn merge(&mut self, other: &Self) -> Result<(), StatsError> {
        if self.accuracy.to_bits() != other.accuracy.to_bits() {
            return Err(StatsError::out_of_range("accuracy", other.accuracy, "that of the other sketch"));
        }
        for (bucket, count) in &other.positive {
            add_to(&mut self.positive, *bucket, *count);
        }
        for (bucket, count) in &other.negative {
            add_to(&mut self.negative, *bucket, *count);
        }
        self.zeros = self.zeros.saturating_add(other.zeros);
        self.count = self.count.saturating_add(other.count);
        self.min = if other.min < self.min { other.min } else { self.min };
        self.max = if other.max > self.max { other.max } else { self.max };
        Ok(())
    }

    /// The value of rank ⌊p (n − 1)⌋, within the relative error; p = 0 and p = 1 are exact. O(buckets).
    ///
    /// # Errors
    /// [`StatsError::NotEnoughData`] for an empty sketch, [`StatsError::OutOfRange`] for p outside [0, 1].
    ///
    /// ```
    /// use devops_stats::quantile_sketch::QuantileSketch;
    /// let mut sketch = QuantileSketch::new(0.01)?;
    /// assert!(sketch.quantile(0.5).is_err());
    /// sketch.add(-3.0)?;
    /// assert_eq!(sketch.quantile(0.5)?, -3.0);
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    pub fn quantile(&self, p: f64) -> Result<f64, StatsError> {
        if !(0.0..=1.0).contains(&p) {
            return Err(StatsError::out_of_range("p", p, "in [0, 1]"));
        }
        if self.count == 0 {
            return Err(StatsError::NotEnoughData { needed: 1, got: 0 });
        }
        if p == 0.0 || p == 1.0 {
            return Ok(if p == 0.0 { self.min } else { self.max });
        }
        let rank = (p * (self.count - 1) as f64) as u64;
        let negative = self.negative.iter().rev().map(|(&b, &c)| (-self.value(b), c));
        let positive = self.positive.iter().map(|(&b, &c)| (self.value(b), c));
        let mut seen = 0_u64;
        for (value, count) in negative.chain(core::iter::once((0.0, self.zeros))).chain(positive) {
            seen = seen.saturating_add(count);
            if seen > rank {
                return Ok(value.clamp(self.min, self.max));
            }
        }
        Ok(self.max)
    }

    /// Number of values.
    ///
    /// ```
    /// use devops_stats::quantile_sketch::QuantileSketch;
    /// assert_eq!(QuantileSketch::new(0.01)?.count(), 0);
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The relative error.
    ///
    /// ```
    /// use devops_stats::quantile_sketch::QuantileSketch;
    /// assert_eq!(QuantileSketch::new(0.02)?.accuracy(), 0.02);
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        self.accuracy
    }

    /// The bucket of a positive value: γ^(b−1) < value ≤ γ^b.
    fn bucket(&self, value: f64) -> i32 {
        libm::ceil(libm::log(value) / self.ln_gamma) as i32
    }

    /// The value that is as far, relatively, from both limits of a bucket: 2 γ^b/(γ + 1).
    fn value(&self, bucket: i32) -> f64 {
        let middle = f64::from(bucket) * self.ln_gamma + libm::log1p(-self.accuracy);
        libm::exp(middle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    fn sketch_of(values: &[f64], accuracy: f64) -> QuantileSketch {
        let mut sketch = QuantileSketch::new(accuracy).unwrap();
        for &v in values {
            sketch.add(v).unwrap();
        }
        sketch
    }

    #[test]
    fn extremes_fit() {
        let sketch = sketch_of(&[5e-324, 1.0, f64::MAX, -f64::MAX, 0.0, -0.0], 1e-6);
        assert_eq!(sketch.quantile(0.0), Ok(-f64::MAX));
        assert_eq!(sketch.quantile(1.0), Ok(f64::MAX));
        assert!((sketch.quantile(0.85).unwrap() - 1.0).abs() < 2e-6);
    }

    #[test]
    fn stored_and_read_it_is_the_same() {
        let sketch = sketch_of(&[1.0, -2.0, 0.0, 300.0], 0.01);
        let text = serde_json::to_string(&sketch).unwrap();
        assert_eq!(serde_json::from_str::<QuantileSketch>(&text).unwrap(), sketch);
        let empty = QuantileSketch::new(0.1).unwrap();
        let text = serde_json::to_string(&empty).unwrap();
        assert_eq!(serde_json::from_str::<QuantileSketch>(&text).unwrap(), empty);
        let bad = r#"{"accuracy":7.0,"min":0.0,"max":0.0,"zeros":0,"positive":[],"negative":[]}"#;
        assert!(serde_json::from_str::<QuantileSketch>(bad).is_err());
    }

    proptest! {
        #[test]
        fn the_relative_error_holds(
            exponents in proptest::collection::vec((-300.0..300.0_f64, any::<bool>()), 1..80),
            p in 0.0..=1.0_f64, accuracy in 1e-5..0.4_f64,
        ) {
            let mut values: Vec<f64> =
                exponents.iter().map(|&(e, minus)| libm::pow(10.0, e) * if minus { -1.0 } else { 1.0 }).collect();
            let found = sketch_of(&values, accuracy).quantile(p).unwrap();
            values.sort_by(f64::total_cmp);
            let want = values[(p * (values.len() - 1) as f64) as usize];
            prop_assert!((found / want - 1.0).abs() <= accuracy + 1e-9, "{} {}", found, want);
        }

        #[test]
        fn merging_is_adding_all(
            a in proptest::collection::vec(-1e6..1e6_f64, 0..40), b in proptest::collection::vec(-1e6..1e6_f64, 0..40),
        ) {
            let mut merged = sketch_of(&a, 0.01);
            merged.merge(&sketch_of(&b, 0.01)).unwrap();
            let all: Vec<f64> = b.iter().chain(&a).copied().collect();
            prop_assert_eq!(merged, sketch_of(&all, 0.01));
        }
    }
}
