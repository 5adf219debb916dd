//! Runs analyzers and delivery stages concurrently on any executor and returns one deterministic report.
