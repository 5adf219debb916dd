//! The same as measures, which conditions and success criteria refer to.

use alloc::string::String;

use devops_core::{Interval, Measure, Measures, MetricId, Number, Ratio, Unit, Value, ValueError, metric};

use super::{Lasting, Operations, Share};

impl Operations {
    /// Measures by metric id, each with n and interval; what there is no data of is missing, with that reason.
    ///
    /// # Errors
    ///
    /// [`ValueError`] where `confidence` is no share.
    ///
    /// ```
    /// use devops_core::{Timestamp, Value, metric};
    /// use devops_metrics::calendar::Window;
    /// use devops_metrics::flow::{FlowQuery, Operations};
    /// use devops_metrics::log::DeliveryLog;
    ///
    /// let query = FlowQuery::new(Window::new(Timestamp::EPOCH, Timestamp::MAX)?);
    /// let measures = Operations::of(&DeliveryLog::new(), &query)?.measures(query.confidence())?;
    /// let availability = measures.iter().find(|m| m.metric().as_str() == metric::AVAILABILITY).unwrap();
    /// assert!(matches!(availability.value(), Value::Missing { .. }));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn measures(&self, confidence: f64) -> Result<Measures, ValueError> {
        let level = Ratio::new(confidence)?;
        let shares = [
            (metric::DEPLOYMENT_SUCCESS_RATE, &self.deployment_success),
            (metric::AUTOMATIC_RECOVERY, &self.automatic_recovery),
            (metric::ALERT_PRECISION, &self.alert_precision),
            (metric::ALERT_RECALL, &self.alert_recall),
            (metric::CHECK_PASS_RATE, &self.check_pass_rate),
        ];
        let durations = [
            (metric::DEPLOYMENT_DURATION, &self.deployment_duration),
            (metric::TIME_TO_DETECT, &self.time_to_detect),
        ];
        let available = match self.availability.percent() {
            Some(percent) => Value::number_or_missing(percent),
            None => missing(),
        };
        let mut all = Measures::new();
        let told = shares.into_iter().map(|(id, share)| share_measure(id, share, level));
        let told = told.chain(durations.into_iter().map(|(id, lasting)| lasting_measure(id, lasting, level)));
        let available =
            MetricId::new(metric::AVAILABILITY).map(|id| Measure::new(id, available, Unit::Percent));
        for measure in told.chain([available]) {
            // Each id stands above once.
            let _ = all.insert(measure?);
        }
        Ok(all)
    }
}

fn missing() -> Value {
    Value::Missing { reason: String::from("no data in the window") }
}

fn between(low: f64, high: f64, level: Ratio) -> Result<Interval, ValueError> {
    Interval::new(Number::new(low)?, Number::new(high)?, level)
}

fn share_measure(id: &str, share: &Share, level: Ratio) -> Result<Measure, ValueError> {
    let id = MetricId::new(id)?;
    let Some(interval) = share.interval else { return Ok(Measure::new(id, missing(), Unit::Percent)) };
    let measure = Measure::fraction(id, share.part, share.whole, Unit::Percent);
    Ok(measure.with_interval(between(100.0 * interval.low, 100.0 * interval.high, level)?))
}

fn lasting_measure(id: &str, lasting: &Lasting, level: Ratio) -> Result<Measure, ValueError> {
    let value = match lasting.median {
        Some(median) => Value::number_or_missing(median),
        None if lasting.n > 0 => Value::Missing { reason: String::from("not half of them are over") },
        None => missing(),
    };
    let n = u64::try_from(lasting.n).unwrap_or(u64::MAX);
    let measure = Measure::new(MetricId::new(id)?, value, lasting.unit).with_sample_size(n);
    Ok(match lasting.low.zip(lasting.high) {
        Some((low, high)) => measure.with_interval(between(low, high, level)?),
        None => measure,
    })
}
