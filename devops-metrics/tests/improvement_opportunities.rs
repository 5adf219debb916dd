//! Opportunities: the classic numbers to the digit, and the laws of the default policy.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::panic,
    reason = "tests may panic"
)]

use devops_core::{GoodDirection, MetricId, Number, Ratio, Unit, metric};
use devops_metrics::improvement::{
    CardTrend, CardValue, Library, MetricCard, OpportunityPolicy, OpportunityReport, StageShares,
    opportunities, propose,
};
use devops_metrics::trend::Direction;
use proptest::prelude::*;

fn card(id: &str, value: f64) -> MetricCard {
    let library = Library::standard();
    let area = library.area(id).unwrap();
    let value = CardValue::Measured { value: Number::new(value).unwrap(), n: 30 };
    MetricCard::new(MetricId::new(id).unwrap(), area.unit, area.good, value)
}

fn valued(id: &str, value: CardValue) -> MetricCard {
    let mut card = card(id, 0.0);
    card.value = value;
    card
}

fn in_unit(id: &str, value: f64, unit: Unit) -> MetricCard {
    let mut card = card(id, value);
    card.unit = unit;
    card
}

fn found(cards: &[MetricCard], policy: &OpportunityPolicy) -> OpportunityReport {
    opportunities(cards, &StageShares::new(), &Library::standard(), policy).unwrap()
}

const FREQUENCY: &str = metric::DEPLOYMENT_FREQUENCY;
const RECOVERY: &str = metric::RECOVERY_TIME;
const FAILURES: &str = metric::CHANGE_FAILURE_RATE;
const LEAD: &str = metric::CHANGE_LEAD_TIME;

#[test]
fn classic_priorities() {
    for (id, value, priority) in [
        // The ratio is capped at 2: 3 × 2.5 × 2.
        (FREQUENCY, 9.0, Some(15.0)),
        (FREQUENCY, 9.999, Some(15.0)),
        (FREQUENCY, 0.5, Some(15.0)),
        // The ratio is 1 where the value is 0: none at all ranks below nine a month.
        (FREQUENCY, 0.0, Some(7.5)),
        (FREQUENCY, 10.0, None),
        (FREQUENCY, 49.0, None),
        (RECOVERY, 240.0, None),
        (RECOVERY, 240.5, Some(3.0 * 3.0 * (180.5 / 240.5))),
        (RECOVERY, 480.0, Some(3.0 * 3.0 * 0.875)),
        (RECOVERY, 1_000_000.0, Some(3.0 * 3.0 * (999_940.0 / 1_000_000.0))),
        (FAILURES, 15.0, None),
        (FAILURES, 20.0, Some(2.0 * 2.5 * 0.75)),
        (FAILURES, 100.0, Some(2.0 * 2.5 * 0.95)),
        (LEAD, 168.0, None),
        (LEAD, 336.0, Some(2.0 * 2.0 * (264.0 / 336.0))),
    ] {
        let report = found(&[card(id, value)], &OpportunityPolicy::classic());
        assert_eq!(report.opportunities.first().map(|o| o.priority), priority, "{id} {value}");
        assert_eq!(report.in_band.len(), usize::from(priority.is_none()), "{id} {value}");
    }
}

#[test]
fn classic_order_and_actions() {
    let cards = [card(LEAD, 200.0), card(FAILURES, 30.0), card(FREQUENCY, 4.0), card(RECOVERY, 300.0)];
    let report = found(&cards, &OpportunityPolicy::classic());
    let order: Vec<&str> = report.opportunities.iter().map(|o| o.metric.as_str()).collect();
    assert_eq!(order, [FREQUENCY, RECOVERY, FAILURES, LEAD]);
    let actions: Vec<&str> = report.opportunities[3].actions.iter().map(|a| a.text.as_str()).collect();
    assert_eq!(actions.len(), 3);
    assert_eq!(actions[0], "ask for fewer approvals");
}

#[test]
fn where_the_two_disagree() {
    // Half a deployment a month and an outage of a million minutes.
    let cards = [card(FREQUENCY, 0.5), card(RECOVERY, 1_000_000.0)];
    let first = |policy: &OpportunityPolicy| found(&cards, policy).opportunities[0].metric.to_string();
    assert_eq!(first(&OpportunityPolicy::classic()), FREQUENCY);
    assert_eq!(first(&OpportunityPolicy::recommended()), RECOVERY);
}

