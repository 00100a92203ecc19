//! Where a program begins.

/// Names the function that the program consists of, a `fn()`. It becomes the exported function `main`.
///
/// The crate has the type `cdylib`. A panic in the program is a trap; its message goes to the log.
#[macro_export]
macro_rules! entry {
    ($main:path) => {
        const _: () = {
            #[cfg(target_arch = "wasm32")]
            #[unsafe(export_name = "main")]
            extern "C" fn provasm_guest_main() {
                $crate::start($main)
            }
            // Elsewhere the function is what tests call.
            #[cfg(not(target_arch = "wasm32"))]
            const _: fn() = $main;
        };
    };
}

#[doc(hidden)]
pub fn start(main: fn()) {
    #[cfg(all(feature = "std", target_arch = "wasm32"))]
    crate::panic::log_panics();
    main();
}
