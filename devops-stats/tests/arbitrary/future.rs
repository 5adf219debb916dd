//! Forecasts.

use super::{Draw, sound};
use devops_stats::backtest::{BacktestOptions, ets_backtest, rolling_origin};
use devops_stats::ets::{EtsModel, ets};
use devops_stats::ets_fit::{EtsFitOptions, EtsShape, ets_fit};
use devops_stats::forecast::{Forecast, Goal, drift, naive, seasonal_naive, time_to_target};

/// Longest series that is fitted.
const SLOW: usize = 60;

pub fn future(draw: &mut Draw<'_>) {
    match draw.byte() % 4 {
        0 => {
            let (horizon, confidence) = (draw.small(), draw.share());
            let x = draw.floats();
            sound(naive(&x, horizon, confidence));
            let forecast = drift(&x, horizon, confidence);
            sound(forecast.clone());
            sound(seasonal_naive(&x, draw.count(), horizon, confidence));
            if let Ok(forecast) = forecast {
                reached(draw, &forecast);
            }
        }
        1 => model(draw),
        2 => {
            let options = shape(draw);
            let mut x = draw.floats();
            x.truncate(SLOW);
            let fit = ets_fit(&x, options);
            sound(fit.clone());
            if let Ok(fit) = fit {
                sound(fit.forecast(draw.small(), draw.share()));
            }
        }
        _ => {
            let options = BacktestOptions::new(draw.small())
                .with_origins(draw.small() / 8)
                .with_min_train(draw.count())
                .with_confidence(draw.share());
            let model = shape(draw);
            let mut x = draw.floats();
            x.truncate(SLOW / 2);
            sound(rolling_origin(&x, &options, |past, h| naive(past, h, 0.9)));
            sound(ets_backtest(&x, model, &options));
        }
    }
}

fn shape(draw: &mut Draw<'_>) -> EtsFitOptions {
    let shape = [EtsShape::Simple, EtsShape::Trend, EtsShape::DampedTrend][usize::from(draw.byte() % 3)];
    let options = EtsFitOptions::new(shape);
    if draw.byte().is_multiple_of(4) { options.with_period(draw.count()) } else { options }
}

fn model(draw: &mut Draw<'_>) {
    let (alpha, beta, phi) = (draw.share(), draw.share(), draw.share());
    let (level, trend) = (draw.any(), draw.any());
    let model = match draw.byte() % 3 {
        0 => EtsModel::simple(alpha, level),
        1 => EtsModel::trend(alpha, beta, level, trend),
        _ => EtsModel::damped(alpha, beta, phi, level, trend),
    };
    let season = draw.flag().then(|| draw.floats());
    let model = match (model, season) {
        (Ok(model), Some(season)) => model.with_season(draw.share(), season),
        (model, _) => model,
    };
    let Ok(model) = model else { return };
    let state = ets(&draw.floats(), &model);
    sound(state.clone());
    if let Ok(state) = state {
        let forecast = state.forecast(draw.small(), draw.share());
        sound(forecast.clone());
        if let Ok(forecast) = forecast {
            reached(draw, &forecast);
        }
    }
}

fn reached(draw: &mut Draw<'_>, forecast: &Forecast) {
    let goal = if draw.flag() { Goal::AtLeast } else { Goal::AtMost };
    sound(time_to_target(draw.any(), forecast, draw.any(), goal));
}
