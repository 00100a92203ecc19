//! JSON with decimal numbers by `serde_json`: measurements are parsed, evaluated and written again.
//!
//! The text that is parsed is put together from digits, so its numbers have the forms that instruments and
//! people write: trailing zeros, exponents, integers among decimals.

use std::fmt::Write;

use guest_fixture::{Checksum, Xorshift};
use serde::{Deserialize, Serialize};

#[derive(Deserialize, Serialize)]
struct Station {
    name: String,
    /// Degrees north and east.
    position: [f64; 2],
    calibration: Calibration,
    samples: Vec<f64>,
    #[serde(default)]
    summary: Option<Summary>,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
struct Calibration {
    offset: f64,
    gain: f64,
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Summary {
    count: u32,
    sum: f64,
    mean: f64,
    deviation: f64,
    least: f64,
    greatest: f64,
}

/// Parses generated text about `stations` stations, calibrates and sums up their samples, writes everything
/// again and returns a checksum of the second text.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn json_float(stations: u32) -> u64 {
    let mut checksum = Checksum::new();
    checksum.bytes(evaluated(&generated(stations)).as_bytes());
    checksum.value()
}

fn evaluated(text: &str) -> String {
    let mut stations: Vec<Station> = serde_json::from_str(text).expect("the generated text is such a list");
    for station in &mut stations {
        station.evaluate();
    }
    serde_json::to_string(&stations).expect("the numbers are finite")
}

impl Station {
    fn evaluate(&mut self) {
        let Calibration { offset, gain } = self.calibration;
        for sample in &mut self.samples {
            *sample = (*sample - offset) * gain;
        }
        self.summary = Summary::of(&self.samples);
    }
}

impl Summary {
    /// `None` if there are no samples.
    fn of(samples: &[f64]) -> Option<Self> {
        let (&first, _) = samples.split_first()?;
        let count = u32::try_from(samples.len()).ok()?;
        let sum: f64 = samples.iter().sum();
        let mean = sum / f64::from(count);
        let variance = samples.iter().map(|sample| (sample - mean) * (sample - mean)).sum::<f64>() / f64::from(count);
        Some(Self {
            count,
            sum,
            mean,
            deviation: variance.sqrt(),
            least: samples.iter().copied().fold(first, f64::min),
            greatest: samples.iter().copied().fold(first, f64::max),
        })
    }
}

fn generated(stations: u32) -> String {
    let mut generator = Xorshift::new();
    let mut text = String::from("[");
    for index in 0..stations {
        let comma = if index == 0 { "" } else { ",\n" };
        write_station(&mut text, comma, index, &mut generator).expect("a string takes everything");
    }
    text.push(']');
    text
}

fn write_station(text: &mut String, comma: &str, index: u32, generator: &mut Xorshift) -> std::fmt::Result {
    write!(text, "{comma}{{\"name\": \"station {index}\", \"position\": [")?;
    write_decimal(text, 90, 4, generator)?;
    text.push_str(", ");
    write_decimal(text, 180, 4, generator)?;
    let (offset, gain, exponent) = (generator.below(1000), 1 + generator.below(999), generator.below(4));
    write!(text, "], \"calibration\": {{\"offset\": {offset}e-4, \"gain\": {gain}.5E-{exponent}}}, \"samples\": [")?;
    for sample in 0..generator.below(12) {
        if sample > 0 {
            text.push_str(", ");
        }
        let places = generator.below(10);
        write_decimal(text, 1000, places, generator)?;
    }
    text.push_str("]}");
    Ok(())
}

/// Writes a number between -`below` and `below` with `places` decimal places, at most 9.
fn write_decimal(text: &mut String, below: u32, places: u32, generator: &mut Xorshift) -> std::fmt::Result {
    let sign = if generator.below(2) == 1 { "-" } else { "" };
    write!(text, "{sign}{}", generator.below(below))?;
    if places > 0 {
        write!(text, ".{:0width$}", generator.below(10u32.pow(places)), width = places as usize)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_come_back() {
        let before: Vec<Station> = serde_json::from_str(&generated(20)).expect("JSON");
        let after: Vec<Station> = serde_json::from_str(&evaluated(&generated(20))).expect("JSON");
        assert_eq!(after.len(), 20);
        assert!(before.iter().any(|station| station.samples.iter().any(|sample| sample.fract() != 0.0)));
        for (before, after) in before.iter().zip(&after) {
            assert_eq!((&before.name, before.position), (&after.name, after.position));
            assert_eq!(before.samples.len(), after.samples.len());
            assert_eq!(after.summary.is_some(), !after.samples.is_empty());
        }
    }

    #[test]
    fn samples_are_summed_up() {
        let expected = Summary { count: 4, sum: 20.0, mean: 5.0, deviation: 3.0, least: 2.0, greatest: 8.0 };
        assert_eq!(Summary::of(&[2.0, 8.0, 2.0, 8.0]), Some(expected));
        assert_eq!(Summary::of(&[]), None);
    }

    #[test]
    fn evaluates_a_document() {
        let text = r#"[{"name": "a", "position": [51.50, -0.1], "calibration": {"offset": 5e-1, "gain": 2.0E0},
            "samples": [1, 2.50, -0.25]}]"#;
        let expected = concat!(
            r#"[{"name":"a","position":[51.5,-0.1],"calibration":{"offset":0.5,"gain":2.0},"samples":[1.0,4.0,-1.5],"#,
            r#""summary":{"count":3,"sum":3.5,"mean":1.1666666666666667,"deviation":2.2484562605386738,"#,
            r#""least":-1.5,"greatest":4.0}}]"#
        );
        assert_eq!(evaluated(text), expected);
    }
}
