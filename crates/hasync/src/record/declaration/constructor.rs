//! The constructors of records.

/// The constructor of a record: `default`, or `new` with the mandatory fields.
macro_rules! constructor {
    (default $name:ident $(<$lifetime:lifetime>)? { $($fields:tt)* }) => {
        /// Every field is zero, empty or `None` until it is set. A mandatory field that is not set is sent so, and an
        /// optional one is not sent.
        impl $(<$lifetime>)? Default for $name $(<$lifetime>)? {
            fn default() -> Self {
                Attributed::unset()
            }
        }
    };
    (new $name:ident $(<$lifetime:lifetime>)? { $($fields:tt)* }) => {
        impl $(<$lifetime>)? $name $(<$lifetime>)? {
            constructor! { @sort () [] $($fields)* }
        }
    };
    (@sort ($($done:tt)*) [$($left:ident)*] $field:ident: required $ty:ty, $($rest:tt)*) => {
        constructor! { @sort ($($done)* $field: $ty,) [$($left)*] $($rest)* }
    };
    (@sort ($($done:tt)*) [$($left:ident)*] $field:ident: one_or_more $ty:ty, $($rest:tt)*) => {
        constructor! {
            @sort ($($done)* $field: crate::record::declaration::field!(one_or_more $ty),) [$($left)*] $($rest)*
        }
    };
    (@sort ($($done:tt)*) [$($left:ident)*] $field:ident: $kind:ident $ty:ty, $($rest:tt)*) => {
        constructor! { @sort ($($done)*) [$($left)* $field] $($rest)* }
    };
    (@sort ($($field:ident: $ty:ty,)*) []) => {
        constructor! { @new "Makes a record from its fields, which are all mandatory.", $($field: $ty,)* }
    };
    (@sort ($($field:ident: $ty:ty,)*) [$($left:ident)+]) => {
        constructor! {
            @new
            concat!(
                "Makes a record from its mandatory fields. The others are absent or empty until they are set:\n",
                $( "\n* `", stringify!($left), "`", )+
            ),
            $($field: $ty,)*
        }
    };
    (@new $doc:expr, $($field:ident: $ty:ty,)*) => {
        #[doc = $doc]
        #[must_use]
        pub fn new($($field: $ty),*) -> Self {
            let mut record = <Self as Attributed<'_>>::unset();
            $( record.$field = $field; )*
            record
        }
    };
}

pub(crate) use constructor;
