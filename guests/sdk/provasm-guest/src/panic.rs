//! Panics: the message goes to the log, and the run ends with the trap `unreachable`.

#[cfg(all(feature = "std", target_arch = "wasm32"))]
pub(crate) fn log_panics() {
    std::panic::set_hook(std::boxed::Box::new(|panic| crate::log!("{panic}")));
}

#[cfg(all(feature = "panic-handler", not(feature = "std"), target_arch = "wasm32"))]
#[panic_handler]
fn trap(panic: &core::panic::PanicInfo<'_>) -> ! {
    crate::log!("{panic}");
    core::arch::wasm32::unreachable()
}
