//! `provasm prove`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use provasm::memory::available_bytes;
use provasm::{
    InputDigests, Limits, Manifest, ParameterSet, Program, ProgramId, ProveOptions, Proven, RunDirectory, Verified,
    Workload, write_proof,
};

use crate::args::ProveArgs;
use crate::commands::Call;
use crate::failure::Failure;
use crate::files::{Destination, ProofFile, read_module};
use crate::inputs::{Given, show_log, write_bytes};
use crate::progress::{Progress, Stage, count_executed};
use crate::report::{Output, Report, print};
use crate::{interrupt, limits, run_directory, sizes};

/// A run to prove.
struct Job {
    call: Call,
    id: ProgramId,
    out: Destination,
    place: Place,
    progress: Progress,
}

/// Where the run's finished segments are.
enum Place {
    /// In a run directory that is there.
    Resumed(RunDirectory),
    /// In one that will be there.
    New { path: PathBuf, manifest: Manifest, module: Vec<u8> },
}

/// A proof that was written and verified.
struct Written {
    proven: Proven,
    bytes: u64,
    verified: Verified,
    verify_seconds: f64,
}

/// Runs a function, proves it, checks the proof and writes it.
pub(crate) fn prove(args: &ProveArgs) -> Result<(), Failure> {
    let job = match (&args.resume, &args.module) {
        (Some(directory), _) => Job::resumed(directory, args)?,
        (None, Some(module)) => Job::new(module, args)?,
        (None, None) => return Err(Failure::usage("a module or --resume says what to prove")),
    };
    let Job { call, id, out, place, progress } = job;
    let limits = limits::proven(args.max_instructions);
    progress.enter(Stage::Execute);
    let executed = Limits { progress: Some(count_executed), log: Some(show_log), ..limits };
    let run = call.program.run_with(&call.entry.name, &call.args, call.given.inputs(), executed)?;

    let is_new = matches!(place, Place::New { .. });
    let directory = match place {
        Place::Resumed(directory) => directory,
        Place::New { path, manifest, module } => {
            RunDirectory::create(&path, &manifest, &module, call.given.inputs()).map_err(Failure::failed)?
        }
    };
    progress.prove(run.instructions, args.jobs.get());
    let made = interrupt::listen().and_then(|interrupted| {
        let options = ProveOptions {
            inputs: call.given.inputs(),
            limits,
            segment_log_cells: directory.manifest().segment_log_cells,
            jobs: args.jobs.get(),
            store: Some(&directory),
            progress: Some(&|event| progress.event(event)),
            interrupt: Some(interrupted),
            cut_every: None,
        };
        let proven = call.program.prove_with(&call.entry.name, &call.args, &options)?;
        drop(progress);
        write(proven, &directory, &id, &out)
    });
    let Written { proven, bytes, verified, verify_seconds } = match made {
        Ok(made) => made,
        Err(failure) => return Err(left(failure, directory, is_new, &out)),
    };
    let kept = keep_or_remove(directory, args.keep);

    let report = Report {
        segments: Some(proven.segments),
        reused_segments: Some(proven.reused),
        execute_seconds: Some(proven.execute_seconds),
        prove_seconds: Some(proven.prove_seconds),
        proof_bytes: Some(bytes),
        verify_seconds: Some(verify_seconds),
        security_bits: Some(verified.security_bits),
        program_id: Some(id.to_string()),
        ..Report::of_run(&proven.run, &call.entry.results).with_cost(&proven.cost)
    };
    let output = Output::claimed(&proven.claim.output).of_length(proven.run.output.len());
    report.with_output(output, args.output.as_deref()).print(args.json)?;
    args.output.iter().try_for_each(|path| write_bytes(path, &proven.run.output))?;
    if args.json {
        return Ok(());
    }
    let kept = kept.map(|path| format!("{:<13} {}\n", "kept", path.display())).unwrap_or_default();
    print(&format!("{:<13} {}\n{kept}", "written", out.path().display()))
}

impl Job {
    /// The run that the arguments describe; it goes on where it was interrupted, if it was.
    fn new(module: &Path, args: &ProveArgs) -> Result<Self, Failure> {
        let beside = module.with_extension("proof");
        let out = args.out.as_deref().unwrap_or(&beside);
        if out == module {
            return Err(Failure::usage("the proof would replace the module: name another file with --out"));
        }
        let out = Destination::new(out)?;
        // Beside a pipe or a device is no place for a folder.
        let path = run_directory::beside(if out.is_special() { &beside } else { out.path() });
        let bytes = read_module(module)?;
        let call = Call::of_module(&bytes, module, args.invoke.as_deref(), &args.inputs, &args.args)?;
        let workload = workload(&call.program, args);
        let free = available_bytes();
        let segment_log_cells =
            sizes::segment_log_cells(args.segment_cells, args.max_memory, workload, free).map_err(Failure::usage)?;
        let (progress, id) = commit(&call.program)?;
        let manifest = Manifest {
            program: id,
            entry: call.entry.name.clone(),
            args: call.args.clone(),
            inputs: InputDigests::of(call.given.inputs()),
            segment_log_cells,
            parameters: ParameterSet::Koala100,
        };
        let place = match run_directory::open_if_there(&path, &manifest, args.segment_cells)? {
            Some(directory) => Place::Resumed(going_on(directory, workload, args, &progress)?),
            None => Place::New { path, manifest, module: bytes },
        };
        Ok(Self { call, id, out, place, progress })
    }

