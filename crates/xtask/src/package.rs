//! `cargo xtask package` checks that every publishable crate makes a package that builds on its own.

use anyhow::{Result, bail};

use crate::process;

/// Check that every publishable crate can be packaged, and builds from its package.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Package a work tree that has uncommitted changes.
    #[arg(long)]
    allow_dirty: bool,
}

/// Runs the gate. Cargo packages the publishable members together, so that they find each other's packages although
/// none is published yet, and builds each member from its package.
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
    // Each run has a folder of its own. Cargo finds what it unpacked from a registry by the registry's place, and
    // would otherwise build a dependency as it was in an earlier run.
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
    // Nothing else uses the folder, so it does no harm if it stays.
    let _ = std::fs::remove_dir_all(&target);
    result?;
    println!("package: {} crates packaged and built", publishable.len());
    Ok(())
}

/// Prints the size of each package.
fn sizes(publishable: &[&cargo_metadata::Package], folder: &cargo_metadata::camino::Utf8Path) -> Result<()> {
    for package in publishable {
        let file = folder.join(format!("{}-{}.crate", package.name, package.version));
        let Ok(meta) = std::fs::metadata(&file) else { bail!("cargo did not make {file}") };
        println!("{} {}: {} octets", package.name, package.version, meta.len());
    }
    Ok(())
}
