//! Call stacks as a picture: a flamegraph in SVG, the outermost functions at the top.
//!
//! The picture needs no script: a function's name and numbers show when the pointer rests on it.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::stacks::{Stack, Stacks};
use crate::symbols::{Frame, FrameKind};

/// Units across the picture.
const WIDTH: f64 = 1200.0;
/// Height of a function.
const ROW: usize = 18;
/// Space around the functions.
const MARGIN: usize = 10;
/// Space for the title.
const TITLE: usize = 40;
/// Functions narrower than this are left out.
const WIDTH_MIN: f64 = 0.4;
/// Width of a character, about.
const CHARACTER: f64 = 6.7;

/// A picture of where the cells go. As wide as a function is drawn is what it and everything that it called cost.
#[must_use]
pub fn flamegraph(stacks: &Stacks, title: &str) -> String {
    let mut picture = Picture { stacks, children: BTreeMap::new(), rectangles: String::new(), depth: 0, cells: 0 };
    for (stack, number) in stacks.stacks.iter().zip(0..) {
        picture.children.entry(stack.caller).or_default().push((number, stack));
        picture.cells += stack.own.cells;
    }
    picture.draw();
    picture.into_svg(title)
}

struct Picture<'s> {
    stacks: &'s Stacks,
    /// Stacks by that of their caller.
    children: BTreeMap<Option<u32>, Vec<(u32, &'s Stack)>>,
    rectangles: String,
    depth: usize,
    cells: u64,
}

impl Picture<'_> {
    fn draw(&mut self) {
        // Stacks whose callees are to be drawn: how deep they are, and the cells to the left of them.
        let mut pending = vec![(None, 0, 0)];
        while let Some((caller, depth, mut left)) = pending.pop() {
            let mut children = self.children.remove(&caller).unwrap_or_default();
            children.sort_by_key(|(number, stack)| (std::cmp::Reverse(stack.total.cells), *number));
            for (number, stack) in children {
                if self.width(stack.total.cells) < WIDTH_MIN {
                    break;
                }
                if let Some(frame) = self.stacks.frames.get(stack.frame as usize) {
                    self.rectangle(frame, stack, depth, left);
                }
                pending.push((Some(number), depth + 1, left));
                left += stack.total.cells;
            }
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a picture is less precise")]
    fn width(&self, cells: u64) -> f64 {
        WIDTH * cells as f64 / self.cells.max(1) as f64
    }

    fn rectangle(&mut self, frame: &Frame, stack: &Stack, depth: usize, left: u64) {
        self.depth = self.depth.max(depth + 1);
        let margin = u32::try_from(MARGIN).map_or(0.0, f64::from);
        let (x, width) = (margin + self.width(left), self.width(stack.total.cells));
        let y = TITLE + depth * ROW;
        let share = 100.0 * width / WIDTH;
        let (name, colour) = (escaped(&frame.name), colour(frame));
        let (total, own) = (stack.total.cells, stack.own.cells);
        let kind = match frame.kind {
            FrameKind::Function | FrameKind::NoRoom => "",
            FrameKind::Inlined => ", inlined",
            FrameKind::Routine => ", routine",
        };
        let written = writeln!(
            self.rectangles,
            "<g><title>{name}{kind}: {total} cells, {share:.2} %, own {own}</title>\
             <rect x=\"{x:.2}\" y=\"{y}\" width=\"{width:.2}\" height=\"{}\" rx=\"2\" fill=\"{colour}\"/>\
             <text x=\"{:.2}\" y=\"{}\">{}</text></g>",
            ROW - 1,
            x + 3.0,
            y + ROW - 5,
            escaped(&fitting(&frame.name, width - 6.0)),
        );
        debug_assert!(written.is_ok(), "writing to a string");
    }

    fn into_svg(self, title: &str) -> String {
        let (width, height) = (1200 + 2 * MARGIN, TITLE + self.depth * ROW + MARGIN);
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" font-family=\"monospace\" font-size=\"11\">\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#fdfdfb\"/>\n\
             <text x=\"{MARGIN}\" y=\"24\" font-size=\"15\">{}</text>\n{}</svg>\n",
            escaped(title),
            self.rectangles
        )
    }
}

/// As much of a name as fits into this width.
fn fitting(name: &str, width: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most the picture's width")]
    let characters = (width / CHARACTER).max(0.0) as usize;
    match name.chars().count() {
        count if count <= characters => name.to_owned(),
        _ if characters < 3 => String::new(),
        _ => name.chars().take(characters - 1).chain(['…']).collect(),
    }
}

/// A function has the same colour wherever it is; what kind it is decides between orange, green and blue.
fn colour(frame: &Frame) -> String {
    let hash =
        frame.name.bytes().fold(2_166_136_261u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(16_777_619));
    let (strong, weak) = (hash % 20, hash / 64 % 50);
    let (red, green, blue) = match frame.kind {
        FrameKind::Function => (230 + strong, 150 + weak, 80 + weak / 2),
        FrameKind::Inlined => (150 + weak, 205 + strong, 110 + weak / 2),
        FrameKind::Routine => (130 + weak, 175 + weak / 2, 225 + strong),
        FrameKind::NoRoom => (200, 200, 200),
    };
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Text as XML has it. Characters that XML does not have are left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            _ if character.is_control() => {}
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit() {
        let check = |name: &str, width: f64, expect: &str| assert_eq!(fitting(name, width), expect);
        check("main", 100.0, "main");
        check("main", 25.0, "ma…");
        check("main", 5.0, "");
        check("main", -5.0, "");
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(escaped("<T as \"U\">::f & g\u{1}\n"), "&lt;T as &quot;U&quot;&gt;::f &amp; g");
    }
}
