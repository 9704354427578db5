//! Read models: one screen-sized question, one statement, each with the visibility the policy gave.
