//! Plans the way of a team to the next level.
//!
//! `cargo run --example roadmap` plans for a team that ships with it; `--help` tells the rest.

mod args;
mod change;
mod compared;
mod gantt;
mod html;
mod input;
mod pictures;

mod text;

use std::process::ExitCode;

use anyhow::{Result, bail};
use devops_examples::{print, program};
use devops_maturity::roadmap::{PlanError, Roadmap, compare, plan, revise};

use args::{Args, Format};
use compared::Compared;
use input::Input;

/// There is no plan.
const NO_PLAN: u8 = 1;

fn main() -> ExitCode {
    program(|args: Args| match run(&args) {
        Ok(told) => print(&told).map(|()| 0),
        Err(error) => match error.downcast_ref::<PlanError>() {
            Some(
                PlanError::UnreachableTarget { .. } | PlanError::TooLate { .. } | PlanError::Selection(_),
            ) => print(&format!("There is no plan: {error}\n")).map(|()| NO_PLAN),
            _ => Err(error),
        },
    })
}

fn run(args: &Args) -> Result<String> {
    let input = Input::read(args)?;
    if let Some(path) = &args.track {
        let first = input::roadmap(path)?;
        let revision = revise(&first, &input.plan_input(), &input.request)?;
        return written(args, &input, &revision.roadmap, Some(&Compared::tracked(&first, &revision, &input)));
    }
    let roadmap = plan(&input.plan_input(), &input.request)?;
    if args.what_if.is_empty() {
        return written(args, &input, &roadmap, None);
    }
    let mut request = input.request.clone();
    for wish in &args.what_if {
        change::change(&mut request, wish)?;
    }
    let other = plan(&input.plan_input(), &request)?;
    let diff = compare(&roadmap, &other);
    written(args, &input, &other, Some(&Compared::what_if(&args.what_if, &roadmap, &other, diff)))
}

fn written(args: &Args, input: &Input, roadmap: &Roadmap, compared: Option<&Compared>) -> Result<String> {
    Ok(match (args.format, compared) {
        (Format::Text, None) => text::report(roadmap),
        (Format::Text, Some(compared)) => compared.text(),
        (Format::Markdown, None) => roadmap.to_markdown(),
        (Format::Markdown, Some(compared)) => compared.markdown(),
        (Format::Json, None) => serde_json::to_string_pretty(roadmap)? + "\n",
        (Format::Json, Some(compared)) => compared.json(roadmap)?,
        (Format::Html, _) => html::page(roadmap, compared, input.model.scale().get()),
        (Format::Svg, None) => gantt::file(roadmap),
        (Format::Mermaid, None) => roadmap.to_mermaid(),
        (Format::Svg | Format::Mermaid, Some(_)) => {
            bail!("what is different is written as text, markdown, json or html")
        }
    })
}
