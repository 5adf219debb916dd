//! Judges as other gate engines do, to the digit, and converts their gates to native ones.
//!
//! These modules reproduce what the engines were seen to do, the odd corners included: what looks like a defect
//! there is reproduced here and is never in the native engine. Each converts to a native
//! [`GateSpec`](crate::GateSpec) with a list of the differences that follow.
//!
//! | engine | module |
//! | --- | --- |
//! | Keptn v1 and v2 | [`keptn`], [`keptn::v2`] |
//! | Kayenta (NetflixACAJudge-v1.0) | [`kayenta`] |
//! | SonarQube | [`sonar`] |
//! | Argo Rollouts | [`argo`] |

pub mod argo;
mod conversion;
mod go_float;
pub mod kayenta;
pub mod keptn;
mod lenient;
pub mod sonar;

pub use conversion::{Conversion, ConversionError, Difference, DifferenceKind};
pub use go_float::go_float;
