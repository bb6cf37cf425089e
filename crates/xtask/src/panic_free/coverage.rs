//! Reads from the sources which public functions a crate has, and which of them the harness calls.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use quote::ToTokens;
use syn::visit::Visit;
use syn::{Attribute, File, ImplItem, Item, Type, Visibility};

/// The part of a crate that must be covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// Every public function.
    Everything,
    /// The public functions whose names begin with one of [`VERBS`].
    #[allow(dead_code, reason = "for the crates whose accessors are many and plain")]
    Verbs,
}

/// The prefixes of the names of functions that read octets, write them, or change a state.
const VERBS: &[&str] = &[
    "accept",
    "authenticate",
    "check",
    "close",
    "compute",
    "conformance",
    "decode",
    "decrypt",
    "digest",
    "emit",
    "encode",
    "encrypt",
    "find",
    "from_str",
    "handle",
    "infer",
    "iter",
    "next",
    "open",
    "parse",
    "poll",
    "push",
    "put",
    "read",
    "resolve",
    "seal",
    "sign",
    "split",
    "to_vec",
    "try_from",
    "verify",
    "wire_len",
    "write",
];

/// The functions of traits that belong to the interface of a type.
const TRAIT_FUNCTIONS: &[(&str, &[&str])] = &[
    ("TryFrom", &["try_from"]),
    ("From", &["from"]),
    ("FromStr", &["from_str"]),
    ("Iterator", &["next", "size_hint"]),
    ("DoubleEndedIterator", &["next_back"]),
    ("IntoIterator", &["into_iter"]),
    ("Framing", &["split", "open", "close", "len_with"]),
    ("Emit", &["wire_len", "emit_into"]),
    ("Member", &["header", "decode"]),
    ("Default", &["default"]),
    ("PartialEq", &["eq"]),
    ("Hash", &["hash"]),
    ("Engine", &["handle", "handle_timeout", "poll"]),
    ("Transform", &["iv_len", "block_len", "icv_len", "seal", "open"]),
];

/// Macros that add public functions to the type that they are called with: the macro and the functions.
const MACRO_FUNCTIONS: &[(&str, &[&str])] = &[
    ("payload_body", &["parse", "parse_body", "try_from"]),
    ("attributes_payload", &["parse", "parse_body", "parse_until_error", "try_from"]),
    ("octets_payload", &["emit_into", "parse", "parse_body", "try_from", "wire_len"]),
];

/// A wrapper of the harness.
#[derive(Clone, Debug)]
pub(super) struct Wrapper {
    /// The module and the name, such as `wire::reader_take`.
    pub(super) path: String,
    /// The functions that the wrapper claims to call.
    pub(super) covers: Vec<String>,
    /// All identifiers in the body of the wrapper.
    identifiers: BTreeSet<String>,
    is_inlined: bool,
}

impl Wrapper {
    /// The faults of the wrapper itself.
    pub(super) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.covers.is_empty() {
            faults.push(format!("{}: does not say what it covers (`covers!`)", self.path));
        }
        if self.is_inlined {
            faults.push(format!("{}: is not `#[inline(never)]`", self.path));
        }
        for covered in &self.covers {
            let name = covered.rsplit("::").next().unwrap_or_default();
            if !self.identifiers.contains(name) {
                faults.push(format!("{}: says that it covers {covered}, but does not call it", self.path));
            }
        }
        faults
    }
}

/// The wrappers of the harness whose sources are in `folder`.
pub(super) fn wrappers(folder: &Path) -> Result<Vec<Wrapper>> {
    let mut wrappers = Vec::new();
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.sort();
    for path in files {
        let module = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if module == "main" {
            continue;
        }
        for item in parse(&path)?.items {
            if let Item::Fn(function) = item
                && matches!(function.vis, Visibility::Public(_))
            {
                let mut body = Body::default();
                body.visit_block(&function.block);
                collect_identifiers(function.block.to_token_stream(), &mut body.identifiers);
                wrappers.push(Wrapper {
                    path: format!("{module}::{}", function.sig.ident),
                    covers: body.covers,
                    identifiers: body.identifiers,
                    is_inlined: !function.attrs.iter().any(|attribute| {
                        attribute.path().is_ident("inline")
                            && attribute.to_token_stream().to_string().contains("never")
                    }),
                });
            }
        }
    }
    Ok(wrappers)
}

