//! Trend tests and slopes.

use super::{Draw, sound};
use devops_stats::Outcome;
use devops_stats::autocorrelation::autocorrelation;
use devops_stats::kendall_exact::kendall_exact_p;
use devops_stats::kendall_tau::kendall_tau;
use devops_stats::mann_kendall::{mann_kendall, mann_kendall_gaps};
use devops_stats::mann_kendall_ar1::{inflation, mk_ar1, mk_ar1_gaps};
use devops_stats::mann_kendall_correlated::{
    regional_mann_kendall_correlated, regional_sen_slope_correlated, seasonal_mann_kendall_correlated,
    seasonal_sen_slope_correlated,
};
use devops_stats::mann_kendall_grouped::{
    regional_mann_kendall, regional_sen_slope, seasonal_mann_kendall, seasonal_mann_kendall_gaps,
    seasonal_sen_slope,
};
use devops_stats::mann_kendall_hamed_rao::mk_hamed_rao;
use devops_stats::mann_kendall_whitened::{mk_prewhitening, mk_tfpw};
use devops_stats::mann_kendall_yue_wang::mk_yue_wang;
use devops_stats::pairwise_slopes::PairwiseSlopes;
use devops_stats::siegel::{SiegelIntercept, siegel};
use devops_stats::sliding_mann_kendall::SlidingMannKendall;
use devops_stats::theil_sen::{Intercept, TheilSenOptions, sen_slope, sen_slope_gaps, theil_sen};
use devops_stats::trend_power::smallest_slope;

pub fn trend(draw: &mut Draw<'_>) {
    match draw.byte() % 13 {
        0 => sound(mann_kendall(&draw.floats())),
        1 => sound(mann_kendall_gaps(&draw.gaps())),
        2 => sound(mk_ar1(&draw.floats())),
        3 => sound(mk_ar1_gaps(&draw.gaps())),
        4 => {
            let (x, alpha, lags) = (draw.floats(), draw.share(), draw.flag().then(|| draw.count()));
            sound(mk_hamed_rao(&x, alpha, lags));
        }
        5 => {
            let (x, lags) = (draw.floats(), draw.flag().then(|| draw.count()));
            sound(mk_yue_wang(&x, lags));
        }
        6 => sound(mk_prewhitening(&draw.floats())),
        7 => sound(mk_tfpw(&draw.floats())),
        8 => {
            let (period, x) = (draw.count(), draw.floats());
            sound(seasonal_mann_kendall(&x, period));
            sound(seasonal_mann_kendall_correlated(&x, period));
            sound(seasonal_sen_slope_correlated(&x, period, 0.95));
            let (period, x) = (draw.count(), draw.gaps());
            sound(seasonal_mann_kendall_gaps(&x, period));
        }
        9 => {
            let services: Vec<Vec<f64>> = (0..draw.byte() % 5).map(|_| draw.floats()).collect();
            sound(regional_mann_kendall(&services));
            sound(regional_mann_kendall_correlated(&services));
            sound(regional_sen_slope_correlated(&services, draw.share()));
        }
        10 => {
            let (lag, x) = (draw.count(), draw.floats());
            sound(autocorrelation(&x, lag));
        }
        11 => sliding(draw),
        _ => {
            sound(kendall_exact_p(draw.count(), draw.whole()));
            assert!(!inflation(draw.small() * 9, draw.any()).is_nan());
            sound(smallest_slope(draw.count(), draw.any(), draw.share(), draw.share(), draw.share()));
        }
    }
}

fn sliding(draw: &mut Draw<'_>) {
    let Ok(mut window) = SlidingMannKendall::new(draw.count()) else { return };
    for value in draw.floats() {
        let _ = window.push(value);
        if draw.byte() == 7 {
            window.pop();
        }
    }
    sound(window.result());
}

fn options(draw: &mut Draw<'_>) -> TheilSenOptions {
    let mut options = TheilSenOptions::new().with_confidence(draw.share());
    if draw.flag() {
        options = options.with_intercept(Intercept::Joint);
    }
    if draw.byte().is_multiple_of(4) { options.with_variance(draw.any()) } else { options }
}

pub fn slope(draw: &mut Draw<'_>) {
    let options = options(draw);
    match draw.byte() % 8 {
        7 => {
            let x = draw.floats();
            let length = draw.near(x.len());
            let slopes = PairwiseSlopes::of(&x, &draw.floats_of(length));
            if let Ok(Some(mut slopes)) = slopes.map(Outcome::defined) {
                assert!(!slopes.median().is_nan() && slopes.pairs() > 0);
                sound(slopes.interval(draw.any(), draw.share()));
            }
        }
        0 => sound(sen_slope(&draw.floats(), &options)),
        1 => sound(sen_slope_gaps(&draw.gaps(), &options)),
        2 => {
            let x = draw.floats();
            let length = draw.near(x.len());
            sound(theil_sen(&x, &draw.floats_of(length), &options));
        }
        3 => {
            let kind = if draw.flag() { SiegelIntercept::Separate } else { SiegelIntercept::Hierarchical };
            let x = draw.floats();
            let length = draw.near(x.len());
            sound(siegel(&x, &draw.floats_of(length), kind));
        }
        4 => {
            let (period, confidence, x) = (draw.count(), draw.share(), draw.floats());
            sound(seasonal_sen_slope(&x, period, confidence));
        }
        5 => {
            let services: Vec<Vec<f64>> = (0..draw.byte() % 5).map(|_| draw.floats()).collect();
            sound(regional_sen_slope(&services, draw.share()));
        }
        _ => {
            let x = draw.floats();
            let length = draw.near(x.len());
            sound(kendall_tau(&x, &draw.floats_of(length)));
        }
    }
}
