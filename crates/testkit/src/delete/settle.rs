//! Settling a lie: who takes what a lie no longer gives takes what it gives instead.
//!
//! The lie's own rows stay as they are told. For lies that add accesses to cells, leave some out or move them in time
//! there is [`Liar::relink`].

use std::collections::{BTreeMap, BTreeSet};

use p3_field::PrimeCharacteristicRing;
use provasm_air::{KoalaBear, bus};

use super::honest::Lie;
use super::liar::Liar;
use super::repair::Repairs;
use super::said::{Message, Place};

/// Messages that are settled in one lie.
const MESSAGES_MAX: usize = 24;

/// What two messages have in common of which one is taken for the other: the cell, or the clock of a state.
fn subject((of, fields): &Message) -> Option<(usize, KoalaBear)> {
    let field = match bus::ALL[*of].0 {
        bus::MEMORY => 0,
        bus::STATE => 2,
        _ => return None,
    };
    Some((*of, fields[field]))
}

impl Liar<'_, '_> {
    /// A lie with the honest rows around it changed: a value or a state that it gives is what the next row takes, and
    /// one that it takes is what the row before gives; what cells end with is carried up the state tree. The rows of
    /// the lie stay as they are.
    #[must_use]
    pub fn settle(&self, mut lie: Lie) -> Lie {
        let told: BTreeSet<Place> = lie.rows.keys().copied().collect();
        for _ in 0..MESSAGES_MAX {
            let (given, taken) = self.left_over(&lie);
            let pairs = given.iter().flat_map(|given| {
                taken.iter().filter(|taken| subject(taken) == subject(given)).map(move |taken| (given, taken))
            });
            let mut pairs: Vec<(&Message, &Message)> = pairs.collect();
            // The same access with another value comes before another access.
            pairs.sort_by_key(|((_, given), (_, taken))| given.last() != taken.last());
            let settled = pairs
                .into_iter()
                .flat_map(|(given, taken)| [(taken, -KoalaBear::ONE, given), (given, KoalaBear::ONE, taken)])
                .find_map(|(message, count, instead)| self.said_instead(&lie, &told, message, count, instead));
            match settled {
                Some(settled) => lie = settled,
                None => break,
            }
        }
        self.honest.rehash(&mut lie);
        lie
    }

    /// The messages of cells and states that are given once more than they are taken, and those that are taken once
    /// more.
    fn left_over(&self, lie: &Lie) -> (Vec<Message>, Vec<Message>) {
        let mut sums: BTreeMap<Message, KoalaBear> = BTreeMap::new();
        for (&place, row) in &lie.rows {
            let (said, honest) = (self.honest.say(place, row), self.honest.said(place));
            for (message, count) in said.messages {
                *sums.entry(message).or_default() += count;
            }
            for (message, count) in &honest.messages {
                *sums.entry(message.clone()).or_default() -= *count;
            }
        }
        sums.retain(|message, _| subject(message).is_some());
        let of = |wanted: KoalaBear| {
            sums.iter().filter(|(_, sum)| **sum == wanted).map(|(message, _)| message.clone()).collect()
        };
        (of(KoalaBear::ONE), of(-KoalaBear::ONE))
    }

    /// The lie with another message said by a row that is not of it, and that says this one.
    fn said_instead(
        &self,
        lie: &Lie,
        told: &BTreeSet<Place>,
        message: &Message,
        count: KoalaBear,
        instead: &Message,
    ) -> Option<Lie> {
        let repairs = Repairs { honest: self.honest, shapes: self.shapes };
        let ends = self.honest.ends.get(message).into_iter().flatten();
        ends.filter(|(place, _, of)| *of == count && !told.contains(place)).find_map(|&(place, interaction, _)| {
            let row = lie.rows.get(&place).map_or_else(|| self.honest.cells(place), Vec::as_slice);
            if self.honest.say(place, row).messages[interaction].0 != *message {
                return None;
            }
            let changes = repairs.say_instead(place, row, interaction, &instead.1).into_iter().next()?;
            Some(self.honest.changed(lie, &changes))
        })
    }
}
