//! From one SARIF result to a finding.

use std::collections::BTreeMap;

use devops_core::{BaselineState, Finding, Fingerprint, Location, Region, RepoPath, RuleId, Severity};

use super::address::{Address, path_of};
use super::json::{List, Loose, Scalar};
use super::lines::{ColumnUnit, Lines};
use super::message::text_of;
use super::reader::SarifReader;
use super::report::SarifRun;
use super::severity::{Kind, kind_of, level_of, security_of};
use super::shape::{Component, PhysicalLocation, RegionShape, ResultShape, Rule, Run, Tool};
use super::stream::Sink;
use super::suppression::suppressions_of;

/// Looks up the contents of a file behind the change.
pub(super) type Contents<'a> = &'a dyn Fn(&RepoPath) -> Option<&'a [u8]>;

/// Turns results into findings as they come, run by run.
pub(super) struct Resolver<'a, 'c> {
    reader: &'a SarifReader,
    shapes: &'a [Loose<Run>],
    contents: Contents<'c>,
    files: BTreeMap<RepoPath, Option<Lines<'c>>>,
    ids: BTreeMap<String, RuleId>,
    rules: Vec<RuleTable<'a>>,
    left: u64,
    pub(super) runs: Vec<SarifRun>,
}

/// A result on its way: what is known of its run and rule, and where warnings go.
struct Case<'r> {
    number: u64,
    shape: &'r ResultShape,
    run: &'r Run,
    component: Option<&'r Component>,
    rule: Option<&'r Rule>,
}

impl<'a, 'c> Resolver<'a, 'c> {
    pub(super) fn new(
        reader: &'a SarifReader,
        shapes: &'a [Loose<Run>],
        contents: Contents<'c>,
        runs: Vec<SarifRun>,
    ) -> Self {
        let rules = shapes.iter().map(|run| rule_table(run.get())).collect();
        let (files, ids, left) = (BTreeMap::new(), BTreeMap::new(), reader.max_results());
        Self { reader, shapes, contents, files, ids, rules, left, runs }
    }

    fn finding(&mut self, case: &Case<'_>, told: &mut SarifRun, info: bool) -> Finding {
        let mut warn = |problem: String| told.warn(Some(case.number), problem);
        if let Some(key) = case.shape.repeated {
            warn(format!("key `{key}` stands there twice: the first counts"));
        }
        let rule = self.rule_id(case, &mut warn);
        let severity = self.severity(case, &rule, info, &mut warn);
        let message = message(case, &mut warn);
        let mut finding = Finding::new(rule, severity, message);
        let place = case.shape.locations.get().and_then(|first| first.0.as_ref());
        if case.shape.locations.is_wrong() || place.is_some_and(Loose::is_wrong) {
            warn("`locations` is no list of places: left without a place".to_owned());
        }
        let physical = place.and_then(Loose::get).and_then(|p| p.physical.get());
        let location = physical.and_then(|p| self.location(case, p, &mut warn));
        let context = self.context(case, location.as_ref(), physical);
        if let Some(location) = location {
            finding = finding.at(location);
        }
        if let Some(context) = context {
            finding = finding.with_context(&context);
        }
        let own = case.shape.fingerprints.get().and_then(|table| table.get(Fingerprint::SCHEME));
        if let Some(fingerprint) = own.and_then(Scalar::text).and_then(|text| text.parse().ok()) {
            finding = finding.with_fingerprint(fingerprint);
        }
        finding = finding.with_baseline(baseline(&case.shape.baseline, &mut warn));
        for suppression in suppressions_of(&case.shape.suppressions, &mut warn) {
            finding = finding.with_suppression(suppression);
        }
        extras(case, finding)
    }

    fn rule_id(&mut self, case: &Case<'_>, warn: &mut impl FnMut(String)) -> RuleId {
        let reference = case.shape.rule.get();
        let own = case.shape.rule_id.text().or_else(|| reference?.id.text());
        let named = own.or_else(|| case.rule?.id.text());
        let text = named.unwrap_or_else(|| {
            warn("no rule is named: called `unknown`".to_owned());
            "unknown"
        });
        if let Some(id) = self.ids.get(text) {
            return id.clone();
        }
        let id = RuleId::new(text).or_else(|_| {
            warn("rule id is no short line of text: shortened".to_owned());
            RuleId::new(&devops_core::excerpt(text))
        });
        #[expect(clippy::unwrap_used, reason = "a constant that is a rule id")]
        let id = id.or_else(|_| RuleId::new("unknown")).unwrap();
        self.ids.insert(text.to_owned(), id.clone());
        id
    }

