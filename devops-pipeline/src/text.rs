//! Everything that the pipeline says to people, by id.

use devops_core::TextTable;

pub(crate) const NO_TIMER: &str = "note.no_timer";
pub(crate) const SLOWEST: &str = "timing.slowest";
pub(crate) const SLOWEST_ANALYZER: &str = "timing.slowest_analyzer";

/// The English texts of pipeline, gates and scores, by id; a translation is another table over the same ids.
///
/// ```
/// use devops_core::Message;
///
/// let texts = devops_pipeline::texts();
/// assert_eq!(texts.render(&Message::new("skipped.no_deploy")), "the job asks for no deployment");
/// ```
#[must_use]
pub fn texts() -> TextTable {
    devops_gates::texts()
        .merged(TextTable::from_entries(OUTCOMES))
        .merged(TextTable::from_entries(STAGES))
        .merged(TextTable::from_entries(ACTIONS))
        .merged(TextTable::from_entries(HEADINGS))
}

const OUTCOMES: &[(&str, &str)] = &[
    ("outcome.succeeded", "succeeded"),
    ("outcome.warning", "succeeded with a warning"),
    ("outcome.warnings", "succeeded with {count} warnings"),
    ("outcome.failed", "failed in {stage}: {reason}"),
    ("outcome.rolled_back", "rolled back in {stage}: {reason}"),
    ("outcome.errored", "could not be judged, {stage} did not work: {reason}"),
    ("outcome.cancelled", "cancelled in {stage}"),
    (NO_TIMER, "no timer is given, so no time limit holds"),
    (SLOWEST, "{stage} took {took} of {total}"),
    (SLOWEST_ANALYZER, "{stage} took {took} of {total}, {analyzer} alone {analyzer_took}"),
    ("lint.required_absent", "required source `{source}` is not registered: no change can pass"),
    ("lint.gate", "gate: {lint}"),
];

const STAGES: &[(&str, &str)] = &[
    ("skipped.stopped", "the run ended in {stage}"),
    ("skipped.no_analyzers", "no code analyzer is registered"),
    ("skipped.no_scanners", "no security scanner is registered"),
    ("skipped.no_build_runner", "no build runner is configured"),
    ("skipped.no_test_runner", "no test runner is configured"),
    ("skipped.no_deploy", "the job asks for no deployment"),
    ("skipped.no_deployer", "the job asks for a deployment, but no deployer is configured"),
    ("skipped.not_deployed", "nothing was deployed"),
    ("skipped.no_validator", "no validator is configured"),
    ("skipped.monitoring", "not available yet"),
    ("stage.ended", "the run ended here"),
    ("stage.error", "{text}"),
    ("stage.panicked", "panicked: {text}"),
    ("stage.timed_out", "timed out after {text}"),
    ("stage.said", "{text}"),
    ("stage.analyzers", "{ran} of {total} sources ran to an end, findings: {findings}."),
    ("stage.score_below", "{metric} {score} is below {threshold}"),
    ("stage.not_scored", "nothing that counts for {text} was looked at"),
    ("stage.required_not_run", "a required source did not run to an end: {sources}"),
    ("stage.required_not_run_many", "{count} required sources did not run to an end: {sources}"),
    ("stage.fell_out", "did not run to an end: {sources}"),
    ("stage.build_failed", "the build failed: {text}"),
    ("stage.tests", "{run} tests ran, {failed} failed, {skipped} were skipped."),
    ("stage.tests_failed", "{failed} of {run} tests failed"),
    ("stage.gate", "{text}"),
    ("stage.gate_and_required", "{text}; {required}"),
    ("stage.fixes", "To pass, these must be met: {conditions}."),
    ("stage.no_fixes", "Nothing that was measured can make it pass."),
    ("stage.deployment_failed", "the deployment failed: {text}"),
    ("stage.cannot_roll_back", "The deployer cannot roll back."),
    ("stage.rolled_back", "Rolled back: {text}"),
    ("stage.rollback_failed", "The rollback failed: {text}"),
    ("stage.worse", "judged worse: {text}"),
    ("stage.cannot_tell", "cannot tell: {text}"),
];

const ACTIONS: &[(&str, &str)] = &[
    ("do.run", "make {source} run to an end, nothing passes without it: {outcome}"),
    ("do.register", "register {source}, nothing passes without it"),
    ("do.score", "raise the score that ended the run: {text}"),
    ("do.build", "make the build pass: {text}"),
    ("do.stage", "see to {stage}: {text}"),
    ("do.veto", "clear the veto {condition}: {text}"),
    ("do.move", "to pass, bring {condition} {distance}"),
    ("do.condition", "to pass, bring {condition} to {criterion}: {text}"),
    ("do.also_move", "not needed to pass: bring {condition} {distance}"),
    ("do.also", "not needed to pass: bring {condition} to {criterion}: {text}"),
    ("do.conflict", "measure it in one place: {text}"),
    ("do.finding", "fix the {severity} finding of {rule}"),
    ("do.findings", "fix {count} findings of {rule}, {severity} at worst"),
    ("do.review", "review {path} first: probability of a defect {probability}"),
    ("do.no_tests", "configure a test runner: nobody knows whether the tests pass"),
    ("do.skipped_tests", "look at the {count} tests that were skipped"),
];

const HEADINGS: &[(&str, &str)] = &[
    ("report.title", "Pipeline {job}: {outcome}"),
    ("report.warnings", "To look at"),
    ("report.actions", "What to do"),
    ("report.stages", "Stages"),
    ("report.stage_columns", "| Stage | Outcome | Score | What happened |"),
    ("report.scores", "Scores"),
    ("report.score_columns", "| Score | | Made of |"),
    ("report.findings", "Findings"),
    ("report.more", "and {count} more"),
    ("report.suppressed", "{count} findings are suppressed"),
    ("report.not_run", "What was not looked at"),
    ("report.conflicts", "Measured more than once, so not counted"),
    ("report.notes", "Notes"),
    ("report.footer", "{repository} {branch} {commit}, policy {policy}"),
];
