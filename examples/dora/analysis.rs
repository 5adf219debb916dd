//! Everything the report tells, computed once.

use anyhow::{Context as _, Result, anyhow, bail};
use devops_core::{Catalogue, GoodDirection, Timestamp};
use devops_metrics::benchmark::{Classification, Edition, Standing, classify, standing};
use devops_metrics::calendar::{Calendar, PeriodKind, Window};
use devops_metrics::dataset::Dataset;
use devops_metrics::definition::FrequencyMeasure;
use devops_metrics::event::{Event, Tier};
use devops_metrics::log::DeliveryLog;
use devops_metrics::query::{Cell, DeliveryMetric, Group, Grouping, MetricValue, Query, Report};
use devops_metrics::trend::{TrendPolicy, TrendReport, assess};

use crate::args::{Args, Peers, PeriodArg};
use crate::definition;
use crate::flow::Flow;
use crate::input::Input;
use crate::look::Look;

/// The five metrics of the guide, in its order.
pub(crate) const FIVE: [DeliveryMetric; 5] = [
    DeliveryMetric::DeploymentFrequency,
    DeliveryMetric::ChangeLeadTime,
    DeliveryMetric::ChangeFailureRate,
    DeliveryMetric::RecoveryTime,
    DeliveryMetric::ReworkRate,
];

/// What the report tells.
pub(crate) struct Analysis<'a> {
    pub(crate) name: String,
    pub(crate) note: Option<&'static str>,
    pub(crate) basis: Option<&'a str>,
    /// What cannot be right in the input, and the names of what that is.
    pub(crate) oddities: Vec<(&'static str, Vec<String>)>,
    pub(crate) log: &'a DeliveryLog,
    pub(crate) dataset: &'a Dataset<'a>,
    pub(crate) query: Query,
    pub(crate) group: Group,
    pub(crate) report: Report,
    /// The period that is looked at closely.
    pub(crate) chosen: usize,
    pub(crate) trends: Vec<(DeliveryMetric, Option<TrendReport>)>,
    /// The measures beside the five, of that period.
    pub(crate) flow: Option<Flow>,
    /// With whom it is compared.
    peers: Peers,
}

/// Where a value stands among what DORA has published.
pub(crate) struct Place {
    pub(crate) class: Option<Classification>,
    pub(crate) standing: Option<Standing>,
    /// It rests on fewer than the definition wants.
    pub(crate) few: bool,
}

impl<'a> Analysis<'a> {
    pub(crate) fn of(args: &Args, input: &'a Input, dataset: &'a Dataset<'a>) -> Result<Self> {
        let calendar = Calendar::new(args.zone.clone()).with_week_start(args.week_start.day());
        let deployed_at = production(&input.log);
        let (kind, window) = window(args, input, &deployed_at, &calendar)?;
        let group = match &args.service {
            Some(name) if dataset.services().any(|s| s == name) => Group::Service(name.clone()),
            Some(name) => bail!("service `{name}` is not among {}", list(dataset.services())),
            None => Group::All,
        };
        let grouping = if args.service.is_some() { Grouping::Service } else { Grouping::All };
        let query = Query::new(definition::named(&args.definition)?, window)
            .by(grouping)
            .every(kind)
            .in_calendar(calendar);
        let mut report = query.run(dataset)?;
        report.cells.retain(|cell| cell.group == group);
        let last = report.cells.iter().rposition(deployed).unwrap_or(report.cells.len().saturating_sub(1));
        let chosen = match &args.compare {
            Some(label) => place_of(&report, label)?,
            None => last,
        };
        let (name, note, log) = (input.name.clone(), input.note, &input.log);
        let flow =
            report.cells.get(chosen).map(|cell| Flow::of(log, dataset, &group, cell.window)).transpose()?;
        let peers = args.peers;
        let basis = input.basis.as_deref();
        let ahead = deployed_at.into_iter().filter(|(at, _)| *at > input.now).map(|(_, id)| id).collect();
        let mut oddities = input.oddities.clone();
        oddities.push(("deployments dated after today", ahead));
        let mut analysis = Self {
            name,
            note,
            basis,
            oddities,
            log,
            dataset,
            query,
            group,
            report,
            chosen,
            trends: Vec::new(),
            flow,
            peers,
        };
        analysis.trends = FIVE.map(|metric| (metric, analysis.trend(metric))).into();
        Ok(analysis)
    }

    pub(crate) fn cells(&self) -> &[Cell] {
        &self.report.cells
    }

    pub(crate) fn chosen(&self) -> Option<&Cell> {
        self.report.cells.get(self.chosen)
    }

    /// Whether anything was deployed.
    pub(crate) fn has_numbers(&self) -> bool {
        self.cells().iter().any(deployed)
    }

    /// The first and last period, for a heading.
    pub(crate) fn span(&self) -> String {
        match self.cells() {
            [] => String::from("no period"),
            [one] => one.period.clone(),
            [first, .., last] => format!("{} to {}", first.period, last.period),
        }
    }

    /// How a metric's values are shown.
    pub(crate) fn look(&self, metric: DeliveryMetric) -> Look {
        Look::of(&self.values(metric), &self.query.definition)
    }

    /// All values of one metric.
    pub(crate) fn values(&self, metric: DeliveryMetric) -> Vec<&MetricValue> {
        self.cells().iter().filter_map(|cell| cell.value(metric)).collect()
    }