    fn severity(
        &self,
        case: &Case<'_>,
        rule: &RuleId,
        info: bool,
        warn: &mut impl FnMut(String),
    ) -> Severity {
        if let Some(severity) = self.reader.severity_of_rule(rule.as_str()) {
            return severity;
        }
        let told = if info { Severity::Info } else { told_severity(case, warn) };
        self.reader.capped(told)
    }

    fn location(
        &mut self,
        case: &Case<'_>,
        physical: &PhysicalLocation,
        warn: &mut impl FnMut(String),
    ) -> Option<Location> {
        let Some(artifact) = physical.artifact.get() else {
            warn("`artifactLocation` is missing: left without a place".to_owned());
            return None;
        };
        let path = match path_of(artifact, case.run, self.reader.paths()) {
            Address::Inside(path) => path,
            Address::Outside(path) => {
                warn(format!("`/{path}` is outside the roots that the reader was given"));
                path
            }
            Address::None(problem) => {
                warn(problem);
                return None;
            }
        };
        if physical.region.is_wrong() {
            warn("`region` is no object: taken as the whole file".to_owned());
        }
        let region = physical.region.get().and_then(|shape| self.region(case, &path, shape, warn));
        let location = Location::new(path);
        Some(match region {
            Some(region) => location.with_region(region),
            None => location,
        })
    }

    fn region(
        &mut self,
        case: &Case<'_>,
        path: &RepoPath,
        shape: &RegionShape,
        warn: &mut impl FnMut(String),
    ) -> Option<Region> {
        let start = position("startLine", &shape.start_line, warn)?;
        let end = position("endLine", &shape.end_line, warn).unwrap_or(start);
        let region = Region::lines(start, end).or_else(|_| {
            warn(format!("endLine `{end}` is before startLine `{start}`: taken as one line"));
            Region::line(start)
        });
        let region = region.ok()?;
        let start_column = position("startColumn", &shape.start_column, warn);
        let end_column = position("endColumn", &shape.end_column, warn);
        if start_column.is_none() && end_column.is_none() {
            return Some(region);
        }
        let unit = match case.run.column_kind.text() {
            Some("unicodeCodePoints") => ColumnUnit::CodePoints,
            _ => ColumnUnit::Utf16,
        };
        // Without the contents columns cannot be converted, and are left out rather than guessed.
        let lines = self.lines(path);
        let exact = lines.and_then(|l| l.with_columns(region, start_column.unwrap_or(1), end_column, unit));
        Some(exact.unwrap_or(region))
    }

    fn lines(&mut self, path: &RepoPath) -> Option<&Lines<'c>> {
        if !self.files.contains_key(path) {
            let lines = (self.contents)(path).map(Lines::of);
            self.files.insert(path.clone(), lines);
        }
        self.files.get(path)?.as_ref()
    }

    /// What makes the finding the same in the next run: the code at its place, else what the tool offers.
    fn context(
        &mut self,
        case: &Case<'_>,
        location: Option<&Location>,
        physical: Option<&PhysicalLocation>,
    ) -> Option<Vec<u8>> {
        if let Some((path, region)) = location.and_then(|l| Some((l.path(), l.region()?))) {
            let line = self.lines(path).and_then(|lines| lines.get(region.start_line()));
            if let Some(line) = line {
                return Some(line.to_vec());
            }
        }
        if let Some(context) = offered(case.shape) {
            return Some(context);
        }
        let snippet = physical?.region.get()?.snippet.get()?.text.text()?;
        let line = snippet.lines().find(|line| !line.trim().is_empty())?;
        Some(line.as_bytes().to_vec())
    }
}

/// The fingerprints that another tool writes, in the order of their names.
fn offered(shape: &ResultShape) -> Option<Vec<u8>> {
    let others = shape.fingerprints.get()?.iter().filter(|(name, _)| *name != Fingerprint::SCHEME);
    let texts = others.filter_map(|(name, value)| Some((name, value.text()?)));
    let joined = texts.map(|(name, value)| format!("{name}={value};")).collect::<String>();
    if joined.is_empty() { None } else { Some(joined.into_bytes()) }
}

