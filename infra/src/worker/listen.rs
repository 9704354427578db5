//! Hears that a message was queued, on a connection of its own. News may be missed: the worker looks all the same
//! now and then, and once after each new connection.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::sync::Notify;
use tokio_postgres::{AsyncMessage, NoTls};

const AGAIN_AFTER: Duration = Duration::from_secs(2);

/// Runs until it is dropped.
pub(super) async fn listen(database_url: String, news: Arc<Notify>) {
    loop {
        if let Err(error) = hear(&database_url, &news).await {
            tracing::warn!(%error, "the outbox is not listened to; it is looked at now and then");
        }
        tokio::time::sleep(AGAIN_AFTER).await;
    }
}

async fn hear(database_url: &str, news: &Notify) -> Result<(), tokio_postgres::Error> {
    let (client, mut connection) = tokio_postgres::connect(database_url, NoTls).await?;
    let mut messages = stream::poll_fn(move |context| connection.poll_message(context));
    let hearing = async {
        while let Some(message) = messages.next().await {
            if let AsyncMessage::Notification(_) = message? {
                news.notify_one();
            }
        }
        Ok(())
    };
    // The stream drives the connection, so both go on together until it breaks.
    let asking = async {
        client.batch_execute("LISTEN trellis_outbox").await?;
        news.notify_one();
        std::future::pending::<Result<(), tokio_postgres::Error>>().await
    };
    tokio::select! {
        ended = hearing => ended,
        failed = asking => failed,
    }
}
