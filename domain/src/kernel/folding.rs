//! Text as people search and compare it: small letters, no accents, words without punctuation.
//! It owns the folding rule, which stored search tokens depend on: changing it means re-indexing.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The words of a text, folded. An apostrophe joins (`O'Brien` is one word), all else that is neither letter
/// nor digit separates.
pub fn folded_words(text: &str) -> Vec<String> {
    let folded: String = text
        .nfkd()
        .filter(|letter| !is_combining_mark(*letter) && !is_apostrophe(*letter))
        .flat_map(char::to_lowercase)
        .fold(String::with_capacity(text.len()), push_plain);
    folded
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '`' | '\u{2018}' | '\u{2019}' | '\u{02BC}' | '\u{00B4}')
}

/// Letters that Unicode does not take apart but a person types plain.
fn push_plain(mut text: String, letter: char) -> String {
    match letter {
        'ß' => text.push_str("ss"),
        'æ' => text.push_str("ae"),
        'œ' => text.push_str("oe"),
        'þ' => text.push_str("th"),
        'ø' => text.push('o'),
        'ł' => text.push('l'),
        'đ' | 'ð' => text.push('d'),
        'ħ' => text.push('h'),
        'ı' => text.push('i'),
        other if is_combining_mark(other) => {}
        other => text.push(other),
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_punctuation_do_not_matter() {
        assert_eq!(folded_words("  Zoë  O’Brien-Łukasz, Jr. "), ["zoe", "obrien", "lukasz", "jr"]);
        assert_eq!(folded_words("STRASSE Straße"), ["strasse", "strasse"]);
        assert_eq!(folded_words("İpek Þóra"), ["ipek", "thora"]);
    }

    #[test]
    fn composed_and_decomposed_letters_fold_alike() {
        assert_eq!(folded_words("Ren\u{e9}e"), folded_words("Rene\u{301}e"));
    }

    #[test]
    fn text_without_letters_has_no_words() {
        assert!(folded_words(" -- ' ").is_empty());
    }
}
