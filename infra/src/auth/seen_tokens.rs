//! Access tokens whose signature was looked at already, by the digest of the whole token: its signature is looked at once, and the
//! clock and the keys with every request. It refuses to grow without end, and knows no token, only digests.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use aws_lc_rs::digest::{SHA256, digest};

use super::token::AccessClaims;

/// Each is some 300 bytes. What signs in more often than this in ten minutes is looked at again.
const MOST: usize = 8_192;

/// What a good token says, and what has to hold at each use of it.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) claims: AccessClaims,
    pub(super) key: String,
    /// Seconds since 1970: not before, and not from then on.
    pub(super) times: (i64, i64),
}

#[derive(Debug, Default)]
pub(super) struct SeenTokens(RwLock<HashMap<[u8; 32], Seen>>);

impl SeenTokens {
    pub(super) fn name_of(token: &str) -> [u8; 32] {
        let mut name = [0; 32];
        for (into, from) in name.iter_mut().zip(digest(&SHA256, token.as_bytes()).as_ref()) {
            *into = *from;
        }
        name
    }

    pub(super) fn of(&self, name: &[u8; 32]) -> Option<Seen> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// `now`: seconds since 1970. What has run out by then makes room first.
    pub(super) fn keep(&self, name: [u8; 32], seen: Seen, now: i64) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.retain(|_, old| old.times.1 > now);
        }
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(name, seen);
    }

    /// The keys have changed: everything is looked at again.
    pub(super) fn forget(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn seen(until: i64) -> Seen {
        let claims = AccessClaims {
            user: Uuid::nil(),
            membership: Uuid::nil(),
            membership_version: 1,
            network: Uuid::nil(),
            organisation: None,
            session: Uuid::nil(),
            roles: Vec::new(),
            proved_at: 0,
        };
        Seen { claims, key: "a".to_owned(), times: (0, until) }
    }

    #[test]
    fn it_does_not_grow_without_end() {
        let tokens = SeenTokens::default();
        for number in 0..MOST {
            let until = if number == 0 { 100 } else { 10 };
            tokens.keep(SeenTokens::name_of(&number.to_string()), seen(until), 5);
        }
        tokens.keep(SeenTokens::name_of("one more"), seen(100), 50);
        assert_eq!(tokens.0.read().unwrap().len(), 2, "what has run out made room");
        assert!(tokens.of(&SeenTokens::name_of("0")).is_some());
        assert!(tokens.of(&SeenTokens::name_of("1")).is_none());
        tokens.forget();
        assert!(tokens.of(&SeenTokens::name_of("0")).is_none());
    }
}
