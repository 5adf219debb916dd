//! Maturity models as data, assessments from evidence, scheduled roadmaps.
