//! `id`, `disasm` and `params`.

use std::fs;

use crate::{ADD, DIV, expect_code, folder, provasm, text};

#[test]
fn ids_follow_behaviour() {
    let folder = folder("id", ADD);
    let id = |module: &str| {
        fs::write(folder.join("module.wat"), module).unwrap();
        let output = provasm(&folder, &["id", "module.wat"]);
        expect_code(&output, 0);
        let id = text(&output.stdout).to_owned();
        assert!(id.len() == 65 && id.trim_end().bytes().all(|digit| digit.is_ascii_hexdigit()), "{id}");
        id
    };
    let add = id(ADD);
    assert_eq!(id(ADD), add);
    assert_eq!(id(&ADD.replace("(func (export", "(func $named (export")), add);
    assert_ne!(id(&ADD.replace("i32.add", "i32.sub")), add);
    assert_ne!(id(&ADD.replace("\"add\"", "\"sum\"")), add);
    assert_ne!(id(DIV), add);
}

#[test]
fn a_listing_has_names_and_offsets() {
    let folder = folder("disasm", &ADD.replace("(func (export", "(func $plus (export"));
    let output = provasm(&folder, &["disasm", "module.wat"]);
    expect_code(&output, 0);
    let listing = text(&output.stdout);
    assert!(listing.contains("; entry add(i32, i32) -> i32 at @"), "{listing}");
    assert!(listing.contains("\nplus:\n"), "{listing}");
    let add = listing.lines().find(|line| line.contains("add32 r0, r0, r1")).expect("an addition");
    assert!(add.contains("; 0x"), "{add}");
}

#[test]
fn parameters_are_explained() {
    let folder = folder("params", ADD);
    let output = provasm(&folder, &["params"]);
    expect_code(&output, 0);
    let listing = text(&output.stdout);
    for part in ["koala-whir-blake3-100", "2^10 rows", "2^22 rows", "bits over all terms"] {
        assert!(listing.contains(part), "{part} in {listing}");
    }
}
