//! What the names in a script stand for, and which of its instances share state.
//!
//! Names are static: what a directive refers to follows from the directives before it. Instances
//! that import from one another share state and are run as one program; all others are compiled
//! alone, as any other module is.

use std::collections::HashMap;

use wast::token::Id;
use wast::{WastDirective, WastExecute};

use crate::prepare::Step;

/// What a directive refers to, by the numbers of the directives that made it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Links {
    /// The instance that it calls, reads or registers.
    pub(crate) target: Option<usize>,
    /// The module that it instantiates.
    pub(crate) definition: Option<usize>,
    /// The registered instances that its module imports from.
    pub(crate) imports: Vec<usize>,
    /// The number of its group, if it makes an instance that shares state with others.
    pub(crate) group: Option<usize>,
    /// The last directive that its instance is of use for.
    pub(crate) last_use: usize,
}

/// The names that are known at one point of a script.
#[derive(Default)]
struct Names {
    instances: HashMap<String, usize>,
    current: Option<usize>,
    definitions: HashMap<String, usize>,
    definition: Option<usize>,
    registered: HashMap<String, usize>,
}

impl Names {
    fn instance(&self, id: Option<Id<'_>>) -> Option<usize> {
        match id {
            Some(id) => self.instances.get(id.name()).copied(),
            None => self.current,
        }
    }

    fn define(&mut self, name: Option<&String>, index: usize) {
        self.definition = Some(index);
        if let Some(name) = name {
            self.definitions.insert(name.clone(), index);
        }
    }

    fn instantiate(&mut self, name: Option<String>, index: usize) {
        self.current = Some(index);
        if let Some(name) = name {
            self.instances.insert(name, index);
        }
    }
}

