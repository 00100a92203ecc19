//! The program's allocator, by feature: `dlmalloc`, else `bump`, else the one that the program brings.

#[cfg(feature = "dlmalloc")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

#[cfg(all(feature = "bump", not(feature = "dlmalloc")))]
#[global_allocator]
static ALLOCATOR: bump::Bump = bump::Bump::new();

#[cfg(all(feature = "bump", not(feature = "dlmalloc")))]
mod bump;
