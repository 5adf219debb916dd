//! The parts of a SARIF document that are read.

use core::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::json::{Budget, First, List, Loose, Piece, Scalar, Table, drain_map, object};

object! {
    /// The whole file, its results only counted.
    Document {
        version: Scalar = "version",
        runs: Loose<List<Loose<Run>>> = "runs",
    }
}
object! {
    /// One run of a tool, its results only counted.
    Run {
        tool: Loose<Tool> = "tool",
        column_kind: Scalar = "columnKind",
        bases: Loose<Table<Loose<ArtifactLocation>>> = "originalUriBaseIds",
        artifacts: Loose<List<Loose<Artifact>>> = "artifacts",
        invocations: Loose<List<Loose<Invocation>>> = "invocations",
        external: Loose<ExternalProperties> = "externalPropertyFileReferences",
        results: Presence = "results",
    }
}
object! {
    /// Parts of the run that stand in other files.
    ExternalProperties {
        results: Presence = "results",
        rules: Presence = "driver",
    }
}
object! {
    /// Who ran.
    Tool {
        driver: Loose<Component> = "driver",
        extensions: Loose<List<Loose<Component>>> = "extensions",
    }
}
object! {
    /// A part of a tool, with its rules.
    Component {
        name: Scalar = "name",
        version: Scalar = "version",
        semantic_version: Scalar = "semanticVersion",
        rules: Loose<List<Loose<Rule>>> = "rules",
        messages: Loose<Table<Loose<Message>>> = "globalMessageStrings",
    }
}
object! {
    /// What a tool says of one of its rules.
    Rule {
        id: Scalar = "id",
        short: Loose<Message> = "shortDescription",
        full: Loose<Message> = "fullDescription",
        messages: Loose<Table<Loose<Message>>> = "messageStrings",
        help: Scalar = "helpUri",
        configuration: Loose<Configuration> = "defaultConfiguration",
        properties: Loose<Properties> = "properties",
    }
}
object! {
    /// How bad a rule's results are where they do not say.
    Configuration {
        level: Scalar = "level",
    }
}
object! {
    /// The property bag of a rule or result: what other tools agree on, and what this crate writes.
    Properties {
        security_severity: Scalar = "security-severity",
        severity: Scalar = "devops/severity",
        heuristic: Scalar = "devops/heuristic",
        fix: Scalar = "devops/fix",
        help: Scalar = "devops/help",
    }
}
object! {
    /// A text, or the id of one with what is filled in.
    Message {
        text: Scalar = "text",
        id: Scalar = "id",
        arguments: Loose<List<Scalar>> = "arguments",
    }
}
object! {
    /// A file.
    Artifact {
        location: Loose<ArtifactLocation> = "location",
    }
}
object! {
    /// The address of a file.
    ArtifactLocation {
        uri: Scalar = "uri",
        base: Scalar = "uriBaseId",
        index: Scalar = "index",
    }
}
object! {
    /// How the tool was run, and what went wrong.
    Invocation {
        successful: Scalar = "executionSuccessful",
        exit_code: Scalar = "exitCode",
        exit_description: Scalar = "exitCodeDescription",
        notifications: Loose<List<Loose<Notification>>> = "toolExecutionNotifications",
        configuration: Loose<List<Loose<Notification>>> = "toolConfigurationNotifications",
    }
}
object! {
    /// Something the tool says of its own run.
    Notification {
        level: Scalar = "level",
        message: Loose<Message> = "message",
    }
}
object! {
    /// One result.
    ResultShape {
        rule_id: Scalar = "ruleId",
        rule_index: Scalar = "ruleIndex",
        rule: Loose<RuleReference> = "rule",
        level: Scalar = "level",
        kind: Scalar = "kind",
        message: Loose<Message> = "message",
        locations: Loose<First<Loose<Place>>> = "locations",
        suppressions: Loose<List<Loose<SuppressionShape>>> = "suppressions",
        baseline: Scalar = "baselineState",
        fingerprints: Loose<Table<Scalar>> = "partialFingerprints",
        fixes: Loose<First<Loose<Fix>>> = "fixes",
        properties: Loose<Properties> = "properties",
    }
}
object! {
    /// Which rule, the long way.
    RuleReference {
        id: Scalar = "id",
        index: Scalar = "index",
        component: Loose<ComponentReference> = "toolComponent",
    }
}
object! {
    /// Which part of the tool.
    ComponentReference {
        index: Scalar = "index",
        name: Scalar = "name",
    }
}
object! {
    /// Where a result is.
    Place {
        physical: Loose<PhysicalLocation> = "physicalLocation",
    }
}
object! {
    /// A stretch of a file.
    PhysicalLocation {
        artifact: Loose<ArtifactLocation> = "artifactLocation",
        region: Loose<RegionShape> = "region",
    }
}
object! {
    /// Lines and columns.
    RegionShape {
        start_line: Scalar = "startLine",
        start_column: Scalar = "startColumn",
        end_line: Scalar = "endLine",
        end_column: Scalar = "endColumn",
        snippet: Loose<Message> = "snippet",
    }
}
object! {
    /// Why a result should not count.
    SuppressionShape {
        kind: Scalar = "kind",
        status: Scalar = "status",
        justification: Scalar = "justification",
        properties: Loose<SuppressionProperties> = "properties",
    }
}
object! {
    /// What this crate writes of a suppression besides.
    SuppressionProperties {
        kind: Scalar = "devops/kind",
        owner: Scalar = "devops/owner",
        expires: Scalar = "devops/expires",
        added_by_change: Scalar = "devops/addedByChange",
    }
}
object! {
    /// How to mend it.
    Fix {
        description: Loose<Message> = "description",
    }
}

/// Whether a list is there, and how long it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Presence {
    #[default]
    Absent,
    Null,
    Wrong,
    List(u64),
}

impl Piece for Presence {
    fn read<'de, D: Deserializer<'de>>(from: D, _budget: &Budget) -> Result<Self, D::Error> {
        from.deserialize_any(PresenceVisitor)
    }
}

struct PresenceVisitor;

impl<'de> Visitor<'de> for PresenceVisitor {
    type Value = Presence;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Presence, E> {
        Ok(Presence::Wrong)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Presence, E> {
        Ok(Presence::Wrong)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Presence, E> {
        Ok(Presence::Wrong)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Presence, E> {
        Ok(Presence::Wrong)
    }

    fn visit_str<E>(self, _: &str) -> Result<Presence, E> {
        Ok(Presence::Wrong)
    }

    fn visit_unit<E>(self) -> Result<Presence, E> {
        Ok(Presence::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Presence, A::Error> {
        let mut count: u64 = 0;
        while list.next_element::<IgnoredAny>()?.is_some() {
            count = count.saturating_add(1);
        }
        Ok(Presence::List(count))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Presence, A::Error> {
        drain_map(map).map(|()| Presence::Wrong)
    }
}
