//! Column layouts: a row is a struct, declared once, and its width, names and order follow.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A group of cells of type `T` laid out one after another.
pub trait Cells<T>: Sized {
    /// How many cells.
    const WIDTH: usize;

    /// Takes the group from the front of `cells`.
    fn take(cells: &mut impl Iterator<Item = T>) -> Self;

    /// Gives the group's cells in order.
    fn put(self, cell: &mut impl FnMut(T));

    /// Appends one name per cell.
    fn names(prefix: &str, names: &mut Vec<String>);
}

impl<T> Cells<T> for T {
    const WIDTH: usize = 1;

    #[inline(always)]
    #[expect(clippy::expect_used, reason = "rows have the width their columns declare")]
    fn take(cells: &mut impl Iterator<Item = T>) -> Self {
        cells.next().expect("a row as wide as its columns")
    }

    #[inline(always)]
    fn put(self, cell: &mut impl FnMut(T)) {
        cell(self);
    }

    fn names(prefix: &str, names: &mut Vec<String>) {
        names.push(prefix.to_string());
    }
}

impl<T, const N: usize> Cells<T> for [T; N] {
    const WIDTH: usize = N;

    #[inline(always)]
    fn take(cells: &mut impl Iterator<Item = T>) -> Self {
        core::array::from_fn(|_| T::take(cells))
    }

    #[inline(always)]
    fn put(self, cell: &mut impl FnMut(T)) {
        self.into_iter().for_each(cell);
    }

    fn names(prefix: &str, names: &mut Vec<String>) {
        names.extend((0..N).map(|i| format!("{prefix}[{i}]")));
    }
}

/// Cells that can be seen where they lie in a row: one, or an array of them.
pub trait Group<T>: Cells<T> {
    /// Takes the group from the front of `cells`.
    fn view<'r>(cells: &mut &'r [T]) -> &'r Self;
}

impl<T> Group<T> for T {
    #[inline(always)]
    #[expect(clippy::expect_used, reason = "rows have the width their columns declare")]
    fn view<'r>(cells: &mut &'r [T]) -> &'r Self {
        let (cell, rest) = cells.split_first().expect("a row as wide as its columns");
        *cells = rest;
        cell
    }
}

impl<T, const N: usize> Group<T> for [T; N] {
    #[inline(always)]
    #[expect(clippy::expect_used, reason = "rows have the width their columns declare")]
    fn view<'r>(cells: &mut &'r [T]) -> &'r Self {
        let (group, rest) = cells.split_first_chunk().expect("a row as wide as its columns");
        *cells = rest;
        group
    }
}

/// Declares a struct of columns: fields are `T`, `[T; N]` or other column structs of `T`.
macro_rules! columns {
    ($($(#[$doc:meta])* pub struct $name:ident<T $(, const $w:ident: usize)?> {
        $($(#[$field_doc:meta])* pub $field:ident: $ty:ty,)*
    })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name<T $(, const $w: usize)?> {
            $($(#[$field_doc])* pub $field: $ty,)*
        }

        impl<T $(, const $w: usize)?> $crate::columns::Cells<T> for $name<T $(, $w)?> {
            const WIDTH: usize = 0 $(+ <$ty as $crate::columns::Cells<T>>::WIDTH)*;

            #[inline(always)]
            fn take(cells: &mut impl Iterator<Item = T>) -> Self {
                Self { $($field: $crate::columns::Cells::<T>::take(cells),)* }
            }

            #[inline(always)]
            fn put(self, cell: &mut impl FnMut(T)) {
                $($crate::columns::Cells::<T>::put(self.$field, cell);)*
            }

            fn names(prefix: &str, names: &mut alloc::vec::Vec<alloc::string::String>) {
                $({
                    let name = if prefix.is_empty() {
                        alloc::string::String::from(stringify!($field))
                    } else {
                        alloc::format!("{prefix}.{}", stringify!($field))
                    };
                    <$ty as $crate::columns::Cells<T>>::names(&name, names);
                })*
            }
        }
    )*};
}
pub(crate) use columns;

/// Declares a struct of columns and a view of it in a row, for rows that are too wide to be copied. Fields are `T` or
/// `[T; N]`.
macro_rules! wide_columns {
    ($(#[$doc:meta])* pub struct $name:ident<T>, $view:ident {
        $($(#[$field_doc:meta])* pub $field:ident: $ty:ty,)*
    }) => {
        $crate::columns::columns! {
            $(#[$doc])*
            pub struct $name<T> {
                $($(#[$field_doc])* pub $field: $ty,)*
            }
        }

        #[doc = concat!("[`", stringify!($name), "`] where they lie in a row.")]
        #[derive(Clone, Copy, Debug)]
        pub struct $view<'r, T> {
            $($(#[$field_doc])* pub $field: &'r $ty,)*
        }

        impl<'r, T> $view<'r, T> {
            /// The view of a row.
            #[inline(always)]
            #[must_use]
            pub fn of(mut cells: &'r [T]) -> Self {
                let cells = &mut cells;
                Self { $($field: $crate::columns::Group::<T>::view(cells),)* }
            }
        }
    };
}
pub(crate) use wide_columns;
