//! What a table's constraints and interactions depend on.

use std::collections::BTreeSet;

use p3_field::PrimeCharacteristicRing;
use provasm_air::{KoalaBear, TableId};
use provasm_trace::Trace;

use super::said::say;
use crate::Random;

/// Random rows on which dependence is looked for.
const ROWS: usize = 2;

/// Which columns a table's constraints and interactions depend on.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The table.
    pub id: TableId,
    /// Names of its columns.
    pub names: Vec<String>,
    /// For each constraint, the columns.
    pub constraints: Vec<Vec<usize>>,
    /// For each interaction, its bus and the columns of its fields and its count.
    pub interactions: Vec<(usize, Vec<usize>)>,
    /// For each column, how many constraints and interactions depend on it.
    pub dependents: Vec<usize>,
}

impl Shape {
    /// The shape of a filled table: found by changing cells of random rows, on which no two sides happen to be equal.
    #[must_use]
    pub fn of(trace: &Trace) -> Self {
        let width = trace.rows.width;
        let mut random = Random::new(0x5a_9e);
        let mut constraints: Vec<BTreeSet<usize>> = Vec::new();
        let mut interactions: Vec<(usize, BTreeSet<usize>)> = Vec::new();
        for _ in 0..ROWS {
            let mut row: Vec<KoalaBear> = (0..width).map(|_| KoalaBear::from_u64(random.next_u64())).collect();
            let said = say(trace, 1, &row);
            constraints.resize_with(said.constraints.len(), BTreeSet::new);
            interactions
                .extend(said.messages.iter().skip(interactions.len()).map(|((bus, _), _)| (*bus, BTreeSet::new())));
            for column in 0..width {
                let present = std::mem::replace(&mut row[column], KoalaBear::from_u64(random.next_u64()));
                let other = say(trace, 1, &row);
                let pairs = said.constraints.iter().zip(&other.constraints).zip(&mut constraints);
                pairs.filter(|((a, b), _)| a != b).for_each(|(_, columns)| {
                    columns.insert(column);
                });
                let pairs = said.messages.iter().zip(&other.messages).zip(&mut interactions);
                pairs.filter(|((a, b), _)| a != b).for_each(|(_, (_, columns))| {
                    columns.insert(column);
                });
                row[column] = present;
            }
        }
        let mut dependents = vec![0; width];
        let all = constraints.iter().chain(interactions.iter().map(|(_, columns)| columns));
        all.flatten().for_each(|&column| dependents[column] += 1);
        let list = |columns: BTreeSet<usize>| columns.into_iter().collect::<Vec<_>>();
        Self {
            id: trace.table.id,
            names: trace.table.id.column_names(),
            constraints: constraints.into_iter().map(list).collect(),
            interactions: interactions.into_iter().map(|(bus, columns)| (bus, list(columns))).collect(),
            dependents,
        }
    }
}
