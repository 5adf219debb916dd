//! The form of added lines.
