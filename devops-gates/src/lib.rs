//! Scores and quality gates that explain themselves: pure, synchronous, exact.