fn told_severity(case: &Case<'_>, warn: &mut impl FnMut(String)) -> Severity {
    let own = case.shape.properties.get();
    let rule = case.rule.and_then(|rule| rule.properties.get());
    if let Some(severity) = own.and_then(|p| p.severity.text()).and_then(|text| text.parse().ok()) {
        return severity;
    }
    let number = [own, rule].into_iter().flatten().find_map(|p| security_of(&p.security_severity));
    if let Some(severity) = number {
        return severity;
    }
    let default = case.rule.and_then(|rule| rule.configuration.get()).map(|c| &c.level);
    for (level, whose) in [(Some(&case.shape.level), "level"), (default, "level of the rule")] {
        match level.map_or(Ok(None), level_of) {
            Ok(Some(severity)) => return severity,
            Ok(None) => {}
            Err(found) => {
                warn(format!(
                    "{whose} `{found}` is not known: expected `none`, `note`, `warning` or `error`"
                ));
            }
        }
    }
    Severity::Minor
}

fn message(case: &Case<'_>, warn: &mut impl FnMut(String)) -> String {
    let own = case.shape.properties.get().is_some_and(|p| p.severity.is_given());
    if let Some(text) = case.shape.message.get().and_then(|m| m.text.text()).filter(|_| own) {
        // Our own text says what it says; a link in it is none.
        return text.to_owned();
    }
    let told = case.shape.message.get().and_then(|m| text_of(m, case.rule, case.component));
    told.unwrap_or_else(|| {
        warn("message is missing: the rule's description stands for it".to_owned());
        let texts = case.rule.map(|rule| [rule.short.get(), rule.full.get()]);
        let description = texts.into_iter().flatten().flatten().find_map(|m| text_of(m, None, None));
        description.unwrap_or_else(|| "no message".to_owned())
    })
}

/// A line or column, from 1; `None` with a warning where something else stands there.
fn position(field: &str, value: &Scalar, warn: &mut impl FnMut(String)) -> Option<u32> {
    match value {
        Scalar::Absent => None,
        Scalar::Int(number) => {
            let position = u32::try_from(*number).ok().filter(|n| *n > 0);
            if position.is_none() {
                warn(format!("{field} `{number}` is outside 1 to 4294967295: left out"));
            }
            position
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number in range"
        )]
        Scalar::Float(number) if number.trunc() == *number && (1.0..4_294_967_296.0).contains(number) => {
            warn(format!("{field} `{value}` is not written as a whole number: read as one"));
            Some(*number as u32)
        }
        other => {
            warn(format!("{field} `{other}` is no whole number: left out"));
            None
        }
    }
}

fn baseline(state: &Scalar, warn: &mut impl FnMut(String)) -> BaselineState {
    match state {
        Scalar::Absent => BaselineState::Unknown,
        Scalar::Text(text) => match &**text {
            "new" => BaselineState::New,
            "unchanged" | "updated" => BaselineState::Unchanged,
            "absent" => BaselineState::Fixed,
            _ => {
                warn(format!("baselineState `{state}` is not known: left out"));
                BaselineState::Unknown
            }
        },
        _ => {
            warn(format!("baselineState `{state}` is not known: left out"));
            BaselineState::Unknown
        }
    }
}

/// Help, fix and the mark of a heuristic.
fn extras(case: &Case<'_>, mut finding: Finding) -> Finding {
    let own = case.shape.properties.get();
    let help = own.and_then(|p| p.help.text()).or_else(|| case.rule?.help.text());
    if let Some(help) = help.filter(|help| !help.is_empty()) {
        finding = finding.with_help(help);
    }
    let fix = case.shape.fixes.get().and_then(|first| first.0.as_ref()?.get()?.description.get());
    let fix = fix.and_then(|m| text_of(m, case.rule, case.component));
    if let Some(fix) = own.and_then(|p| p.fix.text().map(str::to_owned)).or(fix) {
        finding = finding.with_fix(fix);
    }
    let heuristic = own.is_some_and(|p| p.heuristic == Scalar::Bool(true));
    finding.with_heuristic(heuristic)
}

/// The rules of a run by id, those of the driver before those of extensions.
type RuleTable<'a> = BTreeMap<&'a str, (&'a Component, &'a Rule)>;

