//! Assesses a team by a maturity model and says what to do next.
//!
//! `cargo run --example maturity` assesses a team that ships with it; `--help` tells the rest.

mod args;
mod found;
mod heat;
mod html;
mod import;
mod input;
mod radar;
mod report;

use std::process::ExitCode;

use anyhow::Result;
use devops_examples::{print, program};
use devops_maturity::{Answer, Answers, ItemAnswer, Model};

use args::{Args, Format, Template};
use found::Found;
use input::Input;

/// The level that is asked for cannot be defended.
const BELOW: u8 = 1;

fn main() -> ExitCode {
    program(|args: Args| {
        let (told, code) = run(&args)?;
        print(&told).map(|()| code)
    })
}

fn run(args: &Args) -> Result<(String, u8)> {
    if let Some(template) = args.print {
        let (model, _) = input::model(args)?;
        return Ok((printed(template, &model)?, 0));
    }
    let input = Input::read(args)?;
    let found = Found::new(&input, args.level)?;
    let told = match args.format {
        Format::Text => report::Report::new(&found).text(),
        Format::Markdown => report::Report::new(&found).markdown(),
        Format::Json => serde_json::to_string_pretty(&found.json())? + "\n",
        Format::Html => html::page(&found),
    };
    let below = args.require.is_some_and(|level| found.level().is_none_or(|own| own.low < level));
    Ok((told, if below { BELOW } else { 0 }))
}

/// A file to start from: the model itself, or its questions, all of them unknown.
fn printed(template: Template, model: &Model) -> Result<String> {
    let text = match template {
        Template::Model => serde_json::to_string_pretty(model)?,
        Template::Answers => {
            let unknown = |answers: Answers, item: &devops_maturity::ModelItem| {
                answers.with_answer(ItemAnswer::new(item.id().clone(), Answer::Unknown))
            };
            serde_json::to_string_pretty(
                &model.items().iter().fold(Answers::new(model, "your team"), unknown),
            )?
        }
    };
    Ok(text + "\n")
}
