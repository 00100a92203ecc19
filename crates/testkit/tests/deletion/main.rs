//! Constraint deletion.

mod claim;
mod permutation;
mod runs;

use std::time::Instant;

use provasm_execute::Limits;
use provasm_testkit::corpus::corpus;
use provasm_testkit::delete::{Effort, Honest, Killed, Liar, Survey, Thing};
use provasm_testkit::tables::traces_of;

#[test]
fn survey() {
    let mut survey = Survey::default();
    let start = Instant::now();
    let cases = corpus();
    let all: Vec<_> = cases.iter().map(|case| (case.name.clone(), traces_of(case, Limits::default()).unwrap().1)).collect();
    let mut all = all;
    all.splice(0..0, runs::runs());
    all.extend(runs::segments());
    let phases: usize = std::env::var("PHASES").map_or(5, |p| p.parse().unwrap());
    println!("filled {:?}", start.elapsed());
    for phase in 0..phases {
        survey.tried.clear();
        survey.time.clear();
        let start = Instant::now();
        for (name, traces) in &all {
            let case = Instant::now();
            let before = survey.left().count();
            let honest = Honest::new(traces);
            survey.meet(&honest);
            if phase == 0 {
                let pins: Vec<_> = survey.left().filter(|d| matches!(d.thing, Thing::Pin(_))).collect();
                pins.into_iter().for_each(|pin| survey.kill(pin, Killed::Honest));
            }
            let w = 140;
            let effort = if phase == 0 { Effort { rows: 6, rows_in_all: 24, width: 5000, budget: 40 } } else { Effort { rows: 3, rows_in_all: if phase == 3 { 40 } else { 6 }, width: w, budget: 30 } };
            let effort = if phase == 1 { Effort { width: 5000, ..effort } } else { effort };
            match phase {
                0 => survey.lie(name, &honest, Effort{width: 400, ..effort}, |liar, deletion, place, random, kills| {
                    liar.change_cells(deletion, place, random, kills)
                }),
                1 => survey.lie(name, &honest, effort, |liar, deletion, place, _, kills| {
                    liar.access_before(deletion, place, kills)
                }),
                2 => survey.lie(name, &honest, effort, |liar, deletion, place, _, kills| {
                    liar.split_and_repair(deletion, place, kills)
                }),
                3 => survey.lie(name, &honest, effort, |liar, deletion, place, random, kills| {
                    liar.change_and_repair(deletion, place, random, kills)
                }),
                _ => survey.lie(name, &honest, effort, |liar, deletion, place, _, kills| {
                    liar.exchange_and_repair(deletion, place, kills)
                }),
            }
            if phase == 1 {
                let mut kills = Default::default();
                let liar = Liar { honest: &honest, shapes: &survey.shapes, budget: 60 };
                if name == "free pure" { permutation::nodes(&honest, &mut kills, &liar); }
                if name == "values" { claim::values_elsewhere(&liar, &mut kills); }
                if name == "trap unreachable" { claim::another_end(&liar, &mut kills); }
                if name.starts_with("segment") { claim::segment_twice(&liar, &mut kills); }
                if name == "free poseidon2" { permutation::calls(&honest, &mut kills, &liar); }
                for (deletion, lie) in kills { survey.kill(deletion, Killed::Lie(name.clone(), honest.describe(&lie))); }
            }
            if case.elapsed().as_millis() > 500 { eprintln!("{phase} {name} {before} -> {} {:?}", survey.left().count(), case.elapsed()); }
        }
        let mut times: Vec<_> = survey.time.iter().map(|(id, time)| (*time, id.name())).collect();
        times.sort();
        println!("{phase} left {} {:?} {:?}", survey.left().count(), start.elapsed(), times.iter().rev().take(12).collect::<Vec<_>>());
    }
    for deletion in claim::taken_twice() { survey.kill(deletion, Killed::Lie("taken twice".to_owned(), String::new())); }
    for (deletion, killed) in &survey.deletions {
        if let Some(Killed::Lie(name, lie)) = killed {
            println!("killed {} by {name}: {lie}", deletion.describe(&survey.shapes[&deletion.table]));
        }
    }
    for left in survey.left() {
        println!("left {}", left.describe(&survey.shapes[&left.table]));
    }
    let killed = |want: fn(&Killed) -> bool| survey.deletions.values().flatten().filter(|k| want(k)).count();
    println!("{} deletions, {} honest, {} lie", survey.deletions.len(), killed(|k| *k == Killed::Honest), killed(|k| *k != Killed::Honest));
}
