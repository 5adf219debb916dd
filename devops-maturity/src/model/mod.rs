//! Models as data: what people write, what is checked, what the engine takes.

mod build;
mod build_item;
mod build_policy;
mod compiled;
mod fault;
mod inverse;
mod item;
mod moves;
mod order;
mod policy;
mod spec;

pub(crate) use compiled::{Kind, MeasureRule, Policy};
pub use compiled::{Model, ModelItem, ModelNode};
pub use fault::{ModelErrors, ModelFault, ModelProblem};
pub use item::{
    AnswerSetSpec, BandSpec, CreditSpec, EntrySpec, ItemKind, ItemLevelSpec, ItemSpec, MeasureSpec, OfNone,
    OptionSpec,
};
pub use moves::MoveSpec;
pub use policy::{
    Aggregation, CompetenceSpec, EmptyLevel, EvidencePolicy, GateSpec, GradeCapSpec, LevelPolicy, NeedOf,
    NeedSpec, NotApplicablePolicy, Rounding, RoundingMode, ThresholdSpec, UnknownPolicy,
};
pub use spec::{LevelSpec, LocaleSpec, MigrationSpec, ModelSpec, NodeSpec, PrincipleSpec, TextSpec};
