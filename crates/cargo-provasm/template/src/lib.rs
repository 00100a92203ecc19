//! Adds up the numbers in the public input, one a line, and writes the sum as the public output.

provasm_guest::entry!(main);

fn main() {
    let input = provasm_guest::input();
    let sum: u64 = String::from_utf8_lossy(&input).lines().filter_map(|line| line.trim().parse::<u64>().ok()).sum();
    provasm_guest::output(sum.to_string().as_bytes());
}
