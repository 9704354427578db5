//! Writes every screen in every state to a folder, with the built assets, so that people and the browser tests can look at
//! them without a server: `cargo run -p trellis-admin-ui --example gallery -- var/gallery`.
use std::io::Write as _;
use std::path::PathBuf;

#[path = "samples.rs"]
mod samples;

use samples::Ink;

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "var/gallery".to_owned()));
    std::fs::create_dir_all(folder.join("assets"))?;
    for (name, bytes) in trellis_admin_ui::assets::all() {
        std::fs::write(folder.join("assets").join(name), bytes)?;
    }
    let mut names = Vec::new();
    for (ink, suffix) in [(Ink::Plain, ""), (Ink::Long, "--long"), (Ink::Hostile, "--hostile")] {
        for sample in samples::all(ink) {
            let name = format!("{}{suffix}", sample.name);
            std::fs::write(folder.join(format!("{name}.html")), &sample.html)?;
            names.push(name);
        }
    }
    std::fs::write(folder.join("index.json"), serde_json::to_vec_pretty(&names)?)?;
    writeln!(std::io::stdout(), "{} pages written to {}", names.len(), folder.display())
}
