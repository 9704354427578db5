//! Owns one thing: that `dist/` exists, so the crate compiles before the assets have been built (npm does that),
//! and that a fresh asset build makes cargo embed the new files.
use std::io::Write as _;

fn main() -> std::io::Result<()> {
    std::fs::create_dir_all("dist")?;
    std::io::stdout().write_all(b"cargo:rerun-if-changed=dist\ncargo:rerun-if-changed=templates\n")
}
