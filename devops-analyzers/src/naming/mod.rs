//! Names that break the conventions of their language.
