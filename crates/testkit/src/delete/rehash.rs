//! The state tree of a lie: what its cells end with, up to the root that it claims.

use p3_field::PrimeCharacteristicRing;
use provasm_air::columns::Cells;
use provasm_air::permutation::{PermutationCols, STATE};
use provasm_air::tree::DIGEST;
use provasm_air::{KoalaBear, TableId, bus};

use super::honest::{Honest, Lie};
use super::named::column;
use super::said::{Message, Place, is_one};

/// A message's field that says the side, its value after the segment, and the field with a node's number.
const SIDE: usize = 0;
const AFTER: KoalaBear = KoalaBear::ONE;
const INDEX: usize = 2;

impl Honest<'_> {
    /// What a row receives of the tree after the segment, as honest.
    fn received(&self, place: Place) -> Option<Message> {
        let tree = bus::ALL.iter().position(|(name, ..)| *name == bus::TREE)?;
        let said = self.said(place);
        let mut received = said
            .messages
            .iter()
            .filter(|((bus, fields), count)| *bus == tree && fields[SIDE] == AFTER && *count == -KoalaBear::ONE);
        received.next().map(|(message, _)| message.clone())
    }

    /// Carries what the leaves end with up to the claimed root. Says whether there was anything to carry.
    pub fn rehash(&self, lie: &mut Lie) -> bool {
        let is_leaf = |place: &&Place| self.trace(**place).table.id == TableId::Cells;
        let leaves: Vec<Place> = lie.rows.keys().filter(is_leaf).copied().collect();
        let after = column(TableId::Cells, "after[0]");
        let mut carried = false;
        for leaf in leaves {
            let digest: Vec<KoalaBear> = lie.rows[&leaf][after..after + DIGEST].to_vec();
            if digest != self.cells(leaf)[after..after + DIGEST] {
                carried |= self.carry(lie, leaf, digest).is_some();
            }
        }
        carried
    }

    /// A lie about the row of a node after the segment, whose digest is carried up.
    #[must_use]
    pub fn forge_node(&self, node: Place, row: &[KoalaBear]) -> Lie {
        let mut lie = Lie::default();
        let place = self.one_side(&mut lie, node);
        let mut row = row.to_vec();
        if place != node {
            row[column(TableId::Nodes, "before")] = KoalaBear::ZERO;
        }
        let last = column(TableId::Nodes, "hash.rounds.last[0]") + STATE * 3;
        let digest = (0..DIGEST).map(|i| row[last + i] + row[i]).collect();
        lie.rows.insert(place, row);
        self.carry(&mut lie, node, digest);
        lie
    }

    /// Carries a leaf's digest up.
    fn carry(&self, lie: &mut Lie, leaf: Place, mut digest: Vec<KoalaBear>) -> Option<()> {
        let mut below = leaf;
        loop {
            let message = self.received(below)?;
            let &(above, ..) = self.ends.get(&message)?.iter().find(|(_, _, count)| is_one(*count))?;
            let id = self.trace(above).table.id;
            let into = match id {
                TableId::Nodes => self.one_side(lie, above),
                _ => above,
            };
            let row = lie.rows.entry(into).or_insert_with(|| self.cells(above).to_vec());
            match id {
                TableId::Nodes => {
                    let side = usize::from(message.1[INDEX] != self.cells(above)[column(id, "index")].double());
                    row[DIGEST * side..DIGEST * (side + 1)].copy_from_slice(&digest);
                    let input: [KoalaBear; STATE] = std::array::from_fn(|i| row[i]);
                    let hash = PermutationCols::<KoalaBear>::of(input);
                    let output = hash.output();
                    digest = (0..DIGEST).map(|i| output[i] + input[i]).collect();
                    let mut at = 0;
                    hash.put(&mut |cell| {
                        row[at] = cell;
                        at += 1;
                    });
                }
                _ => {
                    let name = if id == TableId::Claim { "after.root[0]" } else { "after[0]" };
                    let first = column(id, name);
                    row[first..first + DIGEST].copy_from_slice(&digest);
                }
            }
            if id == TableId::Claim {
                return Some(());
            }
            below = above;
        }
    }

    /// The row of a node's digest after the segment: a row of both sides is split in two.
    fn one_side(&self, lie: &mut Lie, node: Place) -> Place {
        let (before, after) = (column(TableId::Nodes, "before"), column(TableId::Nodes, "after"));
        if let Some(&split) = lie.split.get(&node) {
            return split;
        }
        let mut row = self.cells(node).to_vec();
        if !is_one(row[before]) {
            return node;
        }
        let (table, row_beyond) = self.beyond(node.0);
        let split = (table, row_beyond + lie.split.len());
        row[after] = KoalaBear::ZERO;
        lie.rows.insert(node, row.clone());
        row[after] = KoalaBear::ONE;
        row[before] = KoalaBear::ZERO;
        lie.rows.insert(split, row);
        lie.split.insert(node, split);
        split
    }
}
