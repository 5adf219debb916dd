//! Reads files that people write: TOML, JSON or YAML.

use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde::de::DeserializeOwned;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    Toml,
    Json,
    Yaml,
}

/// A document that was read, to be understood in one way or another.
///
/// ```
/// use devops_examples::document::Document;
///
/// let missing = Document::open("nowhere.toml".as_ref(), "gate").unwrap_err();
/// assert_eq!(missing.to_string(), "failed to read the gate in `nowhere.toml`");
/// ```
#[derive(Debug)]
pub struct Document {
    text: String,
    language: Language,
    /// What it is and where, for errors.
    called: String,
}

impl Document {
    /// The text of a file or of standard input.
    ///
    /// # Errors
    ///
    /// Where it cannot be read, or is not UTF-8.
    pub fn open(path: &Path, what: &str) -> Result<Self> {
        let called = format!("failed to read the {what} in `{}`", shown(path));
        let text =
            String::from_utf8(bytes(path, what)?).with_context(|| format!("{called}: it is not UTF-8"))?;
        // Editors of Windows begin a file with a mark.
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
        ensure!(!text.trim().is_empty(), "{called}: it is empty, expected TOML, JSON or YAML");
        Ok(Self { language: language(path, &text), text, called })
    }

    /// What it says.
    ///
    /// # Errors
    ///
    /// Where it is not of that form: the file's name, the place and what would be right.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T> {
        let parse = || -> Result<T> {
            Ok(match self.language {
                Language::Toml => serde_path_to_error::deserialize(toml::Deserializer::parse(&self.text)?)?,
                Language::Json => {
                    let mut reader = serde_json::Deserializer::from_str(&self.text);
                    let read = serde_path_to_error::deserialize(&mut reader)?;
                    reader.end()?;
                    read
                }
                Language::Yaml => serde_saphyr::with_deserializer_from_str(&self.text, |reader| {
                    serde_path_to_error::deserialize(reader).map_err(serde::de::Error::custom)
                })?,
            })
        };
        parse().with_context(|| self.called.clone())
    }

    /// The documents of a file that may hold several, as YAML files may.
    ///
    /// # Errors
    ///
    /// Where one cannot be read.
    pub fn each(&self) -> Result<Vec<serde_json::Value>> {
        if self.language != Language::Yaml {
            return Ok(vec![self.parse()?]);
        }
        serde_saphyr::from_multiple(&self.text).with_context(|| self.called.clone())
    }
}

/// Reads a document at once.
///
/// # Errors
///
/// Where it cannot be read, or is not of that form.
pub fn read<T: DeserializeOwned>(path: &Path, what: &str) -> Result<T> {
    Document::open(path, what)?.parse()
}

/// The bytes of a file or of standard input.
///
/// # Errors
///
/// Where it cannot be read.
pub fn bytes(path: &Path, what: &str) -> Result<Vec<u8>> {
    let read = || {
        if path != Path::new("-") {
            return std::fs::read(path);
        }
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    };
    read().with_context(|| format!("failed to read the {what} in `{}`", shown(path)))
}

/// The path for people.
#[must_use]
pub fn shown(path: &Path) -> String {
    if path == Path::new("-") { "standard input".into() } else { path.display().to_string() }
}

/// Told by the ending; where there is none, JSON by its first bracket and TOML by its equals signs.
fn language(path: &Path, text: &str) -> Language {
    match path.extension().and_then(|e| e.to_str()) {
        Some("toml") => Language::Toml,
        Some("json") => Language::Json,
        Some("yaml" | "yml") => Language::Yaml,
        _ if text.trim_start().starts_with('{') => Language::Json,
        _ if text.lines().any(|line| line.starts_with('[') || line.contains(" = ")) => {
            if text.trim_start().starts_with('[') && !text.contains('=') {
                Language::Json
            } else {
                Language::Toml
            }
        }
        _ => Language::Yaml,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_by_ending_and_by_content() {
        for (path, text, language) in [
            ("g.toml", "{", Language::Toml),
            ("g.yml", "{", Language::Yaml),
            ("-", " {\"format\": 1}", Language::Json),
            ("-", "[{\"metric\": \"m\"}]", Language::Json),
            ("-", "# a gate\nformat = 1\n", Language::Toml),
            ("-", "[[conditions]]\nname = \"a\"\n", Language::Toml),
            ("-", "format: 1\nname: g\n", Language::Yaml),
        ] {
            assert_eq!(super::language(Path::new(path), text), language, "{text}");
        }
    }
}
