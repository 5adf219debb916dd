//! The texts of this crate, by id.

use devops_core::TextTable;

/// The English texts of scores and verdicts, by id; a translation is another table over the same ids.
///
/// ```
/// use devops_core::Message;
///
/// let texts = devops_gates::texts();
/// assert_eq!(texts.render(&Message::new("score.no_source")), "no source for it is registered");
/// ```
#[must_use]
pub fn texts() -> TextTable {
    TextTable::from_entries(SCORES)
        .merged(TextTable::from_entries(GATES))
        .merged(TextTable::from_entries(crate::judge::TEXTS))
}

const SCORES: &[(&str, &str)] = &[
    ("score.no_source", "no source for it is registered"),
    ("score.no_image", "no container image is built"),
    ("score.source_failed", "{source} {outcome} (sources that did not run: {count})"),
    ("score.nothing_measurable", "nothing could be measured, skipped: {count}"),
    ("score.no_risk", "no source told a probability"),
    ("score.no_part", "no part of it was measured"),
    ("score.part_not_measured", "{part} is not measured: {reason}"),
    ("score.no_baseline", "{current} cannot be held against a baseline of {baseline}"),
    ("score.term.start", "every score begins at 10"),
    ("score.term.findings", "{count} {severity} at {each} each"),
    ("score.term.live_secret", "live secrets: {count}, the score is 0"),
    ("score.term.function", "cognitive/cyclomatic/lines {now}, before {before}"),
    ("score.term.function_heuristic", "cognitive/cyclomatic/lines about {now}, before {before}"),
    ("score.term.risk", "probability of a defect {probability}"),
    ("score.term.risk_uncalibrated", "probability of a defect {probability}, uncalibrated"),
    ("score.term.risk_file", "probability of a defect {probability}, one of {count} files of high risk"),
    ("score.term.slower", "{current} against {baseline} before"),
    ("score.term.part", "score {score} with a share of {share}"),
    ("score.term.part_assumed", "score {score} assumed, with a share of {share}"),
    ("score.summary.findings", "{metric} {score}: {findings}"),
    ("score.summary.complexity", "{metric} {score}: {functions} functions touched, {exceeding} over a limit"),
    ("score.summary.risk", "{metric} {score}: probability of a defect {probability}"),
    ("score.summary.performance", "{metric} {score}: {current} against {baseline} before"),
    ("score.summary.overall", "{metric} {score}: {parts}; {findings}"),
    ("score.summary.assumed", "{metric} is assumed to be 10: {reason}"),
    ("score.summary.not_applicable", "{metric} does not apply: {reason}"),
    ("score.summary.not_measured", "{metric} is not measured: {reason}"),
];

