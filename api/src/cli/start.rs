//! What every long-running command does first and last: a runtime, a log, a signal to stop.

use std::future::Future;

use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

use super::Failure;

/// Runs a command on the multi-threaded runtime, with one crypto provider for everything that speaks TLS.
pub fn on_runtime(command: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    trellis_infra::auth::install_crypto_provider();
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(command)
}

/// JSON lines on standard error: ids, never names.
pub fn log() {
    let filter =
        EnvFilter::try_from_env("TRELLIS_LOG").unwrap_or_else(|_| EnvFilter::new("info,mailin=warn"));
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // A test may have set one already.
    let _ = subscriber.try_init();
}

/// Turns true at Ctrl-C or SIGTERM. A second signal ends the process at once: whoever sends it does not want to wait
/// for requests under way, and what was acknowledged is committed.
pub fn stop_signal() -> std::io::Result<watch::Receiver<bool>> {
    listen(|| std::process::exit(1))
}

/// The same without the second: whoever has started servers of its own ends them first.
pub fn patient_stop_signal() -> std::io::Result<watch::Receiver<bool>> {
    listen(|| ())
}

fn listen(again: impl Fn() + Send + 'static) -> std::io::Result<watch::Receiver<bool>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            // Nobody listening any more is the end that was asked for.
            if stop.send_replace(true) {
                again();
            }
        }
    });
    Ok(stopped)
}
