//! Models of others from users' own files.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use devops_examples::document::Document;
use devops_maturity::import::{
    DsommModel, DsommProgress, ImportErrors, Imported, ProgressTitle, SammDocument, dsomm, dsomm_answers,
    samm,
};
use devops_maturity::{Answers, Model};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A model with what was left out of it, and the progress that lay beside it.
pub(crate) struct Foreign {
    pub(crate) model: Model,
    pub(crate) remarks: Vec<String>,
    progress: Option<DsommProgress>,
}

impl Foreign {
    /// `parts` are pairs of a kind and a path.
    pub(crate) fn read(parts: &[String]) -> Result<Self> {
        let kinds: Vec<&str> = parts.iter().step_by(2).map(String::as_str).collect();
        let Some(kind) = kinds.first().filter(|first| kinds.iter().all(|k| k == *first)) else {
            bail!("--import: one kind of model is expected, `samm` or `dsomm`");
        };
        let mut documents = Vec::new();
        for path in parts.iter().skip(1).step_by(2) {
            for file in files(Path::new(path))? {
                let read = Document::open(&file, "model to import")?.each()?;
                documents.extend(read.into_iter().map(|document| (file.clone(), document)));
            }
        }
        match *kind {
            "samm" => {
                let all: Result<Vec<SammDocument>> =
                    documents.into_iter().map(|(file, document)| understood(&file, document)).collect();
                Self::built(samm(&all?), None)
            }
            "dsomm" => of_dsomm(documents),
            other => bail!("--import: `{other}` is not known: expected `samm` or `dsomm`"),
        }
    }

    fn built(imported: Result<Imported, ImportErrors>, progress: Option<DsommProgress>) -> Result<Self> {
        let imported = imported.context("the model cannot be imported")?;
        let model = Model::build(imported.spec).context("the imported model has faults")?;
        Ok(Self { model, remarks: imported.remarks, progress })
    }

    /// What a team has done, where DSOMM's progress was among the files.
    pub(crate) fn answers(&self, team: Option<&str>) -> Result<Option<Answers>> {
        let Some(progress) = &self.progress else { return Ok(None) };
        let mut teams: Vec<&str> =
            progress.progress.values().flat_map(|t| t.keys().map(String::as_str)).collect();
        teams.sort_unstable();
        teams.dedup();
        let Some(team) = team.filter(|team| teams.contains(team)) else {
            bail!("--team: one of these is expected: {}", teams.join(", "));
        };
        Ok(Some(dsomm_answers(&self.model, progress, team).context("the progress cannot be read")?))
    }
}

/// A file, or all YAML and JSON files of a folder and those below, in the order of their names.
fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let failed = || format!("failed to read the folder `{}`", path.display());
    let mut inside: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(path).with_context(failed)? {
        inside.push(entry.with_context(failed)?.path());
    }
    inside.sort();
    let mut found = Vec::new();
    for one in inside {
        let ending = one.extension().and_then(|e| e.to_str());
        if one.is_dir() || ending.is_some_and(|e| matches!(e, "yaml" | "yml" | "json")) {
            found.extend(files(&one)?);
        }
    }
    Ok(found)
}

fn understood<T: DeserializeOwned>(file: &Path, document: Value) -> Result<T> {
    serde_path_to_error::deserialize(document)
        .with_context(|| format!("failed to understand `{}`", file.display()))
}

/// Activities, the titles of progress of `meta.yaml`, and the progress of teams, told apart by their keys.
fn of_dsomm(documents: Vec<(PathBuf, Value)>) -> Result<Foreign> {
    let (mut model, mut titles, mut progress) = (DsommModel::default(), Vec::new(), None);
    for (file, mut document) in documents {
        if let Some(Value::Object(defined)) = document.get_mut("progressDefinition").map(Value::take) {
            let share = |value: &Value| value.as_str().map_or_else(|| value.to_string(), String::from);
            titles.extend(defined.iter().map(|(title, value)| ProgressTitle::new(title, share(value))));
        } else if document.get("progress").is_some() {
            progress = Some(understood(&file, document)?);
        } else if document.get("meta").is_none() && document.get("strings").is_none() {
            model.0.extend(understood::<DsommModel>(&file, document)?.0);
        }
    }
    if titles.is_empty() {
        titles = vec![ProgressTitle::new("Not implemented", "0%"), ProgressTitle::new("Implemented", "100%")];
    }
    Foreign::built(dsomm(&model, &titles), progress)
}
