//! Process behaviour, quantiles, resampling, random numbers.

use super::{Draw, sound};
use devops_stats::bootstrap::{BootstrapMethod, BootstrapOptions, bootstrap};
use devops_stats::cusum::{CusumOptions, cusum};
use devops_stats::ewma::{EwmaOptions, ewma};
use devops_stats::quantile::{QuantileType, median, median_absolute_deviation, quantile, quantiles};
use devops_stats::quantile_interval::quantile_interval;
use devops_stats::quantile_sketch::QuantileSketch;
use devops_stats::rng::Rng;
use devops_stats::run_rules::{Rule, run_rules};
use devops_stats::xmr::{Constants, MovingRange, xmr};
use devops_stats::xmr_stream::XmrStream;

const KINDS: [QuantileType; 9] = [
    QuantileType::Type1,
    QuantileType::Type2,
    QuantileType::Type3,
    QuantileType::Type4,
    QuantileType::Type5,
    QuantileType::Type6,
    QuantileType::Type7,
    QuantileType::Type8,
    QuantileType::Type9,
];

pub fn series(draw: &mut Draw<'_>) {
    match draw.byte() % 10 {
        0 => {
            let range = if draw.flag() { MovingRange::Mean } else { MovingRange::Median };
            let constants = if draw.flag() { Constants::Exact } else { Constants::Wheeler };
            sound(xmr(&draw.floats(), range, constants));
        }
        1 => {
            let mut stream = XmrStream::new(Constants::Exact);
            for value in draw.floats() {
                let _ = stream.push(value);
            }
            sound(Ok::<_, ()>(stream.limits()));
        }
        2 => {
            let rules: Vec<Rule> = Rule::WESTERN_ELECTRIC.into_iter().chain(Rule::NELSON).collect();
            let (center, sigma) = (draw.any(), draw.any());
            sound(run_rules(&draw.floats(), center, sigma, &rules));
        }
        3 => {
            let options =
                EwmaOptions::new(draw.any(), draw.any()).with_lambda(draw.share()).with_width(draw.any());
            sound(ewma(&draw.floats(), &options));
        }
        4 => {
            let options =
                CusumOptions::new(draw.any(), draw.any()).with_slack(draw.any()).with_threshold(draw.any());
            sound(cusum(&draw.floats(), &options));
        }
        5 => {
            let kind = KINDS[usize::from(draw.byte() % 9)];
            let places: Vec<f64> = (0..draw.byte() % 6).map(|_| draw.share()).collect();
            let x = draw.floats();
            sound(quantiles(&x, &places, kind));
            sound(quantile(&x, draw.share(), kind));
        }
        6 => {
            let x = draw.floats();
            sound(median(&x));
            sound(median_absolute_deviation(&x));
        }
        7 => {
            let (probability, confidence) = (draw.share(), draw.share());
            sound(quantile_interval(&draw.floats(), probability, confidence));
        }
        8 => sketch(draw),
        _ => random(draw),
    }
}

fn sketch(draw: &mut Draw<'_>) {
    let accuracy = draw.share();
    let (Ok(mut one), Ok(mut two)) = (QuantileSketch::new(accuracy), QuantileSketch::new(accuracy)) else {
        return;
    };
    for value in draw.floats() {
        let _ = one.add(value);
        let _ = two.add(-value);
    }
    sound(one.merge(&two));
    sound(one.quantile(draw.share()));
}

fn random(draw: &mut Draw<'_>) {
    let mut rng = Rng::for_stream(draw.word(), draw.word());
    sound(rng.exponential(draw.any()));
    sound(rng.triangular(draw.any(), draw.any(), draw.any()));
    sound(rng.poisson(draw.any()));
    let _ = (rng.below(draw.whole()), rng.index(draw.count()));
    let method = if draw.flag() { BootstrapMethod::Bca } else { BootstrapMethod::Percentile };
    let options = BootstrapOptions::new(draw.word())
        .with_confidence(draw.share())
        .with_resamples(draw.small() * 4)
        .with_method(method);
    let mut x = draw.floats();
    x.truncate(60);
    rng.shuffle(&mut x);
    sound(bootstrap(&x, |sample| sample.iter().sum::<f64>() / sample.len() as f64, &options));
}
