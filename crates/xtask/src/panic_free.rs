//! `cargo xtask panic-free` checks that no public function of a codec reaches a panic.
//!
//! The harness (`crates/xtask/panic-free-harness`) holds one wrapper for each public function or small group of them,
//! with concrete types and `inline(never)`. It is built in release with fat LTO, so that one assembly file holds
//! everything that a wrapper can reach, including the standard library. Overflow checks are on. From each wrapper this
//! gate follows every symbol that the code names, including tables of function pointers. It fails on a panic, on a
//! call with a target that it cannot see, and on a symbol that the file does not define.
//!
//! A new crate needs a dependency and a file of wrappers in the harness, and a line in [`COVERED`].

mod assembly;
mod coverage;
mod registers;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::layers;
use crate::process::{self, matches};
use assembly::{Assembly, Fault};
use coverage::Extent;

/// The crates whose public functions must have wrappers.
const COVERED: &[(&str, Extent)] = &[
    ("wire", Extent::Everything),
    ("sansio", Extent::Everything),
    ("hsrp", Extent::Everything),
    ("gre", Extent::Everything),
    ("nhrp", Extent::Everything),
    ("sctp", Extent::Verbs),
    ("hasync", Extent::Verbs),
    ("isakmp", Extent::Everything),
    ("ikev1", Extent::Everything),
    ("crypto", Extent::Verbs),
    ("ipsec", Extent::Verbs),
];

/// The functions that a wrapper need not call: the path and the reason.
const EXEMPT: &[(&str, &str)] = &[
    ("crypto::dh::*", "it is behind a feature and uses num-bigint, which allocates; no packet reaches it"),
    ("ikev1::transcript::observer::*", "only a dissector uses it, and it allocates; no endpoint calls it"),
];

/// The functions at which the walk ends: the caller, the callee and the reason. The caller is `*` or the path of a
/// wrapper.
const TRUSTED: &[(&str, &str, &str)] = &[
    (
        "*_to_vec",
        "alloc::raw_vec::*",
        "it allocates the memory that it returns, and the allocator handles a lack of memory",
    ),
    ("*_to_vec", "calloc", "the same"),
    (
        "sctp::*",
        "crc::crc32::update_table*",
        "it indexes tables of 256 with an octet, and a chunk of sixteen octets below 16; the compiler keeps the checks",
    ),
    ("*_to_vec", "free", "the same"),
    ("*_to_vec", "malloc", "the same"),
    (
        "ikev1_transcript::transcript_*",
        "alloc::raw_vec::*",
        "it allocates memory for bodies of bounded length, and the allocator handles a lack of memory",
    ),
    ("ikev1_transcript::transcript_*", "<alloc::raw_vec::*", "the same"),
    ("ikev1_transcript::transcript_*", "posix_memalign", "the same"),
    ("ikev1_transcript::transcript_*", "malloc", "the same"),
    ("ikev1_transcript::transcript_*", "free", "the same"),
    ("ikev1_transcript::transcript_*", "realloc", "the same"),
    (
        "sansio::*_with_capacity",
        "malloc",
        "`try_reserve_exact` asks the allocator, so a lack of memory is an error and not a panic",
    ),
    ("sansio::*_with_capacity", "realloc", "the same"),
    ("sansio::*_with_capacity", "posix_memalign", "the same"),
    ("sansio::*_with_capacity", "free", "it frees the first half if there is no memory for the second"),
    (
        "*",
        "sha2::sha512::x86_avx2::compress",
        "it indexes the schedule and the round constants by the counters of its loop; the compiler keeps the checks",
    ),
    (
        "*",
        "aes::backends::soft::fixslice::*",
        "it indexes the round keys, arrays of fixed length, by the counters of its loops; the compiler keeps the checks",
    ),
    (
        "*",
        "<poly1305::backend::avx2::State>::*",
        "it asserts that fewer than four blocks wait and that none is partial, which its own counter ensures",
    ),
    (
        "ikev1::protection_open",
        "core::slice::index::slice_index_fail",
        "AES-256 in software takes eight of its 120 words of round keys at offsets that its loop counts",
    ),
    (
        "ikev1::encryption_key_decrypt",
        "core::slice::index::slice_index_fail",
        "the same, inlined: AES-256 in software takes eight of its 120 words of round keys at offsets that its loop counts",
    ),
];

