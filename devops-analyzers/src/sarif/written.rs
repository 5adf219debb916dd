//! The parts of a SARIF document that are written. Absent fields are left out: `null` is not allowed.

use std::collections::BTreeMap;

use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Log {
    #[serde(rename = "$schema")]
    pub(super) schema: &'static str,
    pub(super) version: &'static str,
    pub(super) runs: Vec<Run>,
}

impl Log {
    pub(super) const SCHEMA: &'static str = "https://json.schemastore.org/sarif-2.1.0.json";
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Run {
    pub(super) tool: Tool,
    pub(super) invocations: Vec<Invocation>,
    pub(super) column_kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) results: Option<Vec<ResultOut>>,
}

#[derive(Serialize)]
pub(super) struct Tool {
    pub(super) driver: Driver,
}

#[derive(Serialize)]
pub(super) struct Driver {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<String>,
    #[serde(rename = "informationUri", skip_serializing_if = "Option::is_none")]
    pub(super) information: Option<String>,
    pub(super) rules: Vec<Rule>,
}

#[derive(Serialize)]
pub(super) struct Rule {
    pub(super) id: String,
    #[serde(rename = "shortDescription")]
    pub(super) short: Text,
    #[serde(rename = "helpUri", skip_serializing_if = "Option::is_none")]
    pub(super) help: Option<String>,
    #[serde(rename = "defaultConfiguration")]
    pub(super) configuration: Configuration,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) properties: Option<Properties>,
}

#[derive(Serialize)]
pub(super) struct Configuration {
    pub(super) level: &'static str,
}

#[derive(Serialize)]
pub(super) struct Text {
    pub(super) text: String,
}

#[derive(Default, Serialize)]
pub(super) struct Properties {
    #[serde(rename = "security-severity", skip_serializing_if = "Option::is_none")]
    pub(super) security_severity: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tags: Option<&'static [&'static str]>,
    #[serde(rename = "devops/severity", skip_serializing_if = "Option::is_none")]
    pub(super) severity: Option<&'static str>,
    #[serde(rename = "devops/heuristic", skip_serializing_if = "Option::is_none")]
    pub(super) heuristic: Option<bool>,
    #[serde(rename = "devops/fix", skip_serializing_if = "Option::is_none")]
    pub(super) fix: Option<String>,
    #[serde(rename = "devops/help", skip_serializing_if = "Option::is_none")]
    pub(super) help: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Invocation {
    #[serde(rename = "executionSuccessful")]
    pub(super) successful: bool,
    #[serde(rename = "exitCodeDescription", skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<String>,
    #[serde(rename = "toolExecutionNotifications", skip_serializing_if = "Vec::is_empty")]
    pub(super) notifications: Vec<Notification>,
}

#[derive(Serialize)]
pub(super) struct Notification {
    pub(super) level: &'static str,
    pub(super) message: Text,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResultOut {
    pub(super) rule_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rule_index: Option<usize>,
    pub(super) level: &'static str,
    pub(super) message: Text,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) locations: Vec<Place>,
    pub(super) partial_fingerprints: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) baseline_state: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) suppressions: Vec<SuppressionOut>,
    pub(super) properties: Properties,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Place {
    pub(super) physical_location: PhysicalLocation,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PhysicalLocation {
    pub(super) artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) region: Option<RegionOut>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ArtifactLocation {
    pub(super) uri: String,
    pub(super) uri_base_id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RegionOut {
    pub(super) start_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) start_column: Option<u32>,
    pub(super) end_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) end_column: Option<u32>,
}

#[derive(Serialize)]
pub(super) struct SuppressionOut {
    pub(super) kind: &'static str,
    pub(super) status: &'static str,
    pub(super) justification: String,
    pub(super) properties: SuppressionProperties,
}

#[derive(Serialize)]
pub(super) struct SuppressionProperties {
    #[serde(rename = "devops/kind")]
    pub(super) kind: &'static str,
    #[serde(rename = "devops/owner", skip_serializing_if = "Option::is_none")]
    pub(super) owner: Option<String>,
    #[serde(rename = "devops/expires", skip_serializing_if = "Option::is_none")]
    pub(super) expires: Option<i64>,
    #[serde(rename = "devops/addedByChange", skip_serializing_if = "Option::is_none")]
    pub(super) added_by_change: Option<bool>,
}
