//! JSON by `serde_json`: records are written, parsed into typed structs, edited and written again.

use guest_fixture::{Checksum, Xorshift};
use serde::{Deserialize, Deserializer, Serialize, de::Error};

#[derive(Deserialize, Serialize)]
struct Record {
    id: Integer,
    name: String,
    active: bool,
    tags: Vec<String>,
    scores: Vec<Integer>,
    place: Place,
}

#[derive(Deserialize, Serialize)]
struct Place {
    city: Option<String>,
    height: Integer,
}

/// An integer that is parsed without a detour through floats. `serde_json` reads a plain `i64` as any
/// number, which compiles its float parser into the guest; it reads an `i128` digit by digit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(transparent)]
struct Integer(i64);

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wide = i128::deserialize(deserializer)?;
        i64::try_from(wide).map(Self).map_err(D::Error::custom)
    }
}

/// Writes `records` generated records, parses the text, edits every record, writes them again and
/// returns a checksum of the second text.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn json(records: u32) -> u64 {
    let mut checksum = Checksum::new();
    checksum.bytes(edited(&generated(records)).as_bytes());
    checksum.value()
}

fn generated(records: u32) -> String {
    let mut generator = Xorshift::new();
    let records: Vec<Record> = (0..records)
        .map(|index| Record::generate(index, &mut generator))
        .collect();
    serde_json::to_string(&records).expect("a record has a JSON form")
}

fn edited(text: &str) -> String {
    let mut records: Vec<Record> =
        serde_json::from_str(text).expect("the text was written from records");
    for record in &mut records {
        record.edit();
    }
    serde_json::to_string(&records).expect("a record has a JSON form")
}

impl Record {
    fn generate(index: u32, generator: &mut Xorshift) -> Self {
        Self {
            id: Integer(i64::from(index)),
            name: pick(generator, &NAMES).to_owned(),
            active: generator.below(2) == 1,
            tags: (0..generator.below(3))
                .map(|_| pick(generator, &TAGS).to_owned())
                .collect(),
            scores: (0..generator.below(4))
                .map(|_| Integer(i64::from(generator.below(1000))))
                .collect(),
            place: Place {
                city: (generator.below(3) > 0).then(|| pick(generator, &CITIES).to_owned()),
                height: Integer(i64::from(generator.below(100_000)) - 10_000),
            },
        }
    }

    fn edit(&mut self) {
        self.active = !self.active;
        self.name.make_ascii_uppercase();
        self.scores.reverse();
        self.tags.push("edited".to_owned());
        self.place.height.0 += self.scores.iter().map(|score| score.0).sum::<i64>();
    }
}

fn pick<'a>(generator: &mut Xorshift, from: &[&'a str]) -> &'a str {
    from[generator.below(from.len() as u32) as usize]
}

const NAMES: [&str; 6] = [
    "Ada",
    "Grace",
    "Emmy",
    "Søren",
    "Kurt",
    "Alonzo \"the one\"",
];
const TAGS: [&str; 5] = ["new", "vip", "a/b", "line\nbreak", "quiet"];
const CITIES: [&str; 5] = ["London", "Göttingen", "Princeton", "København", "東京"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_what_it_parsed() {
        let before: Vec<Record> = serde_json::from_str(&generated(20)).expect("JSON");
        let after: Vec<Record> = serde_json::from_str(&edited(&generated(20))).expect("JSON");
        assert_eq!(after.len(), 20);
        for (before, after) in before.iter().zip(&after) {
            assert_eq!((before.id, before.active), (after.id, !after.active));
            assert_eq!(before.tags.len() + 1, after.tags.len());
            assert_eq!(before.place.city, after.place.city);
        }
    }
}