/// Panics of a named dependency that the compiler put into one of our functions, which has no index itself: the
/// function, the panic and the reason.
const INLINED: &[(&str, &str, &str)] = &[
    (
        "<vpnwire_crypto::cipher::block::Aes* as vpnwire_crypto::cipher::block::sealed::Blocks>::unchain",
        "core::slice::index::slice_index_fail",
        "AES in software takes eight words of round keys at offsets that its loop counts",
    ),
    (
        "panic_free_harness::crypto::aes_256_cbc",
        "core::slice::index::slice_index_fail",
        "the same, inlined further",
    ),
    (
        "<vpnwire_ipsec::suite::any_transform::AnyTransform as vpnwire_ipsec::transform::Transform>::open",
        "core::slice::index::slice_index_fail",
        "the same",
    ),
];

/// Functions that call a function that their caller passes: the function, and the description of what it calls.
const GIVEN: &[(&str, &str)] = &[
    (
        "<vpnwire_ipsec::esp::outbound::OutboundSa<*>>::seal_in_place*",
        "the random source of an initialization vector",
    ),
    ("vpnwire_ipsec::esp::outbound::write_iv", "the same"),
];

/// Functions from outside the file (libc, compiler builtins): the name and the reason.
const LEAVES: &[(&str, &str)] = &[
    ("memcpy", "it copies octets, and the compiler has checked their bounds"),
    ("memmove", "it copies octets, and the compiler has checked their bounds"),
    ("memset", "it fills octets, and the compiler has checked their bounds"),
    ("memcmp", "it compares octets, and the compiler has checked their bounds"),
    ("bcmp", "it compares octets, and the compiler has checked their bounds"),
];

/// Parts of the demangled names of functions in which a panic, or an abort without one, ends.
const PANICS: &[&str] = &[
    "core::panicking::",
    "core::option::expect_failed",
    "core::option::unwrap_failed",
    "core::result::unwrap_failed",
    "core::slice::index::slice_",
    "core::slice::copy_from_slice_impl",
    "core::str::slice_error_fail",
    "core::cell::panic_",
    "alloc::raw_vec::capacity_overflow",
    "alloc::raw_vec::handle_error",
    "alloc::alloc::handle_alloc_error",
    "std::panicking::",
    "std::process::abort",
    "rust_begin_unwind",
    "rust_panic",
    "rust_alloc_error_handler",
    "_Unwind_Resume",
];

/// Check that no public function of a codec reaches a panic.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Read this assembly file instead of building the harness.
    #[arg(long)]
    assembly: Option<PathBuf>,
}

/// Runs the gate.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let harness = process::root().join("crates/xtask/panic-free-harness");
    let file = match &arguments.assembly {
        Some(file) => file.clone(),
        None => build(&harness)?,
    };
    let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let assembly = Assembly::parse(&text);
    let wrappers = coverage::wrappers(&harness.join("src"))?;
    let (planted, wrappers): (Vec<_>, Vec<_>) =
        wrappers.into_iter().partition(|wrapper| wrapper.path.starts_with("planted::"));
    let mut faults = Vec::new();

    let symbols = wrapper_symbols(&assembly);
    let mut used = BTreeSet::new();
    let mut walked = BTreeSet::new();
    for wrapper in &wrappers {
        let Some(symbol) = symbols.get(&wrapper.path) else {
            faults.push(format!("{}: the wrapper has no symbol in the assembly", wrapper.path));
            continue;
        };
        for fault in walk(&assembly, &wrapper.path, symbol, &mut used, &mut walked) {
            faults.push(format!("{}: {fault}", wrapper.path));
        }
        faults.extend(wrapper.faults());
    }
    for wrapper in &planted {
        let found = symbols.get(&wrapper.path).is_some_and(|symbol| {
            !walk(&assembly, &wrapper.path, symbol, &mut BTreeSet::new(), &mut BTreeSet::new()).is_empty()
        });
        if !found {
            faults.push(format!("{}: the planted fault was not found", wrapper.path));
        }
    }

    let mut functions = 0;
    let mut covered: BTreeSet<&str> = wrappers.iter().flat_map(|w| &w.covers).map(String::as_str).collect();
    for (name, extent) in COVERED {
        let public = coverage::public_functions(&process::root().join("crates").join(name), name, *extent)?;
        if public.is_empty() {
            faults.push(format!("{name}: no public function was found"));
        }
        for path in &public {
            functions += 1;
            if !covered.remove(path.as_str()) && !EXEMPT.iter().any(|(exempt, _)| matches(exempt, path)) {
                faults.push(format!("{path}: no wrapper calls it"));
            }
        }
        if *extent == Extent::Verbs {
            let every = coverage::public_functions(
                &process::root().join("crates").join(name),
                name,
                Extent::Everything,
            )?;
            covered.retain(|path| !every.contains(*path));
        }
    }
    faults.extend(
        covered.iter().map(|path| format!("{path}: covered by a wrapper, but no such public function")),
    );
    for folder in layers::without_std(&process::metadata()?) {
        let name = folder.rsplit('/').next().unwrap_or_default();
        if !COVERED.iter().any(|(covered, _)| *covered == name) {
            faults.push(format!(
                "{folder}: not in the table of crates covered (crates/xtask/src/panic_free.rs)"
            ));
        }
    }
    for (caller, callee, reason) in TRUSTED {
        if used.contains(*callee) {
            println!("trusted: {caller} -> {callee}: {reason}");
        } else {
            faults
                .push(format!("{caller} -> {callee}: the list trusts this call, but no wrapper reaches it"));
        }
    }

    for (of, what, reason) in
        INLINED.iter().copied().chain(GIVEN.iter().map(|(of, what)| (*of, *what, "the caller's")))
    {
        if used.contains(of) {
            println!("trusted: {of} -> {what}: {reason}");
        } else {
            faults.push(format!("{of} -> {what}: the list trusts this call, but no wrapper reaches it"));
        }
    }

    for fault in &faults {
        println!("{fault}");
    }
    println!(
        "panic-free: {} wrappers for {functions} public functions, {} functions walked, {} planted faults, {} faults",
        wrappers.len(),
        walked.len(),
        planted.len(),
        faults.len()
    );
    if wrappers.is_empty() || planted.is_empty() {
        bail!("panic-free: no wrapper or no planted fault was found");
    }
    if !faults.is_empty() {
        bail!("panic-free: {} faults", faults.len());
    }
    Ok(())
}