const GATES: &[(&str, &str)] = &[
    ("gate.holds", "{value} meets {criterion}"),
    ("gate.warning_holds", "{value} meets {warning}, not {criterion}"),
    ("gate.does_not_hold", "{value} does not meet {criterion}"),
    ("gate.missing", "not measured: {reason}"),
    ("gate.missing_fails", "not measured, which fails: {reason}"),
    ("gate.missing_skipped", "not measured, left out: {reason}"),
    ("gate.not_expected", "not measured: no source for it is configured"),
    ("gate.wrong_unit", "{value} is measured in {unit}, expected {expected}: not compared"),
    ("gate.wrong_kind", "{value} cannot be held against {criterion}"),
    ("gate.too_few_samples", "rests on {n} observations, at least {minimum} are expected"),
    ("gate.too_little", "too little to judge by: {metric} is {value}, at least {minimum} is expected"),
    ("gate.no_baseline", "no baseline for {criterion}"),
    ("gate.zero_baseline", "a baseline of zero has no percentage for {criterion}"),
    ("gate.negative_baseline", "a baseline below zero has no percentage for {criterion}"),
    ("gate.no_samples", "no samples to compare were measured"),
    ("gate.no_counts", "no counts to compare were measured"),
    ("gate.too_large", "the values are too large to be compared"),
    ("gate.cannot_show", "{n} values against {m} could not show {change} at a level of {level} %"),
    ("gate.too_few_values", "{n} values against {m}: at least {minimum} a side are expected"),
    ("gate.samples.no_baseline", "no samples of {origin} to compare with"),
    ("gate.samples.not_shown", "{change} is not shown ({p} at a level of {level} %)"),
    ("gate.samples.ruled_out", "{change} is ruled out ({p} at a level of {level} %)"),
    ("gate.samples.shown", "{change} is shown ({p} at a level of {level} %)"),
    ("gate.samples.warning", "{change} is shown ({p} at a level of {level} %), {warning} is not ({other})"),
    (
        "gate.samples.warning_not_proven",
        "{change} is not ruled out ({p} at a level of {level} %), {warning} is not shown ({other})",
    ),
    (
        "gate.samples.warning_ruled_out",
        "{change} is shown ({p} at a level of {level} %), {warning} is ruled out ({other})",
    ),
    ("gate.not_proven", "{change} is neither shown nor ruled out ({p} at a level of {level} %)"),
    ("gate.not_yet_failed", "{value} does not meet {criterion}: {streak} in a row, it fails at {needed}"),
    (
        "gate.not_yet_recovered",
        "{value} meets {criterion}: {streak} in a row since it failed, it recovers at {needed}",
    ),
    ("gate.not_recovered", "{value} meets {criterion} but not {recover}, by which it recovers from failing"),
    ("gate.note.waived", "waived by {waivers}"),
    (
        "gate.waiver.used",
        "{id} used for {conditions}: {what}, {reason} ({owner}, approved by {approver}, until {expires})",
    ),
    (
        "gate.waiver.unused",
        "{id} not needed: {what}, {reason} ({owner}, approved by {approver}, until {expires})",
    ),
    ("gate.waiver.expired", "{id} expired at {expires}: {what}, {reason} ({owner}, approved by {approver})"),
    ("gate.markdown.to_pass", "To pass"),
    ("gate.markdown.waivers", "Waivers"),
    ("gate.mark.waived", "waived"),
    (
        "gate.note.baseline",
        "the baseline is {baseline}, the {aggregate} of {runs} runs, which asks for {criterion}",
    ),
    ("gate.note.baseline_run", "the baseline is {baseline}, of run {run}, which asks for {criterion}"),
    ("gate.note.baseline_given", "the baseline is {baseline}, as given, which asks for {criterion}"),
    ("gate.note.baseline_control", "the baseline is {baseline}, of the control, which asks for {criterion}"),
    ("gate.note.samples", "{effect}, {n} values against {m} of {origin}"),
    ("gate.note.outcomes", "{effect}, held against {origin}"),
    ("gate.note.sizes", "{n} values against {m} of {origin}"),
    ("gate.note.findings", "of {findings}"),
    ("gate.note.last_known", "last known value, of run {run} at {at}"),
    ("gate.summary", "gate {gate} {status}: {passed} of {total} conditions pass"),
    (
        "gate.summary.obstacle",
        "gate {gate} {status}: {passed} of {total} conditions pass; {condition}: {reason}",
    ),
    ("gate.rule.all", "all must pass"),
    ("gate.rule.any", "one must pass"),
    ("gate.rule.not", "it must fail"),
    ("gate.rule.at_least", "at least {k} must pass"),
    ("gate.rule.weighted", "at least {pass} % of the weight must pass"),
    ("gate.rule.weighted_warn", "at least {pass} % of the weight must pass, {warn} % for a warning"),
    ("gate.markdown.heading", "Gate {gate}: {status}"),
    ("gate.markdown.columns", "| Condition | Verdict | Reason | Share | |"),
    ("gate.mark.shadow", "shadow"),
    ("gate.mark.left_out", "left out"),
    ("gate.mark.mandatory", "mandatory"),
    (
        "gate.lint.unreachable_warning",
        "no outcome of the parts gives a warning: none earns a share from {warn} % up to below {pass} %",
    ),
    (
        "gate.lint.unreachable_warning_without",
        "no outcome of the parts gives a warning where {metrics} is left out: none earns a share from {warn} % up to below {pass} %",
    ),
    (
        "gate.lint.band_not_checked",
        "the parts have too many outcomes to see whether each warning band can be reached",
    ),
    ("gate.lint.never_passes", "no value in {unit} meets {criterion}"),
    ("gate.lint.never_fails", "every value in {unit} meets {criterion} or the warning"),
    ("gate.lint.warning_within_pass", "every value that meets {warning} passes: there is no warning"),
    ("gate.lint.group_never_passes", "no outcome of its parts passes it"),
    ("gate.lint.group_never_fails", "no outcome of its parts fails it"),
    ("gate.lint.contradictory", "{second} ({other}) and {first} ({pass}) cannot pass together"),
    ("gate.lint.redundant", "{second} ({other}) and {first} ({pass}): one includes the other"),
    ("gate.lint.no_effect", "{part} weighs nothing and is not mandatory"),
    ("gate.lint.waives_nothing", "waiver {id} is for {what}, which gate {gate} does not have"),
    (
        "gate.lint.waives_no_findings",
        "waiver {id} is for findings of {what}, at which gate {gate} does not look",
    ),
    ("gate.lint.waiver_expired", "waiver {id} expired at {what}"),
    ("gate.lint.unknown_metric", "{metric} is not in the catalogue"),
    ("gate.lint.unit_mismatch", "{metric} is measured in {expected}, not in {unit}"),
    ("gate.lint.no_unit", "{metric} has no known unit: only a plain number is compared"),
    (
        "gate.lint.rewards_silence",
        "{condition} is left out where its measure is missing: withholding it can improve the verdict",
    ),
    (
        "gate.lint.rewards_silence_known",
        "{condition} takes an earlier value where its measure is missing: withholding it can improve the verdict",
    ),
    (
        "gate.lint.rewards_silence_control",
        "{condition} is left out where the control is of no use: withholding it can improve the verdict",
    ),
    (
        "gate.lint.rewards_silence_baseline",
        "{condition} is left out where its baseline is of no use: withholding the history can improve the verdict",
    ),
    ("gate.difference.becomes", "{before} becomes {after}"),
    ("gate.difference.stays", "still {after}"),
    ("gate.difference.heading_becomes", "From {before} to {after}"),
    ("gate.difference.heading_stays", "Still {after}"),
    ("gate.difference.columns", "| Condition | Change | Before | After |"),
    ("gate.difference.worse", "worse"),
    ("gate.difference.better", "better"),
    ("gate.difference.added", "added"),
    ("gate.difference.removed", "removed"),
    ("gate.difference.other", "other"),
    ("gate.distance.none", "none"),
    ("gate.distance.change", "from {from} to {to}"),
    ("gate.distance.not_measured", "nothing comparable was measured"),
    ("gate.distance.too_few_samples", "too few observations"),
    ("gate.distance.not_yet_recovered", "it recovers in time, not by a better value alone"),
    ("gate.distance.samples", "a comparison of samples has no distance"),
    ("gate.distance.no_baseline", "no baseline to hold it against"),
    ("gate.distance.not_ordered", "an equality, a set or a gap has no distance"),
    ("gate.distance.out_of_reach", "no value that can be reached passes"),
];
