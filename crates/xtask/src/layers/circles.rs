//! Finds circles of files. Inside a crate, the files that a file uses must not use that file again, directly or
//! through others.
//!
//! A file uses another file when it imports one of its items, or names it by a path that begins with `crate`, `super`
//! or `self`. A module that declares the files below it, or re-exports their items with `pub use`, does not use them:
//! a path is followed to the file that defines the item. Tests and properties are left out, because they use
//! everything.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use syn::visit::{self, Visit};

use crate::process;

/// The path of a module: the names from the root of its crate.
type Module = Vec<String>;

/// A file of a crate.
struct File {
    /// The path of the file below `src`.
    path: String,
    /// The paths that the file names, from the root of the crate.
    used: BTreeSet<Module>,
    /// The names that the file re-exports, and the paths of their items.
    shown: BTreeMap<String, Module>,
}

/// The circles of the crate with sources in `src`. Each is the sorted list of the paths of its files.
pub(super) fn find(src: &Path) -> Result<(usize, Vec<Vec<String>>)> {
    let files: BTreeMap<_, _> =
        process::sources(src)?.iter().map(|path| read(src, path)).collect::<Result<_>>()?;
    Ok((files.len(), circles(&edges(&files))))
}

/// Reads a file.
fn read(src: &Path, path: &Path) -> Result<(Module, File)> {
    let below = path.strip_prefix(src).unwrap_or(path);
    let mut module: Module =
        below.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if module == ["lib"] || module == ["main"] {
        module.clear();
    }
    let syntax = syn::parse_file(&fs::read_to_string(path)?).with_context(|| path.display().to_string())?;
    let mut reader = Reader::new(module.clone());
    reader.visit_file(&syntax);
    Ok((module, File { path: below.display().to_string(), used: reader.used, shown: reader.shown }))
}

/// Finds the paths in a file.
struct Reader {
    /// The current module: the module of the file, or one that is written inside it.
    module: Module,
    used: BTreeSet<Module>,
    shown: BTreeMap<String, Module>,
}

impl Reader {
    fn new(module: Module) -> Self {
        Self { module, used: BTreeSet::new(), shown: BTreeMap::new() }
    }

    /// The path from the root of the crate. `None` when it begins in another crate, or at a name that the file
    /// defines.
    fn resolve(&self, segments: &[String]) -> Option<Module> {
        let mut at = self.module.clone();
        let mut segments = segments.iter().peekable();
        match segments.peek()?.as_str() {
            "crate" => {
                at.clear();
                segments.next();
            }
            "self" => {
                segments.next();
            }
            "super" => {
                while segments.next_if(|segment| *segment == "super").is_some() {
                    at.pop()?;
                }
            }
            // This may be a module below the current one. Whether there is such a file is decided later.
            _ => {}
        }
        at.extend(segments.cloned());
        Some(at)
    }

    fn tree(&mut self, tree: &syn::UseTree, before: &[String], is_shown: bool) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.tree(&path.tree, &with(&path.ident), is_shown),
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.tree(tree, before, is_shown));
            }
            syn::UseTree::Name(name) if name.ident == "self" => self.take(before, None, is_shown),
            syn::UseTree::Name(name) => self.take(&with(&name.ident), None, is_shown),
            syn::UseTree::Rename(rename) => {
                self.take(&with(&rename.ident), Some(rename.rename.to_string()), is_shown);
            }
            syn::UseTree::Glob(_) => self.take(before, None, false),
        }
    }

    fn take(&mut self, path: &[String], rename: Option<String>, is_shown: bool) {
        let Some(resolved) = self.resolve(path) else { return };
        match (is_shown, rename.or_else(|| path.last().cloned())) {
            (true, Some(name)) => {
                self.shown.insert(name, resolved);
            }
            _ => {
                self.used.insert(resolved);
            }
        }
    }
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.meta.require_list().is_ok_and(|list| {
                let text = list.tokens.to_string();
                text == "test" || text.contains("test ,") || text.contains("fuzzing")
            })
    })
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let is_shown = !matches!(item.vis, syn::Visibility::Inherited);
        if item.leading_colon.is_none() && !is_test(&item.attrs) {
            self.tree(&item.tree, &[], is_shown);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if is_test(&item.attrs) {
            return;
        }
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !is_test(&item.attrs) {
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() && path.segments.len() > 1 {
            let segments: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            self.used.extend(self.resolve(&segments));
        }
        visit::visit_path(self, path);
    }
}

