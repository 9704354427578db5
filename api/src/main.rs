//! The `trellis` binary.

use std::process::ExitCode;

use trellis_api::cli::Cli;

fn main() -> ExitCode {
    Cli::read().run().into()
}