fn rule_table(run: Option<&Run>) -> RuleTable<'_> {
    let mut table = RuleTable::new();
    let Some(tool) = run.and_then(|run| run.tool.get()) else { return table };
    for component in tool.driver.get().into_iter().chain(extensions(tool).filter_map(Loose::get)) {
        let rules = component.rules.get().map_or(&[][..], |List(items)| items);
        for rule in rules.iter().filter_map(Loose::get) {
            if let Some(id) = rule.id.text() {
                table.entry(id).or_insert((component, rule));
            }
        }
    }
    table
}

/// Tools have a handful; more than a thousand are not looked at.
fn extensions(tool: &Tool) -> impl Iterator<Item = &Loose<Component>> {
    tool.extensions.get().into_iter().flat_map(|List(items)| items).take(1000)
}

/// The part of the tool that a result's rule belongs to, and the rule.
fn rule_of<'r>(
    shape: &ResultShape,
    run: &'r Run,
    table: &RuleTable<'r>,
    warn: &mut impl FnMut(String),
) -> (Option<&'r Component>, Option<&'r Rule>) {
    let Some(tool) = run.tool.get() else { return (None, None) };
    let reference = shape.rule.get();
    let mut component = tool.driver.get();
    if let Some(named) = reference.and_then(|r| r.component.get()) {
        let by_index = index(&named.index).and_then(|i| extensions(tool).nth(i)).and_then(Loose::get);
        let by_name = || extensions(tool).filter_map(Loose::get).find(|c| c.name == named.name);
        component = by_index.or_else(by_name).or(component);
    }
    let rules = component.and_then(|c| c.rules.get()).map_or(&[][..], |List(items)| items);
    let given = [Some(&shape.rule_index), reference.map(|r| &r.index)];
    let given = given.into_iter().flatten().find(|i| i.is_given() && **i != Scalar::Int(-1));
    if let Some(number) = given {
        if let Some(rule) = index(number).and_then(|i| rules.get(i)).and_then(Loose::get) {
            return (component, Some(rule));
        }
        warn(format!("rule index `{number}` is not known: {} rules are listed", rules.len()));
    }
    // A hierarchical id may add a part to the rule's own.
    let id = shape.rule_id.text().or_else(|| reference?.id.text());
    let found = id.and_then(|id| table.get(id).or_else(|| table.get(id.rsplit_once('/')?.0)).copied());
    found.map_or((component, None), |(c, rule)| (Some(c), Some(rule)))
}

fn index(number: &Scalar) -> Option<usize> {
    match number {
        Scalar::Int(number) => usize::try_from(*number).ok(),
        _ => None,
    }
}

impl Sink for Resolver<'_, '_> {
    fn take(&mut self, run: usize, number: u64, result: Loose<ResultShape>) -> bool {
        let Some(mut told) = self.runs.get_mut(run).map(core::mem::take) else { return false };
        let wanted = self.left > 0;
        if wanted {
            self.left = self.left.saturating_sub(1);
            match (self.shapes.get(run).and_then(Loose::get), result.get()) {
                (Some(shape), Some(result)) => self.take_result(run, shape, number, result, &mut told),
                _ => {
                    told.unreadable = told.unreadable.saturating_add(1);
                    told.warn(Some(number), "is no object: cannot be read".to_owned());
                }
            }
        }
        if let Some(place) = self.runs.get_mut(run) {
            *place = told;
        }
        wanted
    }
}

impl<'a> Resolver<'a, '_> {
    fn take_result(
        &mut self,
        at: usize,
        run: &'a Run,
        number: u64,
        shape: &ResultShape,
        told: &mut SarifRun,
    ) {
        let (kind, known) = kind_of(&shape.kind);
        if !known {
            told.warn(Some(number), format!("kind `{}` is not known: taken as `fail`", shape.kind));
        }
        if kind == Kind::Pass {
            told.passed = told.passed.saturating_add(1);
            return;
        }
        let none = RuleTable::new();
        let table = self.rules.get(at).unwrap_or(&none);
        let (component, rule) = rule_of(shape, run, table, &mut |p| told.warn(Some(number), p));
        let case = Case { number, shape, run, component, rule };
        let finding = self.finding(&case, told, kind == Kind::Info);
        told.findings.push(finding);
    }
}
