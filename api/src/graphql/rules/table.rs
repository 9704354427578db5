//! The rules of the whole schema, read from its printed form: the form that partners and reviewers have.

use std::collections::BTreeMap;

use async_graphql::parser::types::{
    BaseType, ConstDirective, FieldDefinition, Type, TypeKind, TypeSystemDefinition,
};
use async_graphql::{Positioned, Value, parser};

use super::Rule;
use crate::graphql::schema::sdl;

/// Where documents begin. Nothing leads to these, so each of their fields has a rule of its own.
pub const ROOTS: [&str; 3] = ["Query", "Mutation", "Subscription"];

/// A field and what it says of itself.
#[derive(Debug, Clone)]
pub struct FieldOf {
    pub name: String,
    /// The type at the bottom of what it returns.
    pub returns: String,
    /// Its own rule.
    pub rule: Option<Rule>,
    /// Arguments that cannot be left out.
    pub needs: Vec<String>,
}

/// A type of things, with its own rule.
#[derive(Debug, Clone, Default)]
pub struct TypeOf {
    pub rule: Option<Rule>,
    pub fields: Vec<FieldOf>,
    pub interfaces: Vec<String>,
}

/// All of them, by name.
#[derive(Debug, Clone)]
pub struct Table {
    pub types: BTreeMap<String, TypeOf>,
    /// What has no rule, or one that nobody can read.
    pub amiss: Vec<String>,
}

impl Table {
    /// Of the schema as this server prints it.
    pub fn read() -> Result<Self, parser::Error> {
        Self::of(&sdl())
    }

    pub fn of(sdl: &str) -> Result<Self, parser::Error> {
        let mut table = Self { types: BTreeMap::new(), amiss: Vec::new() };
        for definition in parser::parse_schema(sdl)?.definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let (name, directives) = (definition.node.name.to_string(), definition.node.directives);
            let TypeKind::Object(object) = definition.node.kind else { continue };
            let rule = table.rule(&name, &directives);
            let interfaces = object.implements.iter().map(|name| name.node.to_string()).collect();
            let fields = object.fields.into_iter().map(|field| table.field(&name, field.node)).collect();
            table.types.insert(name, TypeOf { rule, fields, interfaces });
        }
        table.find_gaps();
        Ok(table)
    }

    fn field(&mut self, of: &str, field: FieldDefinition) -> FieldOf {
        let rule = self.rule(&format!("{of}.{}", field.name), &field.directives);
        let needed = field.arguments.iter().filter(|argument| {
            let argument = &argument.node;
            !argument.ty.node.nullable && argument.default_value.is_none()
        });
        FieldOf {
            name: field.name.to_string(),
            returns: base(&field.ty.node).to_owned(),
            rule,
            needs: needed.map(|argument| argument.node.name.to_string()).collect(),
        }
    }

    fn rule(&mut self, whose: &str, directives: &[Positioned<ConstDirective>]) -> Option<Rule> {
        let said = directives.iter().find(|directive| directive.node.name.node == "rule")?;
        let takes = said.node.arguments.iter().find(|(name, _)| name.node == "takes");
        let words = takes.and_then(|(_, value)| match &value.node {
            Value::String(words) => Some(words.clone()),
            _ => None,
        });
        let rule = words.as_deref().and_then(Rule::from_words);
        if rule.is_none() {
            self.amiss.push(format!("{whose}: {words:?} is no rule"));
        }
        rule
    }

    fn find_gaps(&mut self) {
        for (name, of) in &self.types {
            if !ROOTS.contains(&name.as_str()) {
                if of.rule.is_none() {
                    self.amiss.push(format!("{name}: the type says nothing of what it takes to see it"));
                }
                continue;
            }
            let silent = of.fields.iter().filter(|field| field.rule.is_none());
            self.amiss.extend(silent.map(|field| format!("{name}.{}: has no rule", field.name)));
        }
    }

    /// What this field takes beyond what it is in: its own rule, or that of the type it leads to, or nothing.
    pub fn takes(&self, field: &FieldOf) -> Rule {
        let of_type = || self.types.get(&field.returns).and_then(|of| of.rule);
        field.rule.or_else(of_type).unwrap_or(Rule::NothingMore)
    }
}

fn base(of: &Type) -> &str {
    match &of.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(inner) => base(inner),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_and_every_root_field_says_what_it_takes() {
        let table = Table::read().unwrap();
        assert!(table.amiss.is_empty(), "{:#?}", table.amiss);
        assert!(table.types.len() > 80, "the schema was not read whole: {}", table.types.len());
    }

    #[test]
    fn what_is_silent_or_misspelt_is_named() {
        let sdl = "type Query { viewer: Viewer! people: [Person!]! @rule(takes: \"person.guess_at\") }
            type Viewer @rule(takes: \"own\") { name: String! } type Person { name: String! }";
        let amiss = Table::of(sdl).unwrap().amiss.join("\n");
        for named in ["Query.viewer", "\"person.guess_at\"", "Query.people", "Person: "] {
            assert!(amiss.contains(named), "{named} is not in: {amiss}");
        }
        assert!(!amiss.contains("Viewer:"), "{amiss}");
    }
}