    /// Where the metric is going, where that can be told.
    fn trend(&self, metric: DeliveryMetric) -> Option<TrendReport> {
        let good = Catalogue::standard().get(metric.id()).map_or(GoodDirection::Neutral, |spec| spec.good);
        let series = self.report.series(&self.group, metric).named(metric.name());
        let series = match metric {
            // In the unit of the table.
            DeliveryMetric::ChangeLeadTime | DeliveryMetric::RecoveryTime => {
                series.clone().converted_to(self.look(metric).unit()).unwrap_or(series)
            }
            _ => series,
        };
        assess(&series, &TrendPolicy::new(good)).ok()
    }

    pub(crate) fn place(&self, metric: DeliveryMetric) -> Place {
        let value = self.chosen().and_then(|cell| cell.value(metric));
        let catalogue = Catalogue::standard();
        let in_unit = |value: &MetricValue| {
            let unit = catalogue.get(metric.id())?.unit;
            Some(value.value()? * value.unit.factor_to(unit)?)
        };
        // A tool may tell 0 where there is nothing, or where the log cannot tell; a frequency rounded down is no rate.
        let has_place = |value: &&MetricValue| match metric {
            DeliveryMetric::DeploymentFrequency => {
                self.query.definition.frequency.measure != FrequencyMeasure::PerDayFloor
            }
            _ => value.n > 0 && !self.report.needs.contains_key(&metric),
        };
        let number = value.filter(has_place).and_then(in_unit);
        // What has a number without a place has no class; what has none has that of no data.
        let told = value.is_some_and(|value| value.value().is_some());
        let class = classify(Edition::Y2021, metric.id(), number).ok().filter(|_| number.is_some() || !told);
        let standing = number.and_then(|number| standing(&self.peers.0, metric.id(), number).ok());
        let few = number.is_some() && value.is_some_and(|value| value.small);
        Place { class, standing, few }
    }
}

/// The place of a period by its label.
pub(crate) fn place_of(report: &Report, label: &str) -> Result<usize> {
    report.cells.iter().position(|cell| cell.period == label).ok_or_else(|| {
        let end = |cell: Option<&Cell>| cell.map_or_else(String::new, |cell| cell.period.clone());
        let (first, last) = (end(report.cells.first()), end(report.cells.last()));
        anyhow!("period `{label}` is not among the {} from {first} to {last}", report.cells.len())
    })
}

/// Whether anything was deployed.
fn deployed(cell: &Cell) -> bool {
    cell.value(DeliveryMetric::DeploymentFrequency).is_some_and(|value| value.n > 0)
}

/// The deployments to production: when they ended, and their ids.
fn production(log: &DeliveryLog) -> Vec<(Timestamp, String)> {
    let deployed = log.events().filter_map(|event| match event {
        Event::Deployment(d) if d.tier().unwrap_or(Tier::Production) == Tier::Production => {
            Some((d.finished_at, d.id.to_string()))
        }
        _ => None,
    });
    deployed.collect()
}

/// The periods, and the days asked for, or the last whole periods up to the last deployment that is not ahead of today.
fn window(
    args: &Args,
    input: &Input,
    deployed: &[(Timestamp, String)],
    calendar: &Calendar,
) -> Result<(PeriodKind, Window)> {
    let times = || deployed.iter().map(|(at, _)| *at);
    let Some(first) = times().min() else {
        bail!("there is no deployment to production among {} events", input.log.len())
    };
    let last = times().filter(|at| *at <= input.now).max().or(times().max()).unwrap_or(first);
    let behind = last.checked_add_millis(1).context("the last deployment is at the end of time")?;
    let from = args.from.map(|day| calendar.start_of_day(day)).transpose()?;
    let to = args.to.map(|day| calendar.start_of_day(day.next()?)).transpose()?;
    let all = Window::new(first, behind)?;
    let asked = Window::new(from.unwrap_or(first), to.unwrap_or(behind)).unwrap_or(all);
    let kind = args.period.map_or_else(|| period_for(calendar, asked), PeriodArg::kind);
    let known = calendar.periods(kind, all)?;
    let wholes: Vec<Window> = known.iter().map(|period| period.whole).collect();
    // The last period may still go on; where it is the only one, it is what there is.
    let kept = if wholes.len() > 1 { &wholes[..wholes.len() - 1] } else { &wholes[..] };
    let shown = &kept[kept.len().saturating_sub(args.last as usize)..];
    let (Some(start), Some(end)) = (shown.first(), shown.last()) else { bail!("there is no period") };
    Ok((kind, Window::new(from.unwrap_or(start.from()), to.unwrap_or(end.to()))?))
}

/// The longest period of which there are enough for a trend, besides the last one, which may still go on.
fn period_for(calendar: &Calendar, all: Window) -> PeriodKind {
    const ENOUGH: usize = 9;
    let mut long = [PeriodKind::Quarter, PeriodKind::Month, PeriodKind::Week].into_iter();
    let found = long.find(|kind| calendar.periods(*kind, all).is_ok_and(|periods| periods.len() >= ENOUGH));
    found.unwrap_or(PeriodKind::Day)
}

pub(crate) fn list<T: ToString>(items: impl Iterator<Item = T>) -> String {
    items.map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}