#[derive(Default)]
struct Body {
    covers: Vec<String>,
    identifiers: BTreeSet<String>,
}

impl<'ast> Visit<'ast> for Body {
    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        if call.path.is_ident("covers") {
            let paths = call.tokens.to_string().replace(char::is_whitespace, "");
            self.covers.extend(paths.split(',').filter(|path| !path.is_empty()).map(str::to_string));
        }
    }
}

/// Every identifier in `tokens`, except those that only say what is covered.
fn collect_identifiers(tokens: proc_macro2::TokenStream, into: &mut BTreeSet<String>) {
    let mut is_list = false;
    for token in tokens {
        match token {
            proc_macro2::TokenTree::Ident(ident) => {
                is_list = ident == "covers";
                into.insert(ident.to_string());
            }
            proc_macro2::TokenTree::Group(group) if !is_list => collect_identifiers(group.stream(), into),
            proc_macro2::TokenTree::Group(_) => is_list = false,
            _ => {}
        }
    }
}

/// The public functions of the crate in `folder`, as `name::module::Type::function`.
pub(super) fn public_functions(folder: &Path, name: &str, extent: Extent) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let source = folder.join("src/lib.rs");
    module(&parse(&source)?.items, &folder.join("src"), name, &mut found)?;
    if extent == Extent::Verbs {
        found.retain(|path| {
            let function = path.rsplit("::").next().unwrap_or_default();
            VERBS.iter().any(|verb| function.starts_with(verb))
        });
    }
    Ok(found)
}

fn parse(path: &Path) -> Result<File> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    syn::parse_file(&text).with_context(|| path.display().to_string())
}

