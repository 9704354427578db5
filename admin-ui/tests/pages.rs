//! Every screen in every state, rendered: one heading, a title of its own, forms that stay on this site, cells that carry
//! their column's label, and text that stays text whatever is written in it.
use std::collections::BTreeSet;

#[path = "../examples/gallery/samples.rs"]
mod samples;

use samples::{Ink, Sample};

fn each(ink: Ink, check: impl Fn(&Sample)) {
    for sample in samples::all(ink) {
        check(&sample);
    }
}

fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    html.split(start.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn text_stays_text_in_every_field_of_every_screen() {
    each(Ink::Hostile, |sample| {
        assert!(!sample.html.contains("<img src=x"), "{} lets markup through", sample.name);
        assert!(!sample.html.contains("\"'&"), "{} lets a quote through", sample.name);
    });
}

#[test]
fn nothing_is_escaped_twice() {
    each(Ink::Hostile, |sample| {
        assert!(!sample.html.contains("&#38;#"), "{} escapes twice", sample.name);
        assert!(!sample.html.contains("&amp;"), "{} escapes twice", sample.name);
    });
}

#[test]
fn every_screen_has_one_heading_and_says_what_trellis_is_not() {
    each(Ink::Plain, |sample| {
        assert_eq!(sample.html.matches("<h1").count(), 1, "{}", sample.name);
        assert!(sample.html.contains("not a clinical record"), "{}", sample.name);
        assert!(sample.html.contains("not a medical device"), "{}", sample.name);
        assert!(sample.html.contains("01632 960 001"), "{} has no help line", sample.name);
    });
}

#[test]
fn a_screen_with_faults_says_so_first_in_its_title_and_links_to_fields_that_exist() {
    each(Ink::Plain, |sample| {
        let wrong = sample.html.contains("nhsuk-error-summary\"");
        assert_eq!(sample.html.contains("<title>Error: "), wrong, "{}", sample.name);
        if wrong {
            let (_, summary) = sample.html.split_once("nhsuk-error-summary__list").unwrap();
            let (summary, _) = summary.split_once("</ul>").unwrap();
            for target in attributes(summary, "href") {
                let id = format!("id=\"{}\"", target.trim_start_matches('#'));
                assert!(sample.html.contains(&id), "{}: nothing has {id}", sample.name);
            }
        }
    });
}

#[test]
fn ids_are_used_once_a_page() {
    each(Ink::Long, |sample| {
        let mut seen = BTreeSet::new();
        for id in attributes(&sample.html, "id") {
            assert!(seen.insert(id), "{} uses id {id} twice", sample.name);
        }
    });
}

#[test]
fn every_cell_repeats_its_column_for_narrow_screens() {
    each(Ink::Plain, |sample| {
        for cell in sample.html.split("<td").skip(1) {
            assert!(
                cell.split('>').next().unwrap().contains("data-label="),
                "{}: <td{cell:.60}",
                sample.name
            );
        }
    });
}

#[test]
fn forms_stay_on_this_site_and_carry_their_token() {
    each(Ink::Plain, |sample| {
        for form in sample.html.split("<form").skip(1) {
            let tag = form.split('>').next().unwrap();
            let action = attributes(tag, "action");
            assert!(
                action.first().is_some_and(|a| a.starts_with('/') && !a.starts_with("//")),
                "{}: {tag}",
                sample.name
            );
            if tag.contains("method=\"post\"") {
                let body = form.split("</form>").next().unwrap();
                assert!(body.contains("name=\"form-token\""), "{}: {tag}", sample.name);
            }
        }
    });
}

#[test]
fn what_was_typed_comes_back_after_a_fault() {
    let refer = samples::all(Ink::Plain).into_iter().find(|s| s.name == "refer--error").unwrap().html;
    for typed in [
        "value=\"Jo\"",
        "value=\"31\"",
        "value=\"2059\"",
        "value=\"ZZ99 3VZ\"",
        "07700 900 123",
        "See people twice a week",
    ] {
        assert!(refer.contains(typed), "{typed} is lost");
    }
}

#[test]
fn before_accepting_nothing_tells_who_it_is() {
    for sample in samples::all(Ink::Plain) {
        let before = ["respond", "respond--sparse", "respond--error", "respond-code", "respond-code--error"];
        if before.contains(&sample.name.as_str()) || sample.name.starts_with("respond-done") {
            assert!(!sample.html.contains("Jo Park"), "{}", sample.name);
            assert!(!sample.html.contains("4TK-9QD"), "{}", sample.name);
        }
    }
}

#[test]
fn nothing_needs_a_script_or_a_style_in_the_page() {
    each(Ink::Plain, |sample| {
        assert!(!sample.html.contains(" style="), "{}", sample.name);
        assert!(!sample.html.contains(" onclick="), "{}", sample.name);
        assert_eq!(sample.html.matches("<script").count(), 1, "{}", sample.name);
        assert!(!sample.html.contains("<style"), "{}", sample.name);
    });
}
