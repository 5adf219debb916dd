//! Gathers what is judged: the change, its files, and the reports of tools that ran before.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use devops_analyzers::report_path::ReportPaths;
use devops_core::{
    AnalyzerKind, ChangeSet, CommitInfo, Context, FileChange, JobId, PipelineJob, RepoPath, Severity, Side,
    Trigger,
};

use devops_examples::{document, read_waivers};
use devops_pipeline::GateEvidence;

use crate::args::{Args, SarifArg};
use crate::git;
use crate::stages::ReportedTests;

/// What is judged.
#[derive(Debug)]
pub(crate) struct Inputs {
    pub(crate) job: PipelineJob,
    pub(crate) change: ChangeSet,
    pub(crate) context: Context,
    pub(crate) sarif: Vec<SarifInput>,
    pub(crate) tests: Option<ReportedTests>,
    pub(crate) root: PathBuf,
}

/// A SARIF report that was read.
#[derive(Debug)]
pub(crate) struct SarifInput {
    pub(crate) name: String,
    pub(crate) kind: AnalyzerKind,
    pub(crate) bytes: Vec<u8>,
    pub(crate) paths: ReportPaths,
    pub(crate) at_most: Option<Severity>,
}

impl Inputs {
    /// Reads everything that the command line names; without a change, the one that ships with this program.
    pub(crate) fn gather(args: &Args) -> Result<Self> {
        let shipped = args.diff.is_none() && !args.last_commit;
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/pipeline");
        let root = if shipped { data.join("after") } else { args.root.clone() };
        let change = match (&args.diff, args.last_commit) {
            (Some(path), _) => with_tree(read_diff(path)?, &root),
            (None, true) => git::last_commit()?,
            (None, false) => shipped_change(&data)?,
        };
        let mut reports = Reports {
            sarif: args.sarif.clone(),
            junit: args.junit.clone(),
            coverage: args.coverage.clone(),
            roots: args.report_root.clone(),
        };
        if shipped {
            reports.add_shipped(&data.join("reports"));
        }
        let paths = reports.paths();
        let sarif = reports.sarif.iter().map(|arg| read_sarif(arg, &paths)).collect::<Result<_>>()?;
        let tests = ReportedTests {
            command: args.test.clone(),
            junit: reports.junit,
            coverage: reports.coverage,
            paths,
            root: root.clone(),
        };
        let image = args.image.clone().or_else(|| shipped.then(|| "shop/checkout:next".into()));
        let job = job(&change, args, shipped, image)?;
        let tests = tests.is_configured().then_some(tests);
        let context = Context::new().with_extension(gate_evidence(args)?);
        Ok(Self { job, change, context, sarif, tests, root })
    }
}

/// What the gate is judged by beside this run.
fn gate_evidence(args: &Args) -> Result<GateEvidence> {
    let mut evidence = GateEvidence::new();
    evidence.now = args.now;
    evidence.history = args.history.as_ref().map(|path| document::read(path, "earlier runs")).transpose()?;
    evidence.waivers = args.waivers.as_deref().map(read_waivers).transpose()?;
    Ok(evidence)
}

/// The reports that are to be read.
struct Reports {
    sarif: Vec<SarifArg>,
    junit: Vec<PathBuf>,
    coverage: Vec<PathBuf>,
    roots: Vec<String>,
}

impl Reports {
    /// The reports that ship with the change; `data/pipeline/README.md` tells how they were made.
    fn add_shipped(&mut self, folder: &Path) {
        let shipped = [
            (AnalyzerKind::Style, "ruff.sarif", "", Some(Severity::Minor)),
            (AnalyzerKind::Code, "eslint.sarif", "", None),
            (AnalyzerKind::Sast, "bandit.sarif", "", None),
            (AnalyzerKind::Sast, "semgrep.sarif", "", None),
            (AnalyzerKind::Dependencies, "cargo-audit.sarif", "codes", None),
            (AnalyzerKind::Container, "checkov.sarif", "", None),
        ];
        self.sarif.extend(shipped.into_iter().map(|(kind, file, base, at_most)| SarifArg {
            kind,
            file: folder.join(file),
            base: base.into(),
            at_most,
        }));
        self.junit.push(folder.join("junit.xml"));
        self.coverage.push(folder.join("coverage.lcov"));
        self.roots.push("/srv/checkout".into());
    }

