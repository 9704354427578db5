//! The `trellis` binary.

use std::process::ExitCode;

use clap::Parser;
use trellis_api::cli::Cli;

fn main() -> ExitCode {
    Cli::parse().run().into()
}