/// Builds the harness, and returns the path of its assembly file.
fn build(harness: &Path) -> Result<PathBuf> {
    if !cfg!(target_arch = "x86_64") {
        bail!("the assembly is read for x86-64 only");
    }
    let target = process::metadata()?.target_directory.into_std_path_buf().join("panic-free");
    std::fs::create_dir_all(&target)?;
    let file = target.join("harness.s");
    let _ = std::fs::remove_file(&file);
    let manifest = harness.join("Cargo.toml");
    // If the build is up to date, cargo would not write the file again.
    process::check(
        process::cargo(harness)
            .args(["clean", "--quiet", "--release", "--package", "panic-free-harness", "--manifest-path"])
            .arg(&manifest)
            .arg("--target-dir")
            .arg(&target),
    )?;
    process::check(
        process::cargo(harness)
            .args(["rustc", "--quiet", "--release", "--manifest-path"])
            .arg(&manifest)
            .arg("--target-dir")
            .arg(&target)
            .args(["--", "--emit"])
            .arg(format!("asm={}", file.display()))
            .env("RUSTFLAGS", "-C symbol-mangling-version=v0"),
    )?;
    Ok(file)
}

/// The symbol of every function of the harness, by the path of the function.
fn wrapper_symbols(assembly: &Assembly) -> BTreeMap<String, String> {
    let mut symbols = BTreeMap::new();
    for symbol in assembly.functions() {
        if let Some(path) = demangle(symbol).strip_prefix("panic_free_harness::") {
            symbols.insert(path.to_string(), symbol.to_string());
        }
    }
    symbols
}

fn demangle(symbol: &str) -> String {
    format!("{:#}", rustc_demangle::demangle(symbol))
}

