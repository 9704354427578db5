//! The file of the signing keys: its JSON shape, and the checks that every key must pass before it signs anything.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::signing_keys::{SigningKey, SigningKeyError, SigningKeys};

const FORMAT: u32 = 2;

#[derive(Deserialize)]
struct Versioned {
    format: u32,
}

/// Before keys had a timetable: one signs, what the others signed has expired long since.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct First<'a> {
    #[serde(rename = "format")]
    _format: u32,
    current: &'a str,
    #[serde(borrow)]
    keys: Vec<&'a str>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<'a> {
    format: u32,
    #[serde(borrow)]
    keys: Vec<Entry<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry<'a> {
    signs_from: Timestamp,
    key: &'a str,
}

pub(super) fn parse(text: &str) -> Result<SigningKeys, SigningKeyError> {
    let keys = match read::<Versioned>(text)?.format {
        1 => first(&read(text)?)?,
        FORMAT => {
            let entries = read::<Document<'_>>(text)?.keys.into_iter().enumerate();
            entries.map(|(index, entry)| key(index, entry.key, entry.signs_from)).collect::<Result<_, _>>()?
        }
        found => return Err(SigningKeyError::Format { found }),
    };
    refuse_repeats(&keys)?;
    SigningKeys::in_order(keys)
}

pub(super) fn render(keys: &SigningKeys) -> Result<Zeroizing<Vec<u8>>, SigningKeyError> {
    let encoded: Vec<(Timestamp, Zeroizing<String>)> = keys
        .keys
        .iter()
        .map(|key| (key.signs_from, Zeroizing::new(STANDARD.encode(key.pkcs8.as_slice()))))
        .collect();
    let entries = encoded.iter().map(|(signs_from, key)| Entry { signs_from: *signs_from, key });
    let document = Document { format: FORMAT, keys: entries.collect() };
    let mut bytes = Zeroizing::new(Vec::with_capacity(4 * 1024));
    serde_json::to_writer_pretty(&mut *bytes, &document).map_err(|_| SigningKeyError::Provider)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The parser's own errors quote what they read.
fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, SigningKeyError> {
    serde_json::from_str(text)
        .map_err(|error| SigningKeyError::Malformed { line: error.line(), column: error.column() })
}

fn first(document: &First<'_>) -> Result<Vec<SigningKey>, SigningKeyError> {
    let keys = document.keys.iter().enumerate().map(|(index, text)| key(index, text, Timestamp::UNIX_EPOCH));
    let keys: Vec<SigningKey> = keys.collect::<Result<_, _>>()?;
    let current: Vec<SigningKey> = keys.into_iter().filter(|key| key.id == document.current).collect();
    if current.is_empty() { Err(SigningKeyError::NoCurrent) } else { Ok(current) }
}

fn key(index: usize, text: &str, signs_from: Timestamp) -> Result<SigningKey, SigningKeyError> {
    let position = index + 1;
    let refused = || SigningKeyError::Key { position };
    let pkcs8 = Zeroizing::new(STANDARD.decode(text).map_err(|_| refused())?);
    let key = SigningKey::of(pkcs8, signs_from).map_err(|_| refused())?;
    if key.is_weak() { Err(SigningKeyError::Weak { position }) } else { Ok(key) }
}

fn refuse_repeats(keys: &[SigningKey]) -> Result<(), SigningKeyError> {
    let twice =
        |(index, key): (usize, &SigningKey)| keys.iter().take(index).any(|earlier| earlier.id == key.id);
    match (0..).zip(keys).find(|pair| twice(*pair)) {
        Some((index, _)) => Err(SigningKeyError::Repeated { position: index + 1 }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PKCS #8, version 1, around a seed.
    fn pkcs8(seed: [u8; 32]) -> String {
        let head = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
        STANDARD.encode([head.as_slice(), seed.as_slice()].concat())
    }

    fn file(keys: &[(&str, &str)]) -> String {
        let entry = |(from, key): &(&str, &str)| serde_json::json!({"signs_from": from, "key": key});
        let keys: Vec<_> = keys.iter().map(entry).collect();
        serde_json::json!({"format": 2, "keys": keys}).to_string()
    }

    fn sound(first: u8) -> String {
        let seed: Vec<u8> = (0..32_u8).map(|n| n.wrapping_mul(11).wrapping_add(first)).collect();
        pkcs8(seed.try_into().unwrap())
    }

    const MONDAY: &str = "2026-03-02T09:00:00Z";
    const TUESDAY: &str = "2026-03-03T09:00:00Z";

    #[test]
    fn a_timetable_is_read_in_its_order_and_written_back_the_same() {
        let keys = parse(&file(&[(TUESDAY, &sound(1)), (MONDAY, &sound(2))])).unwrap();
        let from: Vec<String> = keys.times().iter().map(|times| times.signs_from.to_string()).collect();
        assert_eq!(from, [MONDAY, TUESDAY]);
        let again = parse(std::str::from_utf8(&render(&keys).unwrap()).unwrap()).unwrap();
        assert_eq!(again.times(), keys.times());
    }

    #[test]
    fn a_file_of_the_format_before_signs_with_its_current_key_alone() {
        let keys = parse(&file(&[(MONDAY, &sound(1))])).unwrap();
        let current = keys.times()[0].id.clone();
        let old = serde_json::json!({"format": 1, "current": current, "keys": [sound(1), sound(2)]});
        let read = parse(&old.to_string()).unwrap().times();
        assert_eq!((read.len(), &read[0].id), (1, &current));
        let none = serde_json::json!({"format": 1, "current": "x", "keys": []});
        assert!(matches!(parse(&none.to_string()), Err(SigningKeyError::NoCurrent)));
    }

    #[test]
    fn a_key_that_is_none_is_weak_or_comes_twice_is_refused_by_its_number() {
        let refusal = |keys: &[(&str, &str)]| parse(&file(keys)).unwrap_err();
        let (good, none) = (sound(1), STANDARD.encode("sEcReT"));
        assert!(matches!(
            refusal(&[(MONDAY, &good), (TUESDAY, &none)]),
            SigningKeyError::Key { position: 2 }
        ));
        let weak = pkcs8([7; 32]);
        assert!(matches!(refusal(&[(MONDAY, &weak)]), SigningKeyError::Weak { position: 1 }));
        assert!(matches!(
            refusal(&[(MONDAY, &good), (TUESDAY, &good)]),
            SigningKeyError::Repeated { position: 2 }
        ));
        assert!(matches!(refusal(&[(MONDAY, &good), (MONDAY, &sound(3))]), SigningKeyError::Overlap));
        assert!(matches!(refusal(&[]), SigningKeyError::NoCurrent));
    }

    #[test]
    fn a_broken_file_is_refused_without_quoting_it() {
        for text in ["{\"sEcReT\"", "{\"format\":\"sEcReT\"}", "{\"format\":2,\"keys\":\"sEcReT\"}"] {
            let error = parse(text).unwrap_err();
            assert!(matches!(error, SigningKeyError::Malformed { .. }), "{error}");
            assert!(!error.to_string().contains("sEcReT"));
        }
        assert!(matches!(parse("{\"format\":3}"), Err(SigningKeyError::Format { found: 3 })));
    }
}
