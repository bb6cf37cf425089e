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
    let mut command = process::cargo(&process::root());
    command.arg("package");
    for package in &publishable {
        command.args(["--package", package.name.as_str()]);
    }
    if arguments.allow_dirty {
        command.arg("--allow-dirty");
    }
    process::check(&mut command)?;
    let mut folder = metadata.target_directory.clone();
    folder.push("package");
    for package in &publishable {
        let file = folder.join(format!("{}-{}.crate", package.name, package.version));
        let Ok(meta) = std::fs::metadata(&file) else { bail!("{file} was not made") };
        println!("{} {}: {} octets", package.name, package.version, meta.len());
    }
    println!("package: {} crates packaged and built", publishable.len());
    Ok(())
}
