//! Clones in a list of sources.

use super::config::DuplicationConfig;
use super::search::{Repeat, repeats};
use super::units::{Unit, add_units};
use crate::language::Language;

/// A source that is compared: a whole file, or a stretch of one.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Source<'a> {
    /// Its language; only sources of one language are compared.
    pub language: Language,
    /// Its text.
    pub text: &'a [u8],
    /// The line of the file that its text starts at, from 1.
    pub first_line: u32,
}

impl<'a> Source<'a> {
    /// A whole file.
    #[must_use]
    pub const fn new(language: Language, text: &'a [u8]) -> Self {
        Self { language, text, first_line: 1 }
    }

    /// The same text from another line of its file on.
    #[must_use]
    pub const fn at_line(self, first_line: u32) -> Self {
        Self { first_line, ..self }
    }
}

/// One side of a clone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Stretch {
    /// The number of the source in the list, from 0.
    pub source: usize,
    /// Its first line, from 1.
    pub start_line: u32,
    /// Its last line.
    pub end_line: u32,
    /// Its first byte in the text of the source.
    pub start_byte: usize,
    /// The byte behind its last.
    pub end_byte: usize,
}

/// How alike the two sides of a clone are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the two types of clones that tokens can tell (Bellon et al. 2007)"
)]
pub enum CloneKind {
    /// The same tokens: a Type-1 clone. Blanks and line ends may differ, comments not.
    Exact,
    /// The same but for names and literals, each replaced by one other throughout: a Type-2 clone.
    Renamed,
}

/// The same code in two places.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct CodeClone {
    /// The place in the earlier source, or earlier in the same one.
    pub first: Stretch,
    /// The other place.
    pub second: Stretch,
    /// How many tokens each has.
    pub tokens: usize,
    /// How alike they are.
    pub kind: CloneKind,
}

/// The clones in a list of sources, by their places.
///
/// Where code stands in more than two places, each is paired with the last. The two sides of a clone may overlap
/// in a source that repeats itself line by line.
///
/// ```
/// use devops_analyzers::duplication::{DuplicationConfig, Source, clones};
/// use devops_analyzers::language::Language;
///
/// let lines: String = (0..9).map(|n| format!("let v{n} = f({n}) + g[{n}];\n")).collect();
/// let (a, b) = (format!("fn a() {{\n{lines}}}\n"), format!("\n\nfn b() {{\n{lines}}}\n"));
/// let sources = [Source::new(Language::Rust, a.as_bytes()), Source::new(Language::Rust, b.as_bytes())];
/// let found = clones(&sources, &DuplicationConfig::default());
/// assert_eq!((found[0].first.start_line, found[0].second.start_line), (1, 3));
/// ```
#[must_use]
pub fn clones(sources: &[Source<'_>], config: &DuplicationConfig) -> Vec<CodeClone> {
    let mut found = of_kind(sources, config.min_tokens, config, CloneKind::Exact);
    if let Some(tokens) = config.renamed_min_tokens {
        let renamed = of_kind(sources, tokens, config, CloneKind::Renamed);
        let known = Known::new(&found);
        found.extend(renamed.into_iter().filter(|clone| !known.covers(clone) && !overlaps_itself(clone)));
    }
    found.sort();
    found
}

fn of_kind(
    sources: &[Source<'_>],
    tokens: u32,
    config: &DuplicationConfig,
    kind: CloneKind,
) -> Vec<CodeClone> {
    let renamed = kind == CloneKind::Renamed;
    let mut units = Vec::new();
    for (number, source) in (0_u32..).zip(sources) {
        add_units(&mut units, number, source.language, source.text, source.first_line, renamed);
    }
    let window = usize::try_from(tokens).unwrap_or(usize::MAX);
    let found = repeats(&units, window, renamed);
    found
        .iter()
        .filter_map(|repeat| clone(&units, repeat, kind))
        .filter(|c| is_long(c, config.min_lines))
        .collect()
}

/// Rows of like statements, which any renaming makes a clone of themselves one line further down.
fn overlaps_itself(clone: &CodeClone) -> bool {
    clone.first.source == clone.second.source && clone.second.start_byte < clone.first.end_byte
}

fn is_long(clone: &CodeClone, lines: u32) -> bool {
    let ends = |stretch: &Stretch| stretch.end_line.saturating_sub(stretch.start_line);
    ends(&clone.first) >= lines && ends(&clone.second) >= lines
}

fn clone(units: &[Unit], repeat: &Repeat, kind: CloneKind) -> Option<CodeClone> {
    let stretch = |start: usize| {
        let first = units.get(start)?;
        let last = units.get(start.saturating_add(repeat.length).checked_sub(1)?)?;
        Some(Stretch {
            source: usize::try_from(first.source).ok()?,
            start_line: first.first_line,
            end_line: last.last_line,
            start_byte: first.start,
            end_byte: last.end,
        })
    };
    Some(CodeClone {
        first: stretch(repeat.early)?,
        second: stretch(repeat.late)?,
        tokens: repeat.length,
        kind,
    })
}

/// The lines that exact clones cover, by source.
struct Known(Vec<(usize, u32, u32)>);

impl Known {
    fn new(clones: &[CodeClone]) -> Self {
        let sides = clones.iter().flat_map(|c| [&c.first, &c.second]);
        let mut all: Vec<_> = sides.map(|s| (s.source, s.start_line, s.end_line)).collect();
        all.sort_unstable();
        // Of ranges that overlap, their union.
        let mut merged: Vec<(usize, u32, u32)> = Vec::new();
        for (source, start, end) in all {
            match merged.last_mut() {
                Some((of, _, last)) if *of == source && start <= last.saturating_add(1) => {
                    *last = end.max(*last);
                }
                _ => merged.push((source, start, end)),
            }
        }
        Self(merged)
    }

    fn overlaps(&self, side: &Stretch) -> bool {
        let at = self.0.partition_point(|(source, _, end)| (*source, *end) < (side.source, side.start_line));
        self.0.get(at).is_some_and(|(source, start, _)| *source == side.source && *start <= side.end_line)
    }

    fn covers(&self, clone: &CodeClone) -> bool {
        self.overlaps(&clone.first) && self.overlaps(&clone.second)
    }
}