#[test]
fn nothing_is_silently_fine() {
    let few = CardValue::Measured { value: Number::from(900), n: 2 };
    let cards = [
        card(RECOVERY, 100.0),
        card(FAILURES, 4.0).with_trend(CardTrend::new(Direction::Worsening)),
        valued(LEAD, few),
        MetricCard::new(
            "own".parse().unwrap(),
            Unit::Count,
            GoodDirection::Up,
            CardValue::Share { part: 1, whole: 2 },
        ),
        valued(FREQUENCY, CardValue::NotEnoughData { needed: 9, got: 3 }),
    ];
    let report = found(&cards, &OpportunityPolicy::recommended());
    assert!(report.opportunities.is_empty());
    let met: Vec<(&str, bool)> = report.in_band.iter().map(|b| (b.metric.as_str(), b.met)).collect();
    assert_eq!(met, [(FAILURES, true), (RECOVERY, false)]);
    let unjudged: Vec<_> = report.unjudged.iter().map(|u| (u.metric.as_str(), u.needed, u.got)).collect();
    assert_eq!(unjudged, [(LEAD, Some(5), 2), (FREQUENCY, Some(9), 3), ("own", None, 2)]);
    let text = report.to_markdown();
    for part in ["getting worse: watch it", "between target and trigger", "5 are needed", "nothing about own"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn none_at_all_is_worse_than_one() {
    let counted = |events, months: u32| {
        let value = CardValue::Counted { events, exposure: Number::from(months) };
        let report = found(&[valued(FREQUENCY, value)], &OpportunityPolicy::recommended());
        report.opportunities[0].unclamped.unwrap()
    };
    assert!(counted(0, 3) > counted(1, 3));
    assert!(counted(0, 12) > counted(0, 3));
    // In a day without a deployment nothing can be seen.
    let day = CardValue::Counted { events: 0, exposure: Number::new(1.0 / 30.0).unwrap() };
    let report = found(&[valued(FREQUENCY, day)], &OpportunityPolicy::recommended());
    assert_eq!((report.opportunities.len(), report.unjudged.len()), (0, 1));
}

#[test]
fn the_stage_that_costs_most_time_decides_the_action() {
    let share = |percent: f64| Ratio::new(percent).unwrap();
    let shares = StageShares::from([
        ("coding".to_string(), share(0.1)),
        ("review".to_string(), share(0.1)),
        ("release".to_string(), share(0.8)),
    ]);
    let report = opportunities(
        &[card(LEAD, 2_000.0)],
        &shares,
        &Library::standard(),
        &OpportunityPolicy::recommended(),
    );
    let opportunity = report.unwrap().opportunities.remove(0);
    assert_eq!(opportunity.actions[0].id, "change_lead_time.less_waiting");
    assert_eq!(opportunity.priority, opportunity.actions[0].priority);
}

#[test]
fn trend_changes_urgency_and_own_targets_count() {
    let with = |direction| {
        let trending = card(RECOVERY, 600.0).with_trend(CardTrend::new(direction));
        found(&[trending], &OpportunityPolicy::recommended()).opportunities[0].priority
    };
    let plain = with(Direction::NoEvidence);
    assert_eq!(with(Direction::Worsening), plain * 1.5);
    assert_eq!(with(Direction::Improving), plain * 0.5);
    let own = card(RECOVERY, 600.0).with_target(Number::from(30));
    assert_eq!(found(&[own], &OpportunityPolicy::classic()).opportunities[0].target, Number::from(30));
    let wrong = [card(RECOVERY, 600.0).with_target(Number::from(9_000))];
    let error =
        opportunities(&wrong, &StageShares::new(), &Library::standard(), &OpportunityPolicy::classic());
    assert_eq!(
        error.unwrap_err().to_string(),
        "`target` is `9000`, must be at least as good as the trigger, with a direction"
    );
}

#[test]
fn units_are_converted_or_refused() {
    let hours = in_unit(RECOVERY, 10.0, Unit::Hours);
    assert_eq!(found(&[hours], &OpportunityPolicy::classic()).opportunities[0].current, Number::from(600));
    let bytes = [in_unit(RECOVERY, 10.0, Unit::Bytes)];
    let error =
        opportunities(&bytes, &StageShares::new(), &Library::standard(), &OpportunityPolicy::classic());
    assert_eq!(
        error.unwrap_err().to_string(),
        "`failed_deployment_recovery_time` is in `bytes`, must be in a unit that converts to `minutes`"
    );
    let negative = [card(RECOVERY, -1.0)];
    let error =
        opportunities(&negative, &StageShares::new(), &Library::standard(), &OpportunityPolicy::default());
    assert!(error.unwrap_err().to_string().starts_with("`value` is `-1`, must be at least 0"));
}

#[test]
fn every_area_yields_a_proposal() {
    let library = Library::standard();
    for area in library.areas() {
        let bad = if area.good == GoodDirection::Up {
            1.0
        } else {
            90.0 * if area.unit == Unit::Hours { 10.0 } else { 1.0 }
        };
        let bad = if area.unit == Unit::Minutes { 900.0 } else { bad };
        let report = found(&[card(area.metric.as_str(), bad)], &OpportunityPolicy::recommended());
        let opportunity = report.opportunities.first().unwrap_or_else(|| panic!("{}", area.metric));
        let proposal = propose(opportunity, &library).unwrap();
        assert_eq!(proposal, propose(opportunity, &library).unwrap());
        assert_eq!(proposal.success[0].metric(), &area.metric);
        assert!(proposal.id.as_str().starts_with(area.metric.as_str()));
        assert!(!proposal.title.contains('{') && !proposal.guardrails.is_empty());
        let json = serde_json::to_string_pretty(&proposal).unwrap();
        assert_eq!(serde_json::from_str::<devops_metrics::improvement::Proposal>(&json).unwrap(), proposal);
    }
}

#[test]
fn the_two_classic_proposals() {
    let library = Library::standard();
    let report = found(&[card(FREQUENCY, 4.0), card(RECOVERY, 300.0)], &OpportunityPolicy::classic());
    let told: Vec<String> = report
        .opportunities
        .iter()
        .map(|o| {
            let p = propose(o, &library).unwrap();
            let goals: Vec<String> = p.success.iter().map(ToString::to_string).collect();
            format!(
                "{} by {}, effort {}, impact {}: {}",
                p.title,
                p.proposer,
                p.effort,
                p.impact,
                goals.join(", ")
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "Raise deployment frequency and efficiency from 4 to 50 a month by DevOps team, effort medium, \
             impact high: deployment_frequency >= 50 /month, deployment_duration <= 15 min, \
             deployment_success_rate >= 95 %",
            "Shorten the mean time to recover from 300 to 60 minutes by SRE team, effort high, impact high: \
             failed_deployment_recovery_time <= 60 min, automatic_recovery >= 80 %, time_to_detect <= 5 min",
        ]
    );
}

/// Worse values for better-is-down and better-is-up metrics.
fn worse(id: &str, value: f64, factor: f64) -> f64 {
    if id == FREQUENCY { value / factor } else { value * factor }
}

proptest! {
    #[test]
    fn a_worse_metric_never_ranks_lower(
        which in 0usize..4,
        values in prop::collection::vec(0.001f64..100_000.0, 4),
        factor in 1.0f64..1000.0,
        trends in prop::collection::vec(0usize..3, 4),
    ) {
        let ids = [FREQUENCY, RECOVERY, FAILURES, LEAD];
        let directions = [Direction::Worsening, Direction::Improving, Direction::NoEvidence];
        let cards = |at: usize, value: f64| -> Vec<MetricCard> {
            let one = |i: usize| {
                let v = if i == at { value } else { values[i] };
                card(ids[i], v).with_trend(CardTrend::new(directions[trends[i]]))
            };
            (0..4).map(one).collect()
        };
        let rank = |value: f64| {
            let report = found(&cards(which, value), &OpportunityPolicy::recommended());
            // What is no opportunity comes after all that are.
            report.opportunities.iter().position(|o| o.metric.as_str() == ids[which]).unwrap_or(usize::MAX)
        };
        let value = values[which];
        prop_assert!(rank(worse(ids[which], value, factor)) <= rank(value));
    }

    #[test]
    fn order_of_cards_does_not_matter(values in prop::collection::vec(0.0f64..5_000.0, 4), seed in any::<u64>()) {
        let mut cards: Vec<MetricCard> =
            [FREQUENCY, RECOVERY, FAILURES, LEAD].iter().zip(&values).map(|(id, v)| card(id, *v)).collect();
        let policies = [OpportunityPolicy::classic(), OpportunityPolicy::recommended()];
        let json = |cards: &[MetricCard]| policies.each_ref().map(|p| serde_json::to_string(&found(cards, p)).unwrap());
        let before = json(&cards);
        cards.rotate_left((seed % 4) as usize);
        cards.swap(0, (seed / 4 % 4) as usize);
        prop_assert_eq!(json(&cards), before);
    }
}
