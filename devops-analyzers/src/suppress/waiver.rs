//! Waivers: decisions with an owner and an end.

use devops_core::{Finding, Fingerprint, Suppression, SuppressionKind, Timestamp, ValueError, excerpt};

use super::Suppressed;
use super::notice::{Notice, NoticeKind};

/// A decision not to act on findings of a rule, with who answers for it and when it ends.
///
/// ```
/// use devops_analyzers::suppress::Waiver;
///
/// let end = "2027-01-01T00:00:00Z".parse()?;
/// let waiver = Waiver::new("style/line-length", "ada", "generated", end)?.with_path("src/gen/**");
/// assert_eq!(waiver.owner(), "ada");
/// assert!(Waiver::new("style/line-length", "", "generated", end).is_err());
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "WaiverForm", into = "WaiverForm")]
pub struct Waiver {
    rule: String,
    path: Option<String>,
    fingerprint: Option<Fingerprint>,
    owner: String,
    reason: String,
    expires: Timestamp,
}

/// The form in files.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct WaiverForm {
    rule: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fingerprint: Option<Fingerprint>,
    owner: String,
    reason: String,
    expires: Timestamp,
}

impl TryFrom<WaiverForm> for Waiver {
    type Error = ValueError;

    fn try_from(form: WaiverForm) -> Result<Self, ValueError> {
        let waiver = Self::new(form.rule, form.owner, form.reason, form.expires)?;
        Ok(Self { path: form.path, fingerprint: form.fingerprint, ..waiver })
    }
}

impl From<Waiver> for WaiverForm {
    fn from(waiver: Waiver) -> Self {
        let Waiver { rule, path, fingerprint, owner, reason, expires } = waiver;
        Self { rule, path, fingerprint, owner, reason, expires }
    }
}

impl Waiver {
    /// A waiver for a rule (its id, its part behind the last `/`, or a family such as `style/*`), until
    /// `expires`: from that instant on it counts no more.
    ///
    /// # Errors
    ///
    /// [`ValueError::Empty`] where rule, owner or reason is blank.
    pub fn new(
        rule: impl Into<String>,
        owner: impl Into<String>,
        reason: impl Into<String>,
        expires: Timestamp,
    ) -> Result<Self, ValueError> {
        let full = |field, value: String, expected| {
            if value.trim().is_empty() { Err(ValueError::Empty { field, expected }) } else { Ok(value) }
        };
        Ok(Self {
            rule: full("rule of a waiver", rule.into(), "the id of a rule")?,
            path: None,
            fingerprint: None,
            owner: full("owner of a waiver", owner.into(), "who answers for it")?,
            reason: full("reason of a waiver", reason.into(), "why the findings may stay")?,
            expires,
        })
    }

    /// Only for paths that fit: `*` stands for any characters but `/`, `**` for any, `?` for one; a path that
    /// ends with `/` is for all below.
    #[must_use]
    pub fn with_path(self, path: impl Into<String>) -> Self {
        Self { path: Some(path.into()), ..self }
    }

    /// Only for the finding with that fingerprint or rename key.
    #[must_use]
    pub fn with_fingerprint(self, fingerprint: Fingerprint) -> Self {
        Self { fingerprint: Some(fingerprint), ..self }
    }

    /// The rule or family of rules.
    #[must_use]
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// Who answers for it.
    #[must_use]
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Why the findings may stay.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The first instant at which it counts no more.
    #[must_use]
    pub const fn expires(&self) -> Timestamp {
        self.expires
    }

    /// Whether it is for that finding, whatever the time.
    ///
    /// ```
    /// use devops_analyzers::suppress::Waiver;
    /// use devops_core::{Finding, RuleId, Severity, Timestamp};
    ///
    /// let waiver = Waiver::new("style", "ada", "later", Timestamp::MAX)?;
    /// assert!(waiver.covers(&Finding::new(RuleId::new("style/tabs")?, Severity::Info, "a tab")));
    /// # Ok::<(), devops_core::ValueError>(())
    /// ```
    #[must_use]
    pub fn covers(&self, finding: &Finding) -> bool {
        let path = finding.location().map(devops_core::Location::path);
        let keys = [finding.fingerprint(), finding.rename_key()];
        finding.rule().fits(&self.rule)
            && self.path.as_ref().is_none_or(|pattern| path.is_some_and(|path| path.fits(pattern)))
            && self.fingerprint.is_none_or(|print| keys.contains(&print))
    }

    /// What it is called in notices.
    fn shown(&self) -> String {
        let path = self.path.as_ref().map(|p| format!(" in `{}`", excerpt(p))).unwrap_or_default();
        format!("waiver for `{}`{path} of `{}`", excerpt(&self.rule), excerpt(&self.owner))
    }
}

/// Waivers as a file holds them.
///
/// ```
/// use devops_analyzers::suppress::WaiverFile;
///
/// let text = r#"{"format": 1, "waivers": [
///     {"rule": "style", "owner": "ada", "reason": "later", "expires": "2027-01-01T00:00:00Z"}
/// ]}"#;
/// let file: WaiverFile = serde_json::from_str(text)?;
/// assert_eq!(file.waivers.len(), 1);
/// assert!(serde_json::from_str::<WaiverFile>(r#"{"format": 2, "waivers": []}"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct WaiverFile {
    /// The version of the format: 1.
    pub format: super::baseline::FormatOne,
    /// The waivers.
    pub waivers: Vec<Waiver>,
}