/// The file that defines the item of a path. Re-exports are followed.
fn file_of(files: &BTreeMap<Module, File>, path: &[String], steps: usize) -> Option<Module> {
    let at = (0..=path.len()).rev().map(|len| &path[..len]).find(|module| files.contains_key(*module))?;
    match path.get(at.len()).and_then(|name| files[at].shown.get(name)) {
        // The local name of another crate's item belongs to no file of this crate.
        Some(target) if steps > 0 => {
            let rest = [&target[..], &path[at.len() + 1..]].concat();
            file_of(files, &rest, steps - 1).filter(|file| file.as_slice() != at)
        }
        _ => Some(at.to_vec()),
    }
}

/// For each file, the files that it uses.
fn edges(files: &BTreeMap<Module, File>) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut edges = BTreeMap::new();
    for (module, file) in files {
        let to: &mut BTreeSet<&str> = edges.entry(file.path.as_str()).or_default();
        for path in &file.used {
            let Some(target) = file_of(files, path, 8) else { continue };
            if target != *module {
                to.insert(files[&target].path.as_str());
            }
        }
    }
    edges
}

/// The sets of files that use each other. Each has more than one file.
fn circles(edges: &BTreeMap<&str, BTreeSet<&str>>) -> Vec<Vec<String>> {
    let reach = |from: &str| {
        let mut seen = BTreeSet::new();
        let mut next: Vec<&str> = edges[from].iter().copied().collect();
        while let Some(file) = next.pop() {
            if seen.insert(file) {
                next.extend(edges.get(file).into_iter().flatten());
            }
        }
        seen
    };
    let reached: BTreeMap<&str, BTreeSet<&str>> = edges.keys().map(|file| (*file, reach(file))).collect();
    let mut found = BTreeSet::new();
    for (file, all) in &reached {
        if all.contains(file) {
            let circle = all.iter().filter(|other| reached[*other].contains(file));
            found.insert(circle.map(|other| (*other).to_owned()).collect::<Vec<_>>());
        }
    }
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<Vec<String>> {
        let mut all = BTreeMap::new();
        for (path, text) in files {
            let mut module: Module = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
            if module == ["lib"] {
                module.clear();
            }
            let mut reader = Reader::new(module.clone());
            reader.visit_file(&syn::parse_file(text).unwrap());
            let path = (*path).to_owned();
            all.insert(module, File { path, used: reader.used, shown: reader.shown });
        }
        circles(&edges(&all))
    }

    #[test]
    fn files_that_use_each_other_are_a_circle_however_far_around() {
        let two =
            [("lib.rs", "mod a; mod b;"), ("a.rs", "use crate::b::B;"), ("b.rs", "fn f(a: super::a::A) {}")];
        assert_eq!(found(&two), [["a.rs", "b.rs"]]);
        let three = [
            ("a.rs", "use crate::b::B;"),
            ("b.rs", "use crate::c;"),
            ("c.rs", "use crate::{a::{A, X}};"),
            ("lib.rs", ""),
        ];
        assert_eq!(found(&three), [["a.rs", "b.rs", "c.rs"]]);
        let child = [
            ("lib.rs", "mod a;"),
            ("a.rs", "mod b; fn f() { b::g() } pub struct A;"),
            ("a/b.rs", "use super::A;"),
        ];
        assert_eq!(found(&child), [["a.rs", "a/b.rs"]]);
    }

    #[test]
    fn one_way_is_no_circle_and_neither_is_what_a_root_shows() {
        let shown = [
            ("lib.rs", "mod a; mod b; pub use a::A; pub use b::B; pub use other::C;"),
            ("a.rs", "use crate::B; use crate::C; use std::fmt;"),
            ("b.rs", "use other::x::Y; use self::inner::Z; mod inner { pub struct Z; }"),
        ];
        assert_eq!(found(&shown), [[""; 0]; 0]);
        let nested = [
            ("lib.rs", "mod a;"),
            ("a.rs", "mod b; mod c; pub(crate) use b::B; pub(crate) use c::C;"),
            ("a/b.rs", "use super::C;"),
            ("a/c.rs", "pub struct C; #[cfg(test)] mod tests { use super::*; use crate::a::B; }"),
        ];
        assert_eq!(found(&nested), [[""; 0]; 0]);
    }
}
