//! Stories of the whole system, in the words of the domain.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on says so by ending"
)]

mod access_requests;
mod access_review;
mod audit_trail;
mod between_organisations;
mod canary;
mod canary_in_logs;
mod chase_story;
mod closing_others;
mod closing_story;
mod connections;
mod consent_race;
mod consent_story;
mod crash;
mod custody_requests;
mod custody_sides;
mod custody_story;
mod custody_worker;
mod database_guard;
mod demo_region;
mod directory_import;
mod doors;
mod duplicates;
mod elsewhere;
mod emergency;
mod every_refusal;
mod factor_attacks;
mod factor_reset;
mod field_rules;
mod found_again;
mod fresh_proof;
mod graphql_lists;
mod guessing;
mod intake_limits;
mod invitations;
mod isolation;
mod joining_story;
mod kept_back;
mod limits_over_processes;
mod link_timing;
mod loop_over_graphql;
mod mailed_links;
mod migrations;
mod next_steps;
mod operator;
mod organisations;
mod other_ways;
mod outbox;
mod plan_sides;
mod plan_story;
mod policy_drop;
mod provider_link;
mod provider_proof;
mod read_feedback;
mod read_lists;
mod reassign_story;
mod refresh_family;
mod refusals;
mod second_factor;
mod settings;
mod sign_in;
mod single_sign_on;
mod staff;
mod start_up;
mod store_story;
mod story_of_the_issue;
mod subscription;
mod token_keys;
mod transfer_story;
mod undo_story;