    /// The run in a run directory.
    fn resumed(directory: &Path, args: &ProveArgs) -> Result<Self, Failure> {
        let out = args.out.clone().or_else(|| run_directory::proof_of(directory));
        let unnamed = || Failure::usage(format!("{} names no proof: name it with --out", directory.display()));
        let out = Destination::new(&out.ok_or_else(unnamed)?)?;
        let directory = run_directory::open(directory)?;
        let manifest = directory.manifest();
        let program = Program::compile(&directory.module_bytes().map_err(Failure::failed)?)?;
        let (progress, id) = commit(&program)?;
        let foreign = |what: &str| {
            let place = directory.path().display();
            Failure::failed(format!("{place} was made by another version of provasm: {what}"))
        };
        if id != manifest.program {
            return Err(foreign(&format!("its program is {}, compiled now it is {id}", manifest.program)));
        }
        let entry = program.compiled().entry(&manifest.entry);
        let entry = entry.ok_or_else(|| foreign("the program has no such entry"))?.clone();
        let (public, private) = directory.inputs().map_err(Failure::failed)?;
        let call = Call { entry, args: manifest.args.clone(), program, given: Given { public, private } };
        let workload = workload(&call.program, args);
        let place = Place::Resumed(going_on(directory, workload, args, &progress)?);
        Ok(Self { call, id, out, place, progress })
    }
}

/// What proving this program's segments takes memory for.
fn workload(program: &Program, args: &ProveArgs) -> Workload {
    Workload { jobs: args.jobs.get(), code: program.compiled().code.len() }
}

/// Begins to show progress and commits to the program.
fn commit(program: &Program) -> Result<(Progress, ProgramId), Failure> {
    let progress = Progress::start();
    progress.enter(Stage::Program);
    let id = program.key()?.id();
    Ok((progress, id))
}

/// A run directory to go on from; the memory allowed must be enough for its segments.
fn going_on(
    directory: RunDirectory,
    workload: Workload,
    args: &ProveArgs,
    progress: &Progress,
) -> Result<RunDirectory, Failure> {
    let log_cells = directory.manifest().segment_log_cells;
    if let Some(allowed) = args.max_memory {
        sizes::check_fits(log_cells, workload, allowed).map_err(Failure::usage)?;
    }
    let finished = directory.finished().map_err(Failure::failed)?.len();
    progress.say(&format!("going on with the run in {}, finished segments: {finished}", directory.path().display()));
    Ok(directory)
}

/// Writes the proof and verifies it before it takes its place.
fn write(proven: Proven, directory: &RunDirectory, id: &ProgramId, out: &Destination) -> Result<Written, Failure> {
    let staged = out.stage(directory.temporary(), |file| {
        write_proof(&proven.head, directory, file).context("cannot write the proof").map_err(Failure::Failed)?;
        Ok(())
    })?;
    let start = Instant::now();
    let mut file = ProofFile::open(staged.path())?;
    let rejected = |failure| Failure::failed(format!("the proof just made is rejected, and not written: {failure}"));
    let verified = file.verify(id).map_err(rejected)?;
    let verify_seconds = start.elapsed().as_secs_f64();
    staged.commit()?;
    Ok(Written { proven, bytes: file.bytes(), verified, verify_seconds })
}

/// What a failure leaves: a directory to go on from, and how to; or nothing if it has no segment and is new.
fn left(failure: Failure, directory: RunDirectory, is_new: bool, out: &Destination) -> Failure {
    let path = directory.path().to_owned();
    if is_new && directory.finished().is_ok_and(|finished| finished.is_empty()) {
        return match directory.remove() {
            Ok(()) => failure,
            Err(error) => failure.with_line(&error.to_string()),
        };
    }
    failure.with_line(&format!("continue with: {}", run_directory::command(&path, Some(out.path()))))
}

/// Removes the directory of a run that is proven; where it is, if it is kept.
fn keep_or_remove(directory: RunDirectory, keep: bool) -> Option<PathBuf> {
    let path = directory.path().to_owned();
    if keep {
        return Some(path);
    }
    // The proof is written; files left are no failure, but are not kept from who wants to know.
    directory.remove().is_err().then_some(path)
}
