//! The key file: its JSON shape and the checks every key must pass before it is used.
//! It borrows from the text it reads, so that the only copy of a key in base64 is one that is wiped.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::error::KeyringError;

pub(super) type KeyBytes = Zeroizing<[u8; 32]>;

const FORMAT: u32 = 1;
const INDEX_KEY: &str = "index_key";
const LONGEST_ID: usize = 64;
/// 32 random bytes hold about 30 different values; fewer than this never happens by chance.
const FEWEST_DISTINCT_BYTES: usize = 16;

/// Checked contents of a key file.
pub(super) struct KeySet {
    pub current: String,
    pub keys: BTreeMap<String, KeyBytes>,
    pub index: KeyBytes,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<'a> {
    format: u32,
    current: &'a str,
    #[serde(borrow)]
    keys: Vec<Entry<'a>>,
    index_key: &'a str,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry<'a> {
    id: &'a str,
    key: &'a str,
}

pub(super) fn parse(text: &str) -> Result<KeySet, KeyringError> {
    let document: Document<'_> = serde_json::from_str(text)
        .map_err(|error| KeyringError::Malformed { line: error.line(), column: error.column() })?;
    if document.format != FORMAT {
        return Err(KeyringError::Format { found: document.format, expected: FORMAT });
    }
    let index = decode(INDEX_KEY, document.index_key)?;
    let mut keys = BTreeMap::new();
    for entry in &document.keys {
        if entry.id.is_empty() || entry.id.len() > LONGEST_ID || keys.contains_key(entry.id) {
            return Err(KeyringError::Id { id: entry.id.chars().take(LONGEST_ID).collect() });
        }
        let key = decode(entry.id, entry.key)?;
        refuse_repeat(entry.id, &key, &keys, &index)?;
        keys.insert(entry.id.to_owned(), key);
    }
    if !keys.contains_key(document.current) {
        return Err(KeyringError::NoCurrent { id: document.current.to_owned() });
    }
    Ok(KeySet { current: document.current.to_owned(), keys, index })
}

pub(super) fn render(set: &KeySet) -> Result<Zeroizing<Vec<u8>>, KeyringError> {
    let encoded: Vec<(&str, Zeroizing<String>)> =
        set.keys.iter().map(|(id, key)| (id.as_str(), encode(key))).collect();
    let index = encode(&set.index);
    let document = Document {
        format: FORMAT,
        current: &set.current,
        keys: encoded.iter().map(|(id, key)| Entry { id, key }).collect(),
        index_key: &index,
    };
    let mut bytes = Zeroizing::new(Vec::with_capacity(16 * 1024));
    serde_json::to_writer_pretty(&mut *bytes, &document).map_err(|_| KeyringError::Provider)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn encode(key: &KeyBytes) -> Zeroizing<String> {
    Zeroizing::new(STANDARD.encode(key.as_slice()))
}

fn decode(id: &str, text: &str) -> Result<KeyBytes, KeyringError> {
    let length = || KeyringError::Length { id: id.to_owned() };
    let bytes = Zeroizing::new(STANDARD.decode(text).map_err(|_| length())?);
    let key = KeyBytes::new(<[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| length())?);
    if is_regular(key.as_slice()) { Err(KeyringError::Weak { id: id.to_owned() }) } else { Ok(key) }
}

/// So few different bytes never come by chance.
pub(crate) fn is_regular(key: &[u8]) -> bool {
    let mut sorted = Zeroizing::new(key.to_vec());
    sorted.sort_unstable();
    let distinct = 1 + sorted.iter().zip(sorted.iter().skip(1)).filter(|(a, b)| a != b).count();
    distinct < FEWEST_DISTINCT_BYTES
}

fn refuse_repeat(
    id: &str,
    key: &KeyBytes,
    earlier: &BTreeMap<String, KeyBytes>,
    index: &KeyBytes,
) -> Result<(), KeyringError> {
    let twin = if key == index {
        Some(INDEX_KEY)
    } else {
        earlier.iter().find(|(_, other)| *other == key).map(|(other, _)| other.as_str())
    };
    match twin {
        Some(first) => Err(KeyringError::Repeated { first: first.to_owned(), second: id.to_owned() }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(seed: u8) -> String {
        let bytes: Vec<u8> = (0..32).map(|n: u8| n.wrapping_mul(7).wrapping_add(seed)).collect();
        STANDARD.encode(bytes)
    }

    fn file(current: &str, keys: &[(&str, &str)], index: &str) -> String {
        let keys: Vec<_> = keys.iter().map(|(id, key)| serde_json::json!({"id": id, "key": key})).collect();
        serde_json::json!({"format": 1, "current": current, "keys": keys, "index_key": index}).to_string()
    }

    fn refusal(text: &str) -> KeyringError {
        parse(text).err().unwrap()
    }

    #[test]
    fn a_sound_file_is_read_and_written_back_the_same() {
        let set = parse(&file("b", &[("a", &key(1)), ("b", &key(2))], &key(3))).unwrap();
        let again = parse(std::str::from_utf8(&render(&set).unwrap()).unwrap()).unwrap();
        assert_eq!(again.current, "b");
        assert_eq!(again.keys, set.keys);
        assert_eq!(again.index, set.index);
    }

    #[test]
    fn a_short_key_is_refused() {
        let short = STANDARD.encode([5_u8; 16]);
        assert!(
            matches!(refusal(&file("a", &[("a", &short)], &key(3))), KeyringError::Length { id } if id == "a")
        );
    }

    #[test]
    fn a_regular_key_is_refused() {
        let zeros = STANDARD.encode([0_u8; 32]);
        assert!(matches!(refusal(&file("a", &[("a", &zeros)], &key(3))), KeyringError::Weak { .. }));
    }

    #[test]
    fn the_same_key_twice_is_refused() {
        let twice = file("a", &[("a", &key(1)), ("b", &key(1))], &key(3));
        assert!(matches!(refusal(&twice), KeyringError::Repeated { .. }));
        let as_index = file("a", &[("a", &key(1))], &key(1));
        assert!(matches!(refusal(&as_index), KeyringError::Repeated { .. }));
    }

    #[test]
    fn the_same_id_twice_is_refused() {
        let text = file("a", &[("a", &key(1)), ("a", &key(2))], &key(3));
        assert!(matches!(refusal(&text), KeyringError::Id { .. }));
    }

    #[test]
    fn a_current_key_that_is_absent_is_refused() {
        assert!(matches!(refusal(&file("z", &[("a", &key(1))], &key(3))), KeyringError::NoCurrent { .. }));
    }

    #[test]
    fn a_broken_file_is_refused_without_quoting_it() {
        let text = file("a", &[("a", &key(1))], &key(3)).replace("\"format\":1", "\"format\":\"sEcReT\"");
        let message = refusal(&text).to_string();
        assert!(message.starts_with("key file is not valid near line 1"), "{message}");
        assert!(!message.contains("sEcReT"));
    }
}
