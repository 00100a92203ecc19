//! `wordfreq [-n COUNT] [FILE]` counts the words of a text and prints the most frequent first; words that are as
//! frequent as each other come in alphabetical order. The text is standard input where no file is named. A word is a
//! sequence of letters and digits, and is counted in lower case.
//!
//! Ends with 1 if the text cannot be read, and with 2 if it is called in another way.

use std::{
    cmp::Reverse,
    collections::HashMap,
    env,
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Write},
    process::ExitCode,
};

struct Options {
    /// How many words to print.
    count: usize,
    file: Option<String>,
}

/// What the arguments say; `None` if they are not understood.
fn parse(mut args: impl Iterator<Item = String>) -> Option<Options> {
    let mut options = Options { count: usize::MAX, file: None };
    while let Some(arg) = args.next() {
        if arg == "-n" {
            options.count = args.next()?.parse().ok()?;
        } else if arg.starts_with('-') || options.file.replace(arg).is_some() {
            return None;
        }
    }
    Some(options)
}

/// How often each word occurs. A line that is not UTF-8 is an error.
fn count(text: impl BufRead) -> io::Result<HashMap<String, u64>> {
    let mut counts = HashMap::new();
    for line in text.lines() {
        for word in line?.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()) {
            *counts.entry(word.to_lowercase()).or_default() += 1;
        }
    }
    Ok(counts)
}

fn run(options: &Options) -> io::Result<()> {
    let counts = match &options.file {
        Some(path) => count(BufReader::new(File::open(path)?))?,
        None => count(io::stdin().lock())?,
    };
    let mut sorted: Vec<(String, u64)> = counts.into_iter().collect();
    sorted.sort_unstable_by(|(a, a_count), (b, b_count)| (Reverse(a_count), a).cmp(&(Reverse(b_count), b)));
    let mut output = BufWriter::new(io::stdout().lock());
    for (word, count) in sorted.iter().take(options.count) {
        writeln!(output, "{count} {word}")?;
    }
    output.flush()
}

fn main() -> ExitCode {
    let Some(options) = parse(env::args().skip(1)) else {
        eprintln!("usage: wordfreq [-n COUNT] [FILE]");
        return ExitCode::from(2);
    };
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wordfreq: {error}");
            ExitCode::FAILURE
        }
    }
}
