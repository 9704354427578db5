//! The commands themselves, and which file runs each.

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use super::{Exit, Failure};
use super::{demo, import, keygen, migrate, network, run, serve, start, status};

const ABOUT: &str = "Social prescribing for a region: people, referrals, providers, outcomes.";

/// At the foot of every help.
const NOT: &str =
    "Trellis is not an urgent or monitored service, not a clinical record and not a medical device.";

const EXAMPLES: &str = "Examples
  trellis demo                              start with made-up data and print sign-in links
  trellis serve                             run web and API
  trellis worker                            deliver messages and run jobs
  trellis migrate                           bring the database to this version
  trellis network create --name \"North Vale\" --coordinator-email ines@example.org
  trellis status                            what runs, what waits and what has failed
  trellis import directory FOLDER --network north-vale

Exit codes: 0 ok, 1 failed, 2 usage, 3 not ready.";

#[derive(Debug, Parser)]
#[command(name = "trellis", version, about = ABOUT, after_help = EXAMPLES, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start everything on this machine, with made-up data
    Demo(demo::Demo),
    /// Run web and API
    Serve,
    /// Deliver messages and run jobs
    Worker,
    /// Bring the database to this version, as its owner
    Migrate,
    /// Networks: regions, each with its coordinators
    #[command(subcommand)]
    Network(network::NetworkCommand),
    /// What runs, what waits and what has failed
    Status(status::Status),
    /// Write new key files
    Keygen(keygen::Keygen),
    /// The configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// The GraphQL schema
    #[command(subcommand)]
    Schema(SchemaCommand),
    /// Read data from elsewhere
    #[command(subcommand)]
    Import(import::Import),
    /// Ask a running server whether it is ready
    Health,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// List everything that is wrong with it
    Check,
}

#[derive(Debug, Subcommand)]
enum SchemaCommand {
    /// Print it as SDL
    Print,
    /// Print what it takes to see each field, and which roles that is
    Rules,
}

impl Cli {
    /// Reads the command line; a wrong one ends here, with exit code 2.
    pub fn read() -> Self {
        let read = Self::from_arg_matches(&Self::told().get_matches());
        read.unwrap_or_else(|error| error.exit())
    }

    /// The commands, each with the foot of its help.
    pub fn told() -> clap::Command {
        footed(Self::command())
    }

    /// Runs the command and says how it ended.
    pub fn run(self) -> Exit {
        match self.dispatch() {
            Ok(()) => Exit::Ok,
            Err(failure) => failure.report(),
        }
    }

    fn dispatch(self) -> Result<(), Failure> {
        match self.command {
            Command::Demo(demo) => start::on_runtime(demo::run(demo)),
            Command::Serve => start::on_runtime(serve::run()),
            Command::Worker => start::on_runtime(serve::run_worker()),
            Command::Migrate => migrate::run(),
            Command::Network(command) => start::on_runtime(network::run(command)),
            Command::Status(status) => start::on_runtime(async move { status::run(&status).await }),
            Command::Keygen(keygen) => keygen::run(&keygen),
            Command::Config(ConfigCommand::Check) => serve::check(),
            Command::Schema(SchemaCommand::Print) => run::print(&crate::graphql::schema::sdl()),
            Command::Schema(SchemaCommand::Rules) => run::print(&crate::graphql::rules::matrix::print()?),
            Command::Import(import) => start::on_runtime(import::run(import)),
            Command::Health => start::on_runtime(run::health()),
        }
    }
}

fn footed(command: clap::Command) -> clap::Command {
    let said = command.get_after_help().map(|help| format!("{help}\n\n")).unwrap_or_default();
    command.after_help(format!("{said}{NOT}")).mut_subcommands(footed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_one_says(command: &mut clap::Command) -> usize {
        let help = command.render_long_help().to_string();
        assert!(help.contains(NOT), "the help of {} does not say what Trellis is not", command.get_name());
        assert!(command.render_help().to_string().contains(NOT), "nor does its short help");
        // `trellis help serve` prints the help of `serve`; clap's own command has no foot to give.
        let below = command.get_subcommands_mut().filter(|command| command.get_name() != "help");
        1 + below.map(every_one_says).sum::<usize>()
    }

    #[test]
    fn every_help_says_what_trellis_is_not() {
        assert!(every_one_says(&mut Cli::told()) > 12);
    }
}
