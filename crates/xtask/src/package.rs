//! `cargo xtask package`: every publishable crate makes a package that builds on its own.

use anyhow::{Result, bail};

use crate::process;

/// Every publishable crate can be packaged, and builds from its package.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Packages a tree that holds changes not yet committed.
    #[arg(long)]
    allow_dirty: bool,
}

/// Runs the gate: cargo packages the publishable members together, so that they find each other's packages
/// though none is published yet, and builds each from what its package holds.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let metadata = process::metadata()?;
    let publishable: Vec<_> = metadata
        .workspace_packages()
        .into_iter()
        .filter(|package| !package.publish.as_ref().is_some_and(Vec::is_empty))
        .collect();
    if publishable.is_empty() {
        bail!("no publishable crate was found");
    }
    // A folder of its own each time: cargo keeps what it unpacked from a registry by the registry's place, and would
    // build a dependency as it was in an earlier run.
    let target = metadata.target_directory.join(format!("package-gate-{}", std::process::id()));
    let mut command = process::cargo(&process::root());
    command.arg("package").arg("--target-dir").arg(&target);
    for package in &publishable {
        command.args(["--package", package.name.as_str()]);
    }
    if arguments.allow_dirty {
        command.arg("--allow-dirty");
    }
    let result = process::check(&mut command).and_then(|()| sizes(&publishable, &target.join("package")));
    // Nothing else uses it; that it stays behind would harm nobody.
    let _ = std::fs::remove_dir_all(&target);
    result?;
    println!("package: {} crates packaged and built", publishable.len());
    Ok(())
}

/// Prints how large each package is.
fn sizes(publishable: &[&cargo_metadata::Package], folder: &cargo_metadata::camino::Utf8Path) -> Result<()> {
    for package in publishable {
        let file = folder.join(format!("{}-{}.crate", package.name, package.version));
        let Ok(meta) = std::fs::metadata(&file) else { bail!("{file} was not made") };
        println!("{} {}: {} octets", package.name, package.version, meta.len());
    }
    Ok(())
}