/// Follows everything that a wrapper can reach, and returns the faults, each with the way to it.
fn walk(
    assembly: &Assembly,
    wrapper: &str,
    start: &str,
    used: &mut BTreeSet<&'static str>,
    walked: &mut BTreeSet<String>,
) -> Vec<String> {
    let mut faults = Vec::new();
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut open = vec![start];
    let mut seen: BTreeSet<&str> = open.iter().copied().collect();
    while let Some(symbol) = open.pop() {
        let name = demangle(symbol);
        let way = || {
            let mut way = vec![name.clone()];
            let mut at = symbol;
            while let Some(from) = came_from.get(at) {
                way.push(demangle(from));
                at = from;
            }
            way.reverse();
            way.join(" -> ")
        };
        if symbol != start
            && let Some((_, callee, _)) =
                TRUSTED.iter().find(|(caller, callee, _)| matches(caller, wrapper) && matches(callee, &name))
        {
            used.insert(*callee);
            continue;
        }
        if let Some(from) = came_from.get(symbol).map(|from| demangle(from))
            && let Some((of, _, _)) =
                INLINED.iter().find(|(of, panic, _)| matches(of, &from) && matches(panic, &name))
        {
            used.insert(*of);
            continue;
        }
        if PANICS.iter().any(|panic| name.contains(panic)) {
            faults.push(format!("reaches a panic: {}", way()));
            continue;
        }
        let Some(body) = assembly.get(symbol) else {
            if !LEAVES.iter().any(|(leaf, _)| *leaf == symbol) {
                faults.push(format!("reaches a symbol that is not in the assembly: {}", way()));
            }
            continue;
        };
        if body.is_function {
            walked.insert(symbol.to_string());
        }
        for fault in &body.faults {
            match fault {
                Fault::Indirect(line) => {
                    if let Some((of, _)) = GIVEN.iter().find(|(of, _)| matches(of, &name)) {
                        used.insert(*of);
                        continue;
                    }
                    faults.push(format!("makes a call whose target cannot be seen (`{line}`): {}", way()));
                }
                Fault::Trap => faults.push(format!("can trap (ud2): {}", way())),
            }
        }
        for target in &body.targets {
            if seen.insert(target) {
                came_from.insert(target, symbol);
                open.push(target);
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        walk(&Assembly::parse(text), "w", "w", &mut BTreeSet::new(), &mut BTreeSet::new())
    }

    fn function(name: &str, body: &str) -> String {
        format!(
            "\t.type\t{name},@function\n{name}:\n{body}\n.Lfunc_end:\n\t.size\t{name}, .Lfunc_end-{name}\n"
        )
    }

    #[test]
    fn calls_are_followed_to_the_panic() {
        let panic = "_RNvNtCsgEmfK2I1SDS_4core9panicking9panic_fmt";
        let text = function("w", "\tcallq\thelper\n\tretq")
            + &function("helper", &format!("\tcmpq $1, %rax\n\tjmp\t{panic}"))
            + &function(panic, "\tretq");
        assert_eq!(faults(&text), ["reaches a panic: w -> helper -> core::panicking::panic_fmt"]);
        assert_eq!(faults(&function("w", "\tretq")), Vec::<String>::new());
    }

    #[test]
    fn function_pointers_and_tables_of_them_are_followed() {
        let panic = function("rust_panic", "\tretq");
        for body in
            ["\tleaq\trust_panic(%rip), %rax", "\tmovq\trust_panic@GOTPCREL(%rip), %rax", "\tjne\trust_panic"]
        {
            assert_eq!(
                faults(&(function("w", body) + &panic)),
                ["reaches a panic: w -> rust_panic"],
                "{body}"
            );
        }
        let table = "\t.type\t.Lvtable,@object\n\t.section\t.data.rel.ro\n.Lvtable:\n\t.quad\t8\n\t.quad\trust_panic\n\t.size\t.Lvtable, 16\n";
        let text = function("w", "\tleaq\t.Lvtable(%rip), %rdi") + table + &panic;
        assert_eq!(faults(&text), ["reaches a panic: w -> .Lvtable -> rust_panic"]);
        let alias = function("w", "\tcallq\tother") + &panic + "\t.set other, rust_panic\n";
        assert_eq!(faults(&alias), ["reaches a panic: w -> other -> rust_panic"]);
    }

    #[test]
    fn what_cannot_be_seen_is_a_fault() {
        assert_eq!(
            faults(&function("w", "\tcallq\t*24(%rax)")),
            ["makes a call whose target cannot be seen (`callq *24(%rax)`): w"]
        );
        assert_eq!(
            faults(&function("w", "\tjmpq\t*%rax")),
            ["makes a call whose target cannot be seen (`jmpq *%rax`): w"]
        );
        assert_eq!(
            faults(&function("w", "\tcallq\t*strlen@GOTPCREL(%rip)")),
            ["reaches a symbol that is not in the assembly: w -> strlen"]
        );
        assert_eq!(faults(&function("w", "\tcallq\tmemcpy@PLT")), Vec::<String>::new());
        assert_eq!(faults(&function("w", "\tud2")), ["can trap (ud2): w"]);
    }

    #[test]
    fn a_jump_table_is_no_hidden_call() {
        let table = "\tleaq\t.LJTI0_0(%rip), %rcx\n\tmovslq\t(%rcx,%rax,4), %rax\n\taddq\t%rcx, %rax\n\tjmpq\t*%rax\n.LBB0_1:\n\tretq";
        assert_eq!(faults(&function("w", table)), Vec::<String>::new());
        let tail = format!("{table}\n\tmovq\t40(%rsi), %rax\n\tjmpq\t*%rax");
        assert_eq!(
            faults(&function("w", &tail)),
            ["makes a call whose target cannot be seen (`jmpq *%rax`): w"]
        );
    }
}