fn module(items: &[Item], folder: &Path, path: &str, found: &mut BTreeSet<String>) -> Result<()> {
    let private: BTreeSet<String> = items
        .iter()
        .filter_map(|item| match item {
            Item::Struct(item) if !is_public(&item.vis) => Some(item.ident.to_string()),
            Item::Enum(item) if !is_public(&item.vis) => Some(item.ident.to_string()),
            _ => None,
        })
        .collect();
    for item in items {
        match item {
            Item::Fn(function) if is_public(&function.vis) && is_covered(&function.attrs) => {
                found.insert(format!("{path}::{}", function.sig.ident));
            }
            Item::Impl(block) if is_covered(&block.attrs) => {
                let Some(name) = type_name(&block.self_ty) else { continue };
                if private.contains(&name) {
                    continue;
                }
                let of_trait = block.trait_.as_ref().and_then(|(_, path, _)| path.segments.last());
                for item in &block.items {
                    let ImplItem::Fn(function) = item else { continue };
                    let function_name = function.sig.ident.to_string();
                    let is_interface = match of_trait {
                        None => is_public(&function.vis),
                        Some(of_trait) => TRAIT_FUNCTIONS.iter().any(|(name, functions)| {
                            of_trait.ident == name && functions.contains(&&*function_name)
                        }),
                    };
                    if is_interface && is_covered(&function.attrs) {
                        found.insert(format!("{path}::{name}::{function_name}"));
                    }
                }
            }
            Item::Trait(item) if is_public(&item.vis) && is_covered(&item.attrs) => {
                for inner in &item.items {
                    if let syn::TraitItem::Fn(function) = inner
                        && function.default.is_some()
                    {
                        found.insert(format!("{path}::{}::{}", item.ident, function.sig.ident));
                    }
                }
            }
            Item::Macro(call) => {
                let functions = MACRO_FUNCTIONS.iter().find(|(name, _)| call.mac.path.is_ident(name));
                // An attribute is punctuation and a group, so the first identifier is the type.
                let name = call.mac.tokens.clone().into_iter().find_map(|token| match token {
                    proc_macro2::TokenTree::Ident(ident) => Some(ident),
                    _ => None,
                });
                if let (Some((_, functions)), Some(name)) = (functions, name) {
                    found.extend(functions.iter().map(|function| format!("{path}::{name}::{function}")));
                }
            }
            Item::Mod(inner) if is_covered(&inner.attrs) => {
                let name = inner.ident.to_string();
                let path = format!("{path}::{name}");
                let inner_folder = folder.join(&name);
                match &inner.content {
                    Some((_, items)) => module(items, &inner_folder, &path, found)?,
                    None => {
                        let file = folder.join(format!("{name}.rs"));
                        if !file.is_file() {
                            bail!("{}: there is no such file", file.display());
                        }
                        module(&parse(&file)?.items, &inner_folder, &path, found)?;
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Whether an item exists in a plain build with `alloc`, and not only for tests, serde or defmt.
fn is_covered(attributes: &[Attribute]) -> bool {
    !attributes.iter().any(|attribute| {
        let text = attribute.to_token_stream().to_string().replace(' ', "");
        let is_conditional = attribute.path().is_ident("cfg")
            && ["test", "\"serde\"", "\"defmt\""].iter().any(|only| text.contains(only))
            && !text.contains("not(");
        is_conditional || text.contains("doc(hidden)")
    })
}

fn type_name(of: &Type) -> Option<String> {
    match of {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        Type::Reference(reference) => type_name(&reference.elem),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_functions_are_found_and_private_ones_are_not() {
        let text = "
            pub struct Packet; struct PacketLayout;
            impl Packet { pub fn parse() {} fn inner() {} pub(crate) fn near() {} #[cfg(test)] pub fn only() {} }
            impl PacketLayout { pub fn parse() {} }
            impl<'a> TryFrom<&'a [u8]> for Packet { type Error = (); fn try_from(_: &'a [u8]) -> Result<Self, ()> {} }
            impl Debug for Packet { fn fmt() {} }
            pub fn free() {}
            #[cfg(test)] mod tests { pub fn parse() {} }
            #[doc(hidden)] pub mod properties { pub fn parse() {} }
            payload_body!(Hash<'a>);
            octets_payload! { /// Text.
                Nonce { nonce_data } }
            registry! { pub struct Kind(u8) {} }
            pub mod inner { pub fn verify() {} }";
        let mut found = BTreeSet::new();
        module(&syn::parse_file(text).unwrap().items, Path::new("."), "x", &mut found).unwrap();
        let found: Vec<_> = found.into_iter().collect();
        let (made, written): (Vec<_>, Vec<_>) = found
            .iter()
            .map(String::as_str)
            .partition(|path| path.contains("Hash") || path.contains("Nonce"));
        assert_eq!(written, ["x::Packet::parse", "x::Packet::try_from", "x::free", "x::inner::verify"]);
        assert_eq!(made.len(), 3 + 5);
        assert!(made.contains(&"x::Hash::parse") && made.contains(&"x::Nonce::emit_into"), "{made:?}");
    }

    #[test]
    fn a_wrapper_that_does_not_call_what_it_covers_is_found() {
        let folder = std::env::temp_dir().join(format!("coverage-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let text = "
            #[inline(never)] pub fn good(o: &[u8]) { covers!(x::Packet::parse); Packet::parse(o) }
            #[inline(never)] pub fn wrong(o: &[u8]) { covers!(x::Packet::parse, x::free); free(o) }
            pub fn silent() {}";
        std::fs::write(folder.join("x.rs"), text).unwrap();
        let wrappers = wrappers(&folder).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        let faults: Vec<_> = wrappers.iter().map(Wrapper::faults).collect();
        assert_eq!(faults[0], Vec::<String>::new());
        assert_eq!(faults[1], ["x::wrong: says that it covers x::Packet::parse, but does not call it"]);
        assert_eq!(faults[2].len(), 2);
    }
}