/// Marks the findings that a waiver covers at the time `now`. A waiver whose time is over suppresses nothing and
/// is told where it would; one that covers nothing is told as unused.
///
/// ```
/// use devops_analyzers::suppress::{NoticeKind, Waiver, apply_waivers};
/// use devops_core::{Finding, RuleId, Severity, Timestamp};
///
/// let finding = Finding::new(RuleId::new("style/tabs")?, Severity::Info, "a tab");
/// let waiver = Waiver::new("style/tabs", "ada", "later", "2027-01-01T00:00:00Z".parse()?)?;
/// let done = apply_waivers(vec![finding], &[waiver], "2027-01-02T00:00:00Z".parse()?);
/// assert!(!done.findings[0].is_suppressed());
/// assert_eq!(done.notices[0].kind(), NoticeKind::Expired);
/// # Ok::<(), devops_core::ValueError>(())
/// ```
#[must_use]
pub fn apply_waivers(findings: Vec<Finding>, waivers: &[Waiver], now: Timestamp) -> Suppressed {
    let mut used = vec![0_usize; waivers.len()];
    let findings = findings
        .into_iter()
        .map(|mut finding| {
            for (waiver, used) in waivers.iter().zip(&mut used) {
                if !waiver.covers(&finding) {
                    continue;
                }
                *used = used.saturating_add(1);
                if now < waiver.expires {
                    let suppression = Suppression::new(SuppressionKind::Waiver, waiver.reason.clone())
                        .with_owner(waiver.owner.clone())
                        .with_expiry(waiver.expires);
                    if !finding.suppressions().contains(&suppression) {
                        finding = finding.with_suppression(suppression);
                    }
                }
            }
            finding
        })
        .collect();
    let notices = waivers.iter().zip(used).filter_map(|(waiver, used)| notice(waiver, used, now)).collect();
    Suppressed { findings, notices }
}

fn notice(waiver: &Waiver, used: usize, now: Timestamp) -> Option<Notice> {
    let shown = waiver.shown();
    if now >= waiver.expires {
        let count = match used {
            0 => "no finding".to_owned(),
            1 => "1 finding, which counts again".to_owned(),
            n => format!("{n} findings, which count again"),
        };
        let message = format!("{shown} expired at {}: it covers {count}", waiver.expires);
        return Some(Notice::new(NoticeKind::Expired, message, None));
    }
    (used == 0).then(|| Notice::new(NoticeKind::Unused, format!("{shown} covers no finding"), None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use devops_core::{Location, RepoPath, Severity};

    fn finding(rule: &str, path: &str) -> Finding {
        let location = Location::new(RepoPath::new(path).unwrap());
        Finding::new(rule.parse().unwrap(), Severity::Critical, "m").at(location)
    }

    fn waiver() -> Waiver {
        Waiver::new("sast/eval", "ada", "sandboxed", "2027-01-01T00:00:00Z".parse().unwrap()).unwrap()
    }

    #[test]
    fn the_last_instant_counts_no_more() {
        let at = |now: &str| {
            let done = apply_waivers(vec![finding("sast/eval", "a.py")], &[waiver()], now.parse().unwrap());
            (done.findings[0].is_open(), done.notices.len())
        };
        assert_eq!(at("2026-12-31T23:59:59.999Z"), (false, 0));
        assert_eq!(at("2027-01-01T00:00:00Z"), (true, 1));
    }

    #[test]
    fn path_and_fingerprint_narrow() {
        let there = finding("sast/eval", "src/a.py");
        assert!(waiver().with_path("src/*.py").covers(&there));
        assert!(!waiver().with_path("lib/").covers(&there));
        assert!(waiver().with_fingerprint(there.fingerprint()).covers(&there));
        assert!(!waiver().with_fingerprint(Fingerprint::of(&[b"x"])).covers(&there));
    }

    #[test]
    fn unused_ones_are_told() {
        let done = apply_waivers(Vec::new(), &[waiver()], Timestamp::EPOCH);
        let told = "unused suppression: waiver for `sast/eval` of `ada` covers no finding";
        assert_eq!(done.notices[0].to_string(), told);
    }

    /// The first format is read for ever.
    #[test]
    fn golden_file() {
        let text = include_str!("../../testdata/suppress/waivers_v1.json");
        let file: WaiverFile = serde_json::from_str(text).unwrap();
        assert_eq!(file.waivers.len(), 2);
        assert_eq!(file.waivers[0], waiver().with_path("src/**"));
        assert_eq!(format!("{}\n", serde_json::to_string_pretty(&file).unwrap()), text);
        for bad in [
            r#"{"rule":"a","owner":"b","reason":"c"}"#,
            r#"{"rule":"a","owner":" ","reason":"c","expires":"2027-01-01T00:00:00Z"}"#,
            r#"{"rule":"a","owner":"b","reason":"c","expires":"2027-01-01T00:00:00Z","paths":"x"}"#,
        ] {
            assert!(serde_json::from_str::<Waiver>(bad).is_err(), "{bad}");
        }
    }
}
