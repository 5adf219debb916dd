//! A small seeded generator: the one source of chance in this family of crates.
//!
//! The generator is xoshiro256++ (Blackman & Vigna 2021), its state filled from the seed by splitmix64
//! (Steele, Lea & Flood 2014). The numbers depend on the seed alone: not on the platform, nor on the word
//! size, so that a result that echoes its seed can be computed again anywhere.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "the state has four words, and the kernel works modulo 2^64"
)]

use crate::StatsError;
use crate::input::{finite_one, positive};
use serde::{Deserialize, Serialize};

/// A seeded pseudo-random generator with period 2²⁵⁶ − 1; not for secrets.
///
/// ```
/// use devops_stats::rng::Rng;
///
/// let mut a = Rng::new(7);
/// let mut b = Rng::new(7);
/// assert_eq!(a.next_u64(), b.next_u64());
/// assert_ne!(a.next_u64(), Rng::new(8).next_u64());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rng {
    state: [u64; 4],
}

/// One step of splitmix64.
fn splitmix(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (*seed ^ (*seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Where between `low` and `high` the mode lies, from 0 to 1; `None` where they are the same.
fn peak(low: f64, mode: f64, high: f64) -> Result<Option<f64>, StatsError> {
    let (low, high) = (finite_one("low", low)?, finite_one("high", high)?);
    let mode = finite_one("mode", mode)?;
    if low > high {
        return Err(StatsError::out_of_range("high", high, "at least `low`"));
    }
    if mode < low || mode > high {
        return Err(StatsError::out_of_range("mode", mode, "between `low` and `high`"));
    }
    // Halved, so that the width of the widest range is finite.
    let width = high * 0.5 - low * 0.5;
    Ok((width > 0.0).then(|| (mode * 0.5 - low * 0.5) / width))
}

impl Rng {
    /// A generator from a seed; every seed is fine, 0 too.
    ///
    /// ```
    /// use devops_stats::rng::Rng;
    /// assert_eq!(Rng::new(0).next_u64(), 5_987_356_902_031_041_503);
    /// ```
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut seed = seed;
        let mut state = [0; 4];
        for word in &mut state {
            *word = splitmix(&mut seed);
        }
        Self { state }
    }

    /// A generator of its own for part `stream` of the work that `seed` stands for, so that the parts can be
    /// computed in any order.
    ///
    /// ```
    /// use devops_stats::rng::Rng;
    /// assert_ne!(Rng::for_stream(1, 0).next_u64(), Rng::for_stream(1, 1).next_u64());
    /// ```
    #[must_use]
    pub fn for_stream(seed: u64, stream: u64) -> Self {
        let mut first = seed;
        let mut second = stream ^ 0xd1b5_4a32_d192_ed03;
        Self::new(splitmix(&mut first) ^ splitmix(&mut second))
    }

    /// The next 64 random bits.
    ///
    /// ```
    /// use devops_stats::rng::Rng;
    /// let mut rng = Rng::new(1);
    /// assert_ne!(rng.next_u64(), rng.next_u64());
    /// ```
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        let s = &mut self.state;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        result
    }

    /// Uniform in [0, 1), a multiple of 2⁻⁵³.
    ///
    /// ```
    /// use devops_stats::rng::Rng;
    /// let u = Rng::new(3).next_f64();
    /// assert!((0.0..1.0).contains(&u));
    /// ```
    #[inline]
    pub fn next_f64(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// A whole number in `0..bound`, each equally likely (Lemire 2019, without bias); 0 when `bound` is 0.
    ///
    /// ```
    /// use devops_stats::rng::Rng;
    /// let mut rng = Rng::new(3);
    /// assert!((0..100).all(|_| rng.below(6) < 6));
    /// ```
    #[inline]
    pub fn below(&mut self, bound: u64) -> u64 {
        let mut wide = u128::from(self.next_u64()) * u128::from(bound);
        if (wide as u64) < bound {
            let threshold = bound.wrapping_neg() % bound;
            // Each pass ends with probability above one half, and the generator never repeats a value for ever.
            while (wide as u64) < threshold {
                wide = u128::from(self.next_u64()) * u128::from(bound);
            }
        }
        (wide >> 64) as u64
    }

    /// An index into a slice of `len` elements; 0 when `len` is 0.
    ///
    /// ```
    /// use devops_stats::rng::Rng;
    /// assert_eq!(Rng::new(3).index(1), 0);
    /// ```
    #[inline]
    pub fn index(&mut self, len: usize) -> usize {
        self.below(len as u64) as usize
    }

    /// Puts the elements in random order, each order equally likely (Fisher & Yates 1938, Durstenfeld 1964).
    ///
    /// ```
    /// use devops_stats::rng::Rng;
    /// let mut deck = [1, 2, 3, 4];
    /// Rng::new(3).shuffle(&mut deck);
    /// deck.sort_unstable();
    /// assert_eq!(deck, [1, 2, 3, 4]);
    /// ```
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = self.index(i + 1);
            items.swap(i, j);
        }
    }

    /// Standard normal: mean 0, standard deviation 1 (Box & Muller 1958, the cosine branch; no rejection).
    ///
    /// ```
    /// use devops_stats::rng::Rng;
    /// let mut rng = Rng::new(3);
    /// let mean = (0..1000).map(|_| rng.normal()).sum::<f64>() / 1000.0;
    /// assert!(mean.abs() < 0.1);
    /// ```
    pub fn normal(&mut self) -> f64 {
        let u = 1.0 - self.next_f64();
        let angle = core::f64::consts::TAU * self.next_f64();
        libm::sqrt(-2.0 * libm::log(u)) * libm::cos(angle)
    }

    /// Exponential with the given rate (mean 1/rate), by inversion.
    ///
    /// # Errors
    /// [`StatsError::OutOfRange`] when `rate` is not a finite number above 0.
    ///
    /// ```
    /// use devops_stats::rng::Rng;
    /// let mut rng = Rng::new(3);
    /// assert!(rng.exponential(2.0)? >= 0.0);
    /// assert!(rng.exponential(0.0).is_err());
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    pub fn exponential(&mut self, rate: f64) -> Result<f64, StatsError> {
        let rate = positive("rate", rate)?;
        let value = -libm::log1p(-self.next_f64()) / rate;
        Ok(value.clamp(0.0, f64::MAX))
    }

    /// Triangular between `low` and `high` with its peak at `mode`, by inversion: the three-point estimate of
    /// an effort or a duration.
    ///
    /// # Errors
    /// [`StatsError::OutOfRange`] when a parameter is not finite or `low <= mode <= high` does not hold.
    ///
    /// ```
    /// use devops_stats::rng::Rng;
    /// let mut rng = Rng::new(3);
    /// let days = rng.triangular(2.0, 3.0, 8.0)?;
    /// assert!((2.0..=8.0).contains(&days));
    /// assert!(rng.triangular(2.0, 1.0, 8.0).is_err());
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    pub fn triangular(&mut self, low: f64, mode: f64, high: f64) -> Result<f64, StatsError> {
        let Some(peak) = peak(low, mode, high)? else { return Ok(low) };
        let u = self.next_f64();
        let at = if u < peak { libm::sqrt(u * peak) } else { 1.0 - libm::sqrt((1.0 - u) * (1.0 - peak)) };
        Ok((low * (1.0 - at) + high * at).clamp(low, high))
    }

    /// Gamma with the given shape and scale 1 (Marsaglia & Tsang 2000).
    ///
    /// # Errors
    /// [`StatsError::OutOfRange`] when `shape` is not in [1, 10⁶].
    ///
    /// ```
    /// use devops_stats::rng::Rng;
    /// let mut rng = Rng::new(3);
    /// assert!(rng.gamma(2.5)? > 0.0);
    /// assert!(rng.gamma(0.5).is_err());
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    pub fn gamma(&mut self, shape: f64) -> Result<f64, StatsError> {
        if !(1.0..=1e6).contains(&shape) {
            return Err(StatsError::out_of_range("shape", shape, "in [1, 1e6]"));
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / libm::sqrt(9.0 * d);
        // A pass is taken with probability above 0.95, and the generator never repeats a value for ever.
        loop {
            let x = self.normal();
            let root = 1.0 + c * x;
            let v = root * root * root;
            let u = 1.0 - self.next_f64();
            if v > 0.0 && libm::log(u) < 0.5 * x * x + d - d * v + d * libm::log(v) {
                return Ok(d * v);
            }
        }
    }

    /// Beta-PERT between `low` and `high` with its peak at `mode` and mean (low + 4 mode + high) / 6 (Malcolm,
    /// Roseboom, Clark & Fazar 1959; the beta shapes add up to 6, Vose 2000).
    ///
    /// # Errors
    /// [`StatsError::OutOfRange`] when a parameter is not finite or `low <= mode <= high` does not hold.
    ///
    /// ```
    /// use devops_stats::rng::Rng;
    /// let mut rng = Rng::new(3);
    /// let days = rng.pert(2.0, 3.0, 8.0)?;
    /// assert!((2.0..=8.0).contains(&days));
    /// assert!(rng.pert(2.0, 9.0, 8.0).is_err());
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    pub fn pert(&mut self, low: f64, mode: f64, high: f64) -> Result<f64, StatsError> {
        let Some(peak) = peak(low, mode, high)? else { return Ok(low) };
        let (a, b) = (self.gamma(1.0 + 4.0 * peak)?, self.gamma(5.0 - 4.0 * peak)?);
        let at = a / (a + b);
        Ok((low * (1.0 - at) + high * at).clamp(low, high))
    }

    /// A Poisson count with the given mean, by multiplication of uniforms in chunks (Knuth 1969).
    ///
    /// Time grows with the mean, so means above 10⁶ are refused.
    ///
    /// # Errors
    /// [`StatsError::OutOfRange`] when `mean` is not in [0, 10⁶].
    ///
    /// ```
    /// use devops_stats::rng::Rng;
    /// let mut rng = Rng::new(3);
    /// assert_eq!(rng.poisson(0.0)?, 0);
    /// assert!(rng.poisson(f64::NAN).is_err());
    /// # Ok::<(), devops_stats::StatsError>(())
    /// ```
    pub fn poisson(&mut self, mean: f64) -> Result<u64, StatsError> {
        if !(0.0..=1e6).contains(&mean) {
            return Err(StatsError::out_of_range("mean", mean, "in [0, 1e6]"));
        }
        let (mut left, mut total) = (mean, 0_u64);
        while left > 0.0 {
            let chunk = if left > 16.0 { 16.0 } else { left };
            left -= chunk;
            let limit = libm::exp(-chunk);
            let mut product = 1.0 - self.next_f64();
            while product > limit {
                total += 1;
                product *= 1.0 - self.next_f64();
            }
        }
        Ok(total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn splitmix_gives_the_published_numbers() {
        let mut seed = 1_234_567;
        assert_eq!(splitmix(&mut seed), 6_457_827_717_110_365_317);
        assert_eq!(splitmix(&mut seed), 3_203_168_211_198_807_973);
    }

    #[test]
    fn xoshiro_gives_the_published_numbers() {
        let mut rng = Rng { state: [1, 2, 3, 4] };
        let first: Vec<u64> = (0..4).map(|_| rng.next_u64()).collect();
        assert_eq!(first, [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386]);
    }

    #[test]
    fn below_is_even_and_takes_every_bound() {
        let mut rng = Rng::new(5);
        let mut seen = [0_u32; 3];
        for _ in 0..30_000 {
            seen[rng.index(3)] += 1;
        }
        assert!(seen.iter().all(|&c| (9_600..10_400).contains(&c)), "{seen:?}");
        assert_eq!(rng.below(0), 0);
        assert_eq!(rng.below(1), 0);
        assert!(rng.below(u64::MAX) < u64::MAX);
    }

    #[test]
    fn moments_are_right() {
        let mut rng = Rng::new(11);
        let n = 40_000;
        let near = |values: Vec<f64>, mean: f64, variance: f64| {
            let count = values.len() as f64;
            let m = values.iter().sum::<f64>() / count;
            let v = values.iter().map(|x| (x - m) * (x - m)).sum::<f64>() / count;
            assert!((m - mean).abs() < 0.05 && (v / variance - 1.0).abs() < 0.05, "{m} {v}");
        };
        near((0..n).map(|_| rng.normal()).collect(), 0.0, 1.0);
        near((0..n).map(|_| rng.exponential(2.0).unwrap()).collect(), 0.5, 0.25);
        near((0..n).map(|_| rng.triangular(0.0, 1.0, 4.0).unwrap()).collect(), 5.0 / 3.0, 13.0 / 18.0);
        near((0..n).map(|_| rng.gamma(2.5).unwrap()).collect(), 2.5, 2.5);
        // Beta(1 + 4/3, 5 − 4/3) on [8, 20].
        let variance = 144.0 * (7.0 / 3.0) * (11.0 / 3.0) / (36.0 * 7.0) / 4.0;
        near((0..n).map(|_| rng.pert(8.0, 12.0, 20.0).unwrap() / 2.0).collect(), 76.0 / 12.0, variance);
        near((0..n).map(|_| rng.poisson(3.5).unwrap() as f64).collect(), 3.5, 3.5);
        near((0..n).map(|_| rng.poisson(20.0).unwrap() as f64 / 10.0).collect(), 2.0, 0.2);
    }

    #[test]
    fn extremes_stay_finite() {
        let mut rng = Rng::new(1);
        for _ in 0..100 {
            assert!(rng.exponential(5e-324).unwrap().is_finite());
            assert!(rng.triangular(-f64::MAX, 0.0, f64::MAX).unwrap().is_finite());
        }
        assert_eq!(rng.triangular(2.0, 2.0, 2.0), Ok(2.0));
        assert_eq!(rng.pert(2.0, 2.0, 2.0), Ok(2.0));
        assert!(rng.pert(-f64::MAX, 0.0, f64::MAX).unwrap().is_finite());
    }
}
