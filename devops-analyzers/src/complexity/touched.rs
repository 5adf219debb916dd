//! The functions that a change touches, now and before.

use devops_core::{FileChange, FunctionComplexity, LineKind, Location, Region, RepoPath};

use super::metrics::FunctionMetrics;
use super::{counts, functions, is_exact};
use crate::language::Language;
use crate::new_side::{NewSide, View, view};
use devops_core::{ChangeKind, Complexity, Skipped};

/// What a file's part of a change says of its functions.
#[derive(Debug, Default)]
pub(super) struct FileFunctions {
    pub(super) functions: Vec<FunctionComplexity>,
    pub(super) skipped: Option<Skipped>,
}

pub(super) fn of_file(file: &FileChange) -> FileFunctions {
    let side = match view(file) {
        View::Text(side) => side,
        View::Nothing => return FileFunctions::default(),
        View::Skipped(reason) => {
            let skipped = file.new_path().map(|p| Skipped { what: p.to_string(), reason: reason.to_owned() });
            return FileFunctions { functions: Vec::new(), skipped };
        }
    };
    let Some(language) = side.language.filter(|l| l.is_code()) else { return FileFunctions::default() };
    if !counts(language) {
        let skipped = side.skipped(&format!("complexity is not counted in {language}"));
        return FileFunctions { functions: Vec::new(), skipped: Some(skipped) };
    }
    let Some(contents) = file.new_contents() else {
        let skipped = side.skipped("the diff holds only a part of the file");
        return FileFunctions { functions: Vec::new(), skipped: Some(skipped) };
    };
    let now = functions(language, contents);
    let before = match (file.kind(), file.old_contents()) {
        (ChangeKind::Added, _) => Some(Vec::new()),
        (_, Some(old)) => Some(functions(language, old)),
        (_, None) => None,
    };
    FileFunctions { functions: touched(file, &side, language, &now, before.as_deref()), skipped: None }
}

fn touched(
    file: &FileChange,
    side: &NewSide<'_>,
    language: Language,
    now: &[FunctionMetrics],
    before: Option<&[FunctionMetrics]>,
) -> Vec<FunctionComplexity> {
    let removed = removals(file);
    let names = numbered(now);
    let mut old_names = before.map(numbered).unwrap_or_default();
    old_names.sort();
    let mut found = Vec::new();
    for (function, name) in now.iter().zip(names) {
        let (first, last) = (function.start_line, function.end_line);
        // Lines that go from between two lines of the function touch it too.
        let at = removed.partition_point(|gap| *gap <= first);
        let loses = removed.get(at).is_some_and(|gap| *gap <= last);
        if !loses && !side.adds_any(first, last) {
            continue;
        }
        let location = location(side.path, first, last);
        let mut entry =
            FunctionComplexity::new(function.qualified_name(language), location, function.complexity())
                .with_heuristic(!is_exact(language));
        if let Some(before) = before {
            let old = old_names.binary_search_by(|(known, _)| known.cmp(&name.0)).ok();
            let old = old.and_then(|at| old_names.get(at)).and_then(|(_, index)| before.get(*index));
            entry = entry.with_before(old.map_or(Complexity::default(), FunctionMetrics::complexity));
        }
        found.push(entry);
    }
    found
}

/// The new lines before which lines were removed, in order.
fn removals(file: &FileChange) -> Vec<u32> {
    let mut gaps = Vec::new();
    for hunk in file.hunks() {
        let range = hunk.new_range();
        let mut next = if range.count == 0 { range.start.saturating_add(1) } else { range.start };
        for line in hunk.lines() {
            match line.new_line {
                Some(number) => next = number.saturating_add(1),
                None if line.kind == LineKind::Removed => gaps.push(next),
                None => {}
            }
        }
    }
    gaps.dedup();
    gaps
}

/// Owner, name and number among equals.
type Key<'a> = (&'a str, &'a str, usize);

/// The functions by owner, name and number among equals, with their places in the list, in its order.
fn numbered(functions: &[FunctionMetrics]) -> Vec<(Key<'_>, usize)> {
    let mut seen = std::collections::BTreeMap::new();
    let mut keys: Vec<(Key<'_>, usize)> = Vec::with_capacity(functions.len());
    for (index, function) in functions.iter().enumerate() {
        let name = (&*function.owner, &*function.name);
        let count: &mut usize = seen.entry(name).or_default();
        keys.push(((name.0, name.1, *count), index));
        *count = count.saturating_add(1);
    }
    keys
}

fn location(path: &RepoPath, first: u32, last: u32) -> Location {
    let location = Location::new(path.clone());
    match Region::lines(first, last) {
        Ok(region) => location.with_region(region),
        Err(_) => location,
    }
}
