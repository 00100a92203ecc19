//! `provasm profile`.

mod json;
mod tables;

use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use provasm::{Limits, Profiled, flamegraph};

use crate::args::Invocation;
use crate::commands::Call;
use crate::failure::Failure;
use crate::files::{Destination, read_module};
use crate::inputs::{show_log, write_bytes};
use crate::report::{Output, Report, grouped, print};
use crate::{limits, values};

#[derive(Debug, Args)]
pub(crate) struct ProfileArgs {
    #[command(flatten)]
    invocation: Invocation,
    /// Writes a flamegraph of the cells, a picture in SVG
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Writes the cells of each call stack, a line each, as flamegraph programs read them
    #[arg(long, value_name = "FILE")]
    folded: Option<PathBuf>,
    /// Lists source lines, if the module has debug information (DWARF)
    #[arg(long)]
    lines: bool,
    /// How many functions, chips and lines are listed at most
    #[arg(long, value_name = "COUNT", default_value_t = 25, conflicts_with = "json")]
    top: usize,
}

/// Runs a function and shows what its cells are spent on. A trap ends the run like a return does.
pub(crate) fn profile(args: &ProfileArgs) -> Result<(), Failure> {
    let svg = args.svg.as_deref().map(Destination::new).transpose()?;
    let folded = args.folded.as_deref().map(Destination::new).transpose()?;
    let Invocation { module: path, invoke, inputs, output, json, args: texts } = &args.invocation;
    let module = read_module(path)?;
    let call = Call::of_module(&module, path, invoke.as_deref(), inputs, texts)?;
    let Call { program, entry, args: values, given } = call;
    let limits = Limits { log: Some(show_log), ..limits::proven(None) };
    let found = program.profile(&module, &entry.name, &values, given.inputs(), limits)?;
    if args.lines && !found.profile.has_lines {
        return Err(Failure::usage("the module has no debug information that tells source lines"));
    }
    if let Some(svg) = svg {
        let title = format!("{}: {} cells", values::signature(&entry), grouped(found.profile.total.cells));
        write(&svg, &flamegraph(&found.profile.stacks, &title))?;
    }
    if let Some(folded) = folded {
        write(&folded, &found.profile.stacks.folded())?;
    }
    let Profiled { run, cost, segments, .. } = &found;
    let report = Report { segments: Some(*segments), ..Report::of_run(run, &entry.results).with_cost(cost) };
    let report = report.with_output(Output::written(&run.output), output.as_deref());
    match json {
        true => print(&json::text(report, &found)?)?,
        false => print(&format!("{}\n{}", report.lines(), tables::text(&found, args.top, args.lines)))?,
    }
    output.iter().try_for_each(|path| write_bytes(path, &run.output))
}

/// Writes a file, whole or not at all.
fn write(to: &Destination, text: &str) -> Result<(), Failure> {
    let path = to.path();
    if to.is_special() {
        return fs::write(path, text)
            .with_context(|| format!("cannot write {}", path.display()))
            .map_err(Failure::Failed);
    }
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.tmp", std::process::id()));
    let staged = to.stage(path.with_file_name(name), |file| {
        file.write_all(text.as_bytes()).context("cannot write a profile").map_err(Failure::Failed)
    })?;
    staged.commit()
}