/// Resolves the names of every directive.
pub(crate) fn resolve(steps: &[Step<'_>]) -> Vec<Links> {
    let mut names = Names::default();
    let mut links: Vec<Links> = Vec::with_capacity(steps.len());
    for (index, step) in steps.iter().enumerate() {
        let mut link = Links { last_use: index, ..Links::default() };
        match &step.directive {
            WastDirective::Module(_) => link.definition = Some(index),
            WastDirective::ModuleInstance { module, .. } => {
                link.definition = match module {
                    Some(id) => names.definitions.get(id.name()).copied(),
                    None => names.definition,
                };
            }
            WastDirective::AssertUnlinkable { .. } => link.definition = Some(index),
            WastDirective::Invoke(invoke) | WastDirective::AssertExhaustion { call: invoke, .. } => {
                link.target = names.instance(invoke.module);
            }
            WastDirective::AssertReturn { exec, .. }
            | WastDirective::AssertTrap { exec, .. }
            | WastDirective::AssertException { exec, .. } => match exec {
                WastExecute::Invoke(invoke) => link.target = names.instance(invoke.module),
                WastExecute::Get { module, .. } => link.target = names.instance(*module),
                WastExecute::Wat(_) => link.definition = Some(index),
            },
            WastDirective::Register { module, .. } => link.target = names.instance(*module),
            _ => {}
        }
        if let Some(module) = link.definition.and_then(|definition| steps.get(definition)?.module.as_ref()) {
            link.imports = module.imports.iter().filter_map(|name| names.registered.get(name).copied()).collect();
        }
        match &step.directive {
            WastDirective::Module(_) => {
                let name = step.module.as_ref().and_then(|module| module.name.clone());
                names.define(name.as_ref(), index);
                names.instantiate(name, index);
            }
            WastDirective::ModuleDefinition(_) => {
                names.define(step.module.as_ref().and_then(|module| module.name.as_ref()), index);
            }
            WastDirective::ModuleInstance { instance, .. } => {
                names.instantiate(instance.map(|id| id.name().to_owned()), index);
            }
            WastDirective::Register { name, .. } => {
                if let Some(target) = link.target {
                    names.registered.insert((*name).to_owned(), target);
                }
            }
            _ => {}
        }
        links.push(link);
    }
    group(&mut links);
    last_uses(&mut links);
    links
}

/// Numbers the groups of instances that import from one another, by the first of each.
fn group(links: &mut [Links]) {
    let mut first: Vec<usize> = (0..links.len()).collect();
    let root = |first: &[usize], mut index: usize| {
        while first[index] != index {
            index = first[index];
        }
        index
    };
    for (index, link) in links.iter().enumerate() {
        for &import in &link.imports {
            let (one, other) = (root(&first, index), root(&first, import));
            first[one.max(other)] = one.min(other);
        }
    }
    let roots: Vec<usize> = (0..links.len()).map(|index| root(&first, index)).collect();
    let mut members = vec![0_usize; links.len()];
    roots.iter().for_each(|&root| members[root] += 1);
    for (link, root) in links.iter_mut().zip(roots) {
        link.group = (members[root] > 1).then_some(root);
    }
}

/// Finds the last directive that each instance is of use for; those of a group live equally long.
fn last_uses(links: &mut [Links]) {
    let mut last: Vec<usize> = (0..links.len()).collect();
    for (index, link) in links.iter().enumerate() {
        for used in link.target.iter().chain(&link.imports).copied().chain(link.group).chain([index]) {
            let place = links[used].group.unwrap_or(used);
            last[place] = last[place].max(index);
        }
    }
    for (index, link) in links.iter_mut().enumerate() {
        link.last_use = last[link.group.unwrap_or(index)];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::{lex, parse};

    const MODULE: &str = "(module (func (export \"f\")))";
    const IMPORTER: &str = "(module (import \"A\" \"f\" (func)))";

    fn check(script: &[&str], groups: &[Option<usize>], last_uses: &[usize]) {
        let text = script.concat();
        let buffer = lex(&text).expect("a script");
        let steps = parse(&buffer, &text).expect("a script");
        let links = resolve(&steps);
        assert_eq!(links.iter().map(|link| link.group).collect::<Vec<_>>(), groups, "{text}");
        assert_eq!(links.iter().map(|link| link.last_use).collect::<Vec<_>>(), last_uses, "{text}");
    }

    #[test]
    fn modules_without_registered_imports_are_alone() {
        check(&[MODULE, "(invoke \"f\")", MODULE], &[None, None, None], &[1, 1, 2]);
        check(&[MODULE, "(register \"B\")", IMPORTER], &[None, None, None], &[1, 1, 2]);
    }

    #[test]
    fn importers_join_the_instance_registered_before_them() {
        check(&[MODULE, "(register \"A\")", IMPORTER], &[Some(0), None, Some(0)], &[2, 1, 2]);
        check(
            &[MODULE, "(register \"A\")", MODULE, "(register \"A\")", IMPORTER],
            &[None, None, Some(2), None, Some(2)],
            &[1, 1, 4, 3, 4],
        );
    }

    #[test]
    fn an_importer_of_two_groups_joins_them() {
        check(
            &[
                MODULE,
                "(register \"A\")",
                MODULE,
                "(register \"B\")",
                IMPORTER,
                "(module (import \"A\" \"f\" (func)) (import \"B\" \"f\" (func)))",
                "(invoke \"f\")",
            ],
            &[Some(0), None, Some(0), None, Some(0), Some(0), None],
            &[6, 1, 6, 3, 6, 6, 6],
        );
    }

    #[test]
    fn instances_of_a_definition_are_told_apart() {
        let text = "(module definition $M (func (export \"f\"))) (module instance $I1 $M) (module instance $I2 $M)
            (invoke $I1 \"f\") (invoke $I2 \"f\") (invoke \"f\") (invoke $I3 \"f\")";
        let buffer = lex(text).expect("a script");
        let steps = parse(&buffer, text).expect("a script");
        let links = resolve(&steps);
        let targets: Vec<_> = links.iter().map(|link| link.target).collect();
        assert_eq!(targets, [None, None, None, Some(1), Some(2), Some(2), None]);
        let definitions: Vec<_> = links.iter().map(|link| link.definition).collect();
        assert_eq!(definitions, [None, Some(0), Some(0), None, None, None, None]);
    }
}