    fn paths(&self) -> ReportPaths {
        self.roots.iter().fold(ReportPaths::new(), |paths, root| paths.with_root(root))
    }
}

fn read_sarif(arg: &SarifArg, paths: &ReportPaths) -> Result<SarifInput> {
    let stem = arg.file.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let paths = if arg.base.is_empty() { paths.clone() } else { paths.clone().with_base(&arg.base) };
    Ok(SarifInput { name: stem, kind: arg.kind, bytes: read(&arg.file)?, paths, at_most: arg.at_most })
}

/// Reads a file, and names it when that fails.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("failed to read `{}`", path.display()))
}

fn read_diff(path: &Path) -> Result<ChangeSet> {
    let (diff, name) = if path == Path::new("-") {
        let mut diff = Vec::new();
        std::io::stdin().read_to_end(&mut diff).context("failed to read standard input")?;
        (diff, "standard input".to_owned())
    } else {
        (read(path)?, path.display().to_string())
    };
    ChangeSet::from_diff(&diff).with_context(|| format!("failed to read the diff in `{name}`"))
}

/// The change that ships with this program, with both its trees.
fn shipped_change(data: &Path) -> Result<ChangeSet> {
    let change = read_diff(&data.join("change.diff"))?;
    let change = change.with_contents(|path, side| {
        let tree = data.join(if side == Side::Old { "before" } else { "after" });
        std::fs::read(tree.join(path.as_str()?)).ok().map(Arc::from)
    });
    let message = "Take vouchers and loyalty points off the price".to_owned();
    Ok(change.with_commit(CommitInfo::new("8c51d0e".into()).with_author("Ada".into()).with_message(message)))
}

/// Adds whole files from a directory that holds them as they are behind the change. A file that does not fit the
/// diff belongs to another version and is left out; the side before the change follows from the diff.
fn with_tree(change: ChangeSet, root: &Path) -> ChangeSet {
    let file_of = |path: &RepoPath| -> Option<Vec<u8>> { std::fs::read(root.join(path.as_str()?)).ok() };
    let both = |file: &FileChange| -> Option<(Vec<u8>, Vec<u8>)> {
        let new = file_of(file.new_path()?)?;
        Some((file.revert(&new).ok()?, new))
    };
    let sides: Vec<_> = change.files().iter().map(both).collect();
    let paths: Vec<_> =
        change.files().iter().map(|f| (f.old_path().cloned(), f.new_path().cloned())).collect();
    change.with_contents(|path, side| {
        let at = paths.iter().position(|(old, new)| {
            let own = if side == Side::Old { old } else { new };
            own.as_ref() == Some(path)
        })?;
        let (old, new) = sides.get(at)?.as_ref()?;
        Some(Arc::from(if side == Side::Old { old.as_slice() } else { new.as_slice() }))
    })
}

fn job(change: &ChangeSet, args: &Args, shipped: bool, image: Option<String>) -> Result<PipelineJob> {
    let commit = change.commit().map(|c| c.id.clone()).unwrap_or_default();
    let author = change.commit().map(|c| c.author.clone()).unwrap_or_default();
    let (name, repository, branch) = if shipped {
        ("shop/checkout".to_owned(), "shop/checkout".to_owned(), "vouchers".to_owned())
    } else if args.last_commit {
        (short(&commit), git::repository(), git::branch())
    } else {
        ("change".to_owned(), String::new(), String::new())
    };
    let job = PipelineJob::new(JobId::new(&name)?)
        .with_repository(repository)
        .with_branch(branch)
        .with_commit(commit)
        .with_author(author)
        .with_trigger(Trigger::Manual);
    Ok(match image {
        Some(image) => job.with_image(image),
        None => job,
    })
}

fn short(commit: &str) -> String {
    commit.get(..10).unwrap_or(commit).to_owned()
}
