//! Nothing but a place for the test that compares the guests' native results with `wasm/expected.txt`.
