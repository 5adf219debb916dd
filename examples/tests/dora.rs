//! The dora program from outside: what it prints on its shipped events, in all forms, and its exit codes.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod program;

use std::process::Output;

const NEXTEST: &str = "data/delivery/cargo-nextest.jsonl";

fn run(arguments: &[&str], input: &str) -> Output {
    program::run("dora", "", arguments, input.as_bytes())
}

fn text(output: &Output) -> String {
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn golden(name: &str, arguments: &[&str], input: &str) {
    program::golden(&format!("data/delivery/expected/{name}"), 0, &run(arguments, input));
}

#[test]
fn the_shipped_events_are_told_as_before() {
    golden("prometheus.txt", &[], "");
    golden("cargo-nextest.md", &[NEXTEST, "--format", "markdown", "--period", "year"], "");
    golden("cargo-nextest.html", &[NEXTEST, "--format", "html", "--last", "8"], "");
    golden("words.txt", &["--print", "words"], "");
    golden("cargo-nextest-2026-Q2.txt", &[NEXTEST, "--explain", "2026-Q2:change_failure_rate"], "");
}

#[test]
fn a_printed_definition_is_one_to_start_from() {
    let printed = text(&run(&["--print", "definition", "--definition", "gitlab"], ""));
    let ours = std::env::temp_dir().join(format!("ours-{}.json", std::process::id()));
    std::fs::write(&ours, printed.replace("\"gitlab\"", "\"ours\"")).unwrap();
    let told = text(&run(&["--definition", &ours.to_string_lossy(), "--print", "words"], ""));
    std::fs::remove_file(&ours).unwrap();
    let gitlab = text(&run(&["--definition", "gitlab", "--print", "words"], ""));
    assert_eq!(told, gitlab.replace("gitlab 1", "ours 1"));
}

#[test]
fn every_event_of_a_cell_is_counted_or_left_out() {
    let told = text(&run(&[NEXTEST, "--explain", "2025-Q3"], ""));
    let (head, rows) = told.split_once("\n\n").unwrap();
    assert!(head.ends_with(&format!(", {} events", rows.lines().count())), "{head}");
    for row in rows.lines() {
        let kind = row.split_whitespace().next().unwrap();
        assert!(matches!(kind, "change" | "deployment" | "incident"), "{row}");
    }
}

#[test]
fn json_is_read_by_any_reader() {
    let told = text(&run(&[NEXTEST, "--format", "json", "--last", "4"], ""));
    let report: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(report["format"], 1);
    assert_eq!(report["report"]["cells"].as_array().unwrap().len(), 4);
    assert_eq!(report["definitions"].as_array().unwrap().len(), 11);
    assert_eq!(report["definitions"][0]["definition"], "dora_2025");
    let law = &report["flow"]["work"]["littles_law"];
    let [held, per_day, days] = ["in_progress", "per_day", "days"].map(|part| law[part].as_f64().unwrap());
    assert!((law["ratio"].as_f64().unwrap() - held / (per_day * days)).abs() < 1e-9);
}

#[test]
fn what_events_carry_beside_the_five_is_told() {
    let events = r#"
        {"type":"deployment","id":"d1","service":"api","environment":"prod","started_at":"2026-03-02T09:30:00Z","finished_at":"2026-03-02T10:00:00Z","outcome":"succeeded"}
        {"type":"deployment","id":"d2","service":"api","environment":"prod","started_at":"2026-03-03T09:00:00Z","finished_at":"2026-03-03T10:00:00Z","outcome":"failed"}
        {"type":"change","id":"c1","service":"api","committed_at":"2026-03-01T10:00:00Z","opened_at":"2026-03-01T16:00:00Z","merged_at":"2026-03-02T09:00:00Z","deployments":["d1"]}
        {"type":"change","id":"c2","service":"api","committed_at":"2026-03-31T00:00:00Z"}"#;
    let told = text(&run(&["-", "--period", "month"], events));
    let told = told.split("How work flows in 2026-03\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let words: Vec<String> =
        told.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    for line in [
        "changes a deployment half at most 1, 90 % at most 1, largest 1 n 1, 0 of them without",
        "age of what is not deployed at the end half at most 24 h, 90 % at most 24 h, oldest 24 h n 1",
        "commit to opening 6 h, 90 % at most 6 h n 1",
        "opening to merge 17 h, 90 % at most 17 h n 1",
        "merge to deployment 1 h, 90 % at most 1 h n 1",
        "deployments that succeeded 50 % [9.45–90.5] 1 of 2",
        "deployment duration 30 min, 90 % at most 30 min n 1",
    ] {
        assert!(words.iter().any(|found| found == line), "{line}\n{words:#?}");
    }
}

#[test]
fn the_quick_check_has_groups() {
    let of = |peers: &str| text(&run(&[NEXTEST, "--peers", peers], ""));
    assert!(of("size:fewer_than_100").contains(" % of organizations of 20 to 99 in 2025"));
    assert!(of("2024:industry:insurance").contains(" % of insurance in 2024"));
    let refused = run(&["--peers", "2024:industry:mining"], "");
    assert_eq!(refused.status.code(), Some(3));
    let told = String::from_utf8_lossy(&refused.stderr);
    assert!(told.contains("`industry:mining` is not among those of 2024: industry:all, "), "{told}");
}

/// c1 – c2 (v1.0.0) – c3 (v1.0.1, three days later) – c4 reverts c1 – c5 (v1.1.0)
fn git_lines() -> String {
    let day = |n: i64| n * 86_400;
    let commit = |n: u32, parent: &str, at: i64, subject: &str| {
        format!("commit\tc{n}\t{parent}\t{0}\t{0}\tAnn\t{subject}\n", day(at))
    };
    let tag = |name: &str, at: i64, commit: &str| format!("tag\t{name}\t{}\tx{commit}\t{commit}\n", day(at));
    [
        tag("v1.1.0", 60, "c5"),
        tag("v1.0.0", 20, "c2"),
        tag("v1.0.1", 23, "c3"),
        tag("v2.0.0", 100, "c6"),
        commit(6, "c5", 99, "rewrite"),
        commit(5, "c4", 55, "more"),
        commit(4, "c3", 50, "Revert \"add cache\""),
        commit(3, "c2", 22, "fix"),
        commit(2, "c1", 15, "docs"),
        commit(1, "", 10, "add cache"),
    ]
    .concat()
}

#[test]
fn a_repository_is_read_in_one_pipe() {
    golden("git.txt", &["--from-git", "--name", "a small repository"], &git_lines());
    let events = text(&run(&["--from-git", "--format", "events"], &git_lines()));
    assert_eq!(events.lines().count(), 12);
    // What it prints it reads, to the same report.
    let again = text(&run(&["-", "--name", "a small repository"], &events));
    let first = text(&run(&["--from-git", "--name", "a small repository"], &git_lines()));
    assert_eq!(again.lines().next(), first.lines().next());
    // But for what the events no longer tell: that they were taken from tags.
    let basis = "A deployment is a release, at the time of its tag: 4 release tags.\n\n";
    assert!(first.contains(basis));
    let table = |told: &str| {
        let told = told.replace(basis, "");
        told.split("\nNote\n").next().unwrap().split("\nFurther").next().unwrap().to_string()
    };
    assert_eq!(table(&again), table(&first));
}

/// A branch with merges and commits of its own, without a tag; c14 reverts what c4 brought.
fn untagged_lines() -> String {
    let day = |n: i64| n * 86_400;
    let commit = |n: i64, parents: &str, written: i64, subject: &str| {
        format!("commit\tc{n}\t{parents}\t{}\t{}\tAnn\t{subject}\n", day(written), day(n * 9))
    };
    let mut lines = String::from("head\tc19\n");
    for n in (1..20).rev() {
        lines += &match n {
            1 => commit(1, "", 9, "start"),
            14 => commit(14, "c13", 126, "Revert \"topic 4\""),
            n if n % 5 == 4 => commit(n, &format!("c{}", n - 2), n * 9 - 6, &format!("topic {n}")),
            n if n % 5 == 0 => commit(n, &format!("c{} c{}", n - 2, n - 1), n * 9, &format!("Merge {n}")),
            n => commit(n, &format!("c{}", n - 1), n * 9 - n % 2, "more"),
        };
    }
    lines
}

#[test]
fn a_repository_without_tags_is_told_by_what_reaches_its_main_branch() {
    golden("untagged.txt", &["--from-git", "--name", "a repository without tags"], &untagged_lines());
    for format in ["markdown", "html", "json"] {
        let told = text(&run(&["--from-git", "--format", format], &untagged_lines()));
        assert!(
            told.contains("There is no release tag; a deployment is each commit on the first-parent line")
        );
    }
    let asked = text(&run(&["--from-git", "--deployments", "merges"], &git_lines()));
    assert!(asked.contains("\nA deployment is each commit on the first-parent line of the newest branch, "));
    let refused = run(&["--from-git", "--deployments", "tags"], &untagged_lines());
    assert_eq!(refused.status.code(), Some(3));
    let refused = run(&[NEXTEST, "--deployments", "merges"], "");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--from-git"));
}

/// One incident is over, one is not; a change that two services deploy.
const SMALL: &str = r#"
    {"type":"deployment","id":"d1","service":"a","finished_at":"2025-01-06T00:00:00Z","outcome":"succeeded"}
    {"type":"deployment","id":"d2","service":"a","finished_at":"2025-01-08T00:00:00Z","outcome":"succeeded"}
    {"type":"deployment","id":"d3","service":"a","finished_at":"2025-02-08T00:00:00Z","outcome":"succeeded"}
    {"type":"deployment","id":"b1","service":"b","finished_at":"2025-01-07T00:00:00Z","outcome":"succeeded"}
    {"type":"change","id":"c1","services":["a","b"],"committed_at":"2025-01-05T00:00:00Z","deployments":["b1","d1"]}
    {"type":"incident","id":"i1","service":"a","opened_at":"2025-01-06T01:00:00Z","resolved_at":"2025-01-06T04:00:00Z"}
    {"type":"incident","id":"i2","service":"a","opened_at":"2025-01-08T01:00:00Z"}"#;

#[test]
fn a_cell_is_the_same_in_all_tables() {
    let told = text(&run(&["-", "--format", "json", "--period", "week", "--compare", "2025-W02"], SMALL));
    let report: serde_json::Value = serde_json::from_str(&told).unwrap();
    let (cell, side) = (&report["report"]["cells"][0], &report["definitions"][0]);
    let recovery = |values: &serde_json::Value| {
        values.as_array().unwrap().iter().find(|v| v["metric"] == "recovery_time").unwrap().clone()
    };
    assert_eq!(cell["period"], "2025-W02");
    assert_eq!(recovery(&cell["values"]), recovery(&side["values"]));
}

#[test]
fn each_lead_time_stands_with_its_deployment() {
    let told = text(&run(&["-", "--period", "week", "--explain", "2025-W02:change_lead_time"], SMALL));
    assert!(told.contains(", 1 event\n"), "{told}");
    assert!(told.contains("change  c1  lead time 24.0 h by d1, lead time 48.0 h by b1\n"), "{told}");
}

#[test]
fn a_cell_is_explained_in_hours_under_any_definition() {
    for definition in ["dora_2025", "fourkeys", "devlake_2023", "middleware", "pelorus", "gitlab"] {
        let arguments = ["-", "--definition", definition, "--period", "week", "--explain", "2025-W02"];
        let told = text(&run(&arguments, SMALL));
        assert!(told.contains("restore 3.0 h"), "{definition}: {told}");
    }
    let told = text(&run(&["-", "--period", "week", "--explain", "2025-W02:time_to_restore"], SMALL));
    assert!(told.ends_with("incident  i1  restore 3.0 h\nincident  i2  restore 623.0 h so far\n"), "{told}");
}

#[test]
fn a_class_of_few_says_so() {
    let told = text(&run(&["-", "--period", "week", "--compare", "2025-W02"], SMALL));
    let line = told.lines().find(|line| line.starts_with("  change failure rate: ") && line.contains("2021"));
    assert!(line.unwrap().ends_with("; this rests on fewer than five"), "{told}");
}

/// The first lines on events that cannot be right.
fn oddities(told: &str, lines: usize) -> Vec<&str> {
    let (_, odd) = told.split_once("Events that cannot be right\n").unwrap();
    odd.lines().take(lines).map(str::trim).collect()
}

#[test]
fn events_that_cannot_be_right_are_told() {
    let events = r#"
        {"type":"deployment","id":"d1","service":"api","started_at":"2026-03-02T11:00:00Z","finished_at":"2026-03-02T10:00:00Z","outcome":"succeeded"}
        {"type":"deployment","id":"d2<b>","service":"api","finished_at":"2026-03-03T10:00:00Z","outcome":"succeeded","replaces":"d2<b>"}
        {"type":"incident","id":"d1","service":"api","opened_at":"2026-03-02T09:00:00Z","arrived_at":"2026-03-01T09:00:00Z"}"#;
    let told = text(&run(&["-"], events));
    assert_eq!(
        oddities(&told, 3),
        [
            "deployments that end before they start, or before a part of them does (1): d1",
            "deployments that replace each other in a circle (1): d2<b>",
            "ids under which events of two kinds were told; the later counts (1): d1",
        ]
    );
    for format in ["markdown", "html"] {
        let told = text(&run(&["-", "--format", format], events));
        assert!(told.contains("in a circle (1): d2&lt;b&gt;"), "{told}");
    }
}

#[test]
fn a_commit_of_the_future_does_not_move_the_periods() {
    let commit = |n: u32, time: &str| format!("commit\tc{n}\tc{}\t{time}\t{time}\tAnn\tmore\n", n - 1);
    let mut history = String::from("head\tc40\n");
    for n in 1..40 {
        history += &commit(n, &if n == 7 { String::new() } else { (1_700_000_000 + n * 86_400).to_string() });
    }
    history += &commit(40, "4102444800");
    history += &commit(41, "");
    let told = text(&run(&["--from-git"], &history));
    assert!(told.starts_with("this repository, 2023-12-03 to 2023-12-22 by definition"), "{told}");
    assert_eq!(
        oddities(&told, 2),
        [
            "commits without a time that can be, left out (2): c7, c41",
            "deployments dated after today (1): main@c40",
        ]
    );
}

#[test]
fn the_level_of_a_metric_lies_among_its_values() {
    let page = text(&run(&["--format", "html"], ""));
    let heights = |line: &str| -> Vec<f64> {
        let (_, points) = line.split_once("points=\"").unwrap();
        let points = points.split('"').next().unwrap();
        points.split(' ').map(|point| point.split_once(',').unwrap().1.parse().unwrap()).collect()
    };
    for metric in ["Deployment frequency", "Change lead time", "Change failure rate"] {
        let (_, section) = page.split_once(&format!("{metric}</h3>")).unwrap();
        let lines =
            |class: &str| section.lines().find(|line| line.contains("<polyline") && line.contains(class));
        let [level, values] =
            ["class=\"stroke-other\"", "class=\"line\""].map(|class| heights(lines(class).unwrap()));
        let highest = values.iter().copied().fold(f64::INFINITY, f64::min);
        let lowest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        assert!(level.iter().all(|y| (highest..=lowest).contains(y)), "{metric}: {level:?} of {values:?}");
    }
}

#[test]
fn a_page_loads_nothing() {
    let page = text(&run(&[NEXTEST, "--format", "html", "--last", "4"], ""));
    for forbidden in ["http:", "https:", "<script", "<link", "@import", "url("] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
}

#[test]
fn exit_codes_are_those_of_the_help() {
    assert_eq!(run(&[NEXTEST, "--last", "2"], "").status.code(), Some(0));
    let before = [NEXTEST, "--from", "2001-01-01", "--to", "2001-12-31"];
    assert_eq!(run(&before, "").status.code(), Some(1));
    for (arguments, input, message) in [
        (&["-"][..], "{", "failed to read -: line 1: "),
        (&["-"][..], "", "there is no deployment to production among 0 events"),
        (&["--from-git"][..], "hello\n", "line 1: neither a tag nor a commit"),
        (&["no-such-file"][..], "", "failed to read no-such-file"),
        (&[NEXTEST, "--service", "web"][..], "", "service `web` is not among cargo-nextest"),
        (
            &[NEXTEST, "--definition", "mine"][..],
            "",
            "definition `mine` is neither a JSON file nor one of dora_2025",
        ),
        (&["--explain", "2026-Q9"][..], "", "period `2026-Q9` is not among the 20 from 2021-Q3 to 2026-Q2"),
        (&["--compare", "x"][..], "", "period `x` is not among the 20 from 2021-Q3 to 2026-Q2"),
        (&["--last", "0"][..], "", "error: invalid value '0' for '--last <LAST>'"),
        (
            &[NEXTEST, "--explain", "2026-Q2:speed"][..],
            "",
            "metric `speed` is not among deployment_frequency",
        ),
        (&[NEXTEST, "--from", "2026-06-01", "--to", "2026-01-01"][..], "", "`to` of the window"),
        (
            &["--zone", "Mars"][..],
            "",
            "error: invalid value 'Mars' for '--zone <ZONE>': zone `Mars` is unknown",
        ),
        (&["--nonsense"][..], "", "error: unexpected argument"),
    ] {
        let output = run(arguments, input);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{arguments:?}: {told}");
        let told = told.strip_prefix("error: ").filter(|_| !message.starts_with("error")).unwrap_or(&told);
        assert!(told.starts_with(message), "{arguments:?}: {told}");
    }
    let help = run(&["--help"], "");
    assert_eq!(help.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&help.stdout).contains("Exit codes"));
}
