//! The fields of a TOML table, taken one by one with their types checked.

use devops_core::excerpt;
use toml::Value;

use super::error::RuleError;

/// A table of a rule file. Names of fields are compared without case, as gitleaks does.
pub(super) struct Fields {
    place: String,
    table: toml::Table,
}

impl Fields {
    pub(super) const fn new(place: String, table: toml::Table) -> Self {
        Self { place, table }
    }

    /// How errors name this table.
    pub(super) fn place(&self) -> &str {
        &self.place
    }

    pub(super) fn rename(&mut self, place: String) {
        self.place = place;
    }

    fn key(&self, field: &str) -> Option<String> {
        self.table.keys().find(|key| key.eq_ignore_ascii_case(field)).cloned()
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.key(field).is_some()
    }

    pub(super) fn take(&mut self, field: &str) -> Option<Value> {
        let key = self.key(field)?;
        self.table.remove(&key)
    }

    /// The fields that were not taken.
    pub(super) fn left(self) -> impl Iterator<Item = String> {
        self.table.into_iter().map(|(key, _)| key)
    }

    pub(super) fn bad(&self, field: &str, value: &str, reason: &str) -> RuleError {
        RuleError::Value {
            place: self.place.clone(),
            field: field.to_owned(),
            value: excerpt(value),
            reason: reason.to_owned(),
        }
    }

    fn wrong(&self, field: &str, found: &'static str, expected: &'static str) -> RuleError {
        RuleError::Type { place: self.place.clone(), field: field.to_owned(), found, expected }
    }

    pub(super) fn string(&mut self, field: &str) -> Result<Option<String>, RuleError> {
        match self.take(field) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(self.wrong(field, kind(&other), "a text")),
        }
    }

    pub(super) fn strings(&mut self, field: &str) -> Result<Vec<String>, RuleError> {
        const EXPECTED: &str = "a list of texts";
        match self.take(field) {
            None => Ok(Vec::new()),
            Some(Value::Array(values)) => values
                .into_iter()
                .map(|value| match value {
                    Value::String(text) => Ok(text),
                    other => Err(self.wrong(field, kind_in_list(&other), EXPECTED)),
                })
                .collect(),
            Some(other) => Err(self.wrong(field, kind(&other), EXPECTED)),
        }
    }

    pub(super) fn boolean(&mut self, field: &str) -> Result<bool, RuleError> {
        match self.take(field) {
            None => Ok(false),
            Some(Value::Boolean(value)) => Ok(value),
            Some(other) => Err(self.wrong(field, kind(&other), "true or false")),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "numbers of more than 2^53 are refused by their range")]
    pub(super) fn number(&mut self, field: &str) -> Result<Option<f64>, RuleError> {
        match self.take(field) {
            None => Ok(None),
            Some(Value::Float(value)) => Ok(Some(value)),
            Some(Value::Integer(value)) => Ok(Some(value as f64)),
            Some(other) => Err(self.wrong(field, kind(&other), "a number")),
        }
    }

    pub(super) fn count(&mut self, field: &str) -> Result<Option<u64>, RuleError> {
        match self.take(field) {
            None => Ok(None),
            Some(Value::Integer(value)) => match u64::try_from(value) {
                Ok(count) => Ok(Some(count)),
                Err(_) => Err(self.bad(field, &value.to_string(), "below 0")),
            },
            Some(other) => Err(self.wrong(field, kind(&other), "a whole number")),
        }
    }

    pub(super) fn table(&mut self, field: &str) -> Result<Option<Self>, RuleError> {
        match self.take(field) {
            None => Ok(None),
            Some(Value::Table(table)) => {
                let place = match field {
                    "allowlist" => format!("allow-list of {}", self.place),
                    other => format!("`{other}` of {}", self.place),
                };
                Ok(Some(Self::new(place, table)))
            }
            Some(other) => Err(self.wrong(field, kind(&other), "a table")),
        }
    }

    /// A list of tables; errors call each `name` and its number.
    pub(super) fn tables(&mut self, field: &str, name: &str) -> Result<Vec<Self>, RuleError> {
        const EXPECTED: &str = "a list of tables";
        let values = match self.take(field) {
            None => return Ok(Vec::new()),
            Some(Value::Array(values)) => values,
            Some(other) => return Err(self.wrong(field, kind(&other), EXPECTED)),
        };
        let mut tables = Vec::with_capacity(values.len());
        for (at, value) in values.into_iter().enumerate() {
            let Value::Table(table) = value else {
                return Err(self.wrong(field, kind_in_list(&value), EXPECTED));
            };
            let place = match name {
                // A rule is named by its id as soon as that is known.
                "rule" => name.to_owned(),
                name => format!("{name} {} of {}", at.saturating_add(1), self.place),
            };
            tables.push(Self::new(place, table));
        }
        Ok(tables)
    }
}

const fn kind(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a text",
        Value::Integer(_) => "a whole number",
        Value::Float(_) => "a number",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a time",
        Value::Array(_) => "a list",
        Value::Table(_) => "a table",
    }
}

const fn kind_in_list(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a list with a text",
        Value::Integer(_) => "a list with a whole number",
        Value::Float(_) => "a list with a number",
        Value::Boolean(_) => "a list with true or false",
        Value::Datetime(_) => "a list with a time",
        Value::Array(_) => "a list with a list",
        Value::Table(_) => "a list with a table",
    }
}
