//! The texts of canary judgements, by id.

/// English.
pub(crate) const TEXTS: &[(&str, &str)] = &[
    ("judge.summary", "canary {policy} {status}: {passed} of {total} metrics pass"),
    ("judge.summary.obstacle", "canary {policy} {status}: {metric}: {reason}"),
    ("judge.harm", "{effect}, worse than {tolerance} allows (p {p})"),
    ("judge.change", "{effect}, worse, but not surely beyond {tolerance} (p {p})"),
    ("judge.no_harm", "{effect}, not shown to be worse (p {p})"),
    ("judge.ruled_out", "{effect}, not worse by {tolerance} (p {p})"),
    ("judge.not_ruled_out", "{effect}, neither surely worse nor surely within {tolerance} (p {p})"),
    ("judge.still_watched", "{effect}, not shown to be worse so far (p {p})"),
    ("judge.too_few", "{experiment} values against {control}, {test} needs {needed} a side"),
    ("judge.cannot_show", "{experiment} values against {control} could not show a {test} at this level"),
    ("judge.missing", "{side} is missing: {reason}"),
    ("judge.no_samples", "{side} has no samples to compare"),
    ("judge.no_counts", "{side} has no counts to compare"),
    ("judge.wrong_unit", "{side} is measured in {unit}, expected {expected}: not compared"),
    ("judge.overflow", "{side} has values too large to compare"),
    ("judge.no_test", "nothing was tested"),
    ("judge.mark.critical", "critical"),
    ("judge.markdown.heading", "Canary {policy}: {status}"),
    (
        "judge.markdown.level",
        "False alarms at most {alpha} % over {tests} tests together; confidence in the verdict {confidence}.",
    ),
    ("judge.markdown.columns", "| Metric | Test | Verdict | Reason | |"),
    ("judge.markdown.unjudged", "Measured, but not judged by this policy: {metrics}."),
];
