//! The tree of calls, with a counter for each instruction of each called function.
//!
//! A node is a function called from a node, from inside the same inlined functions. However a program recurses, the tree
//! has bounded depth and size.

use std::collections::HashMap;

use crate::symbols::{ContextId, Function, NO_CONTEXT};

/// Calls that a stack of the profile is deep at most. What a call beyond executes is counted as if the call at this depth
/// had made it.
pub const DEPTH_MAX: usize = 256;

/// Counters that a profile has at most, 8 bytes each. When there is no more room, a call that was not made before from the
/// same stack is counted by its function alone.
pub const COUNTERS_MAX: usize = 1 << 25;

/// Counters that a node stands for, besides those of its instructions.
const NODE_COUNTERS: usize = 8;

/// Counters of an instruction: see [`crate::profiler`].
pub(crate) const COUNTERS_PER_INSTRUCTION: usize = 2;

/// The number of a node.
pub(crate) type NodeId = u32;

/// What a node's function was called by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Caller {
    /// Nothing: the run begins here.
    Run,
    /// Something that there is no room to tell.
    Unknown,
    /// A node, from inside these inlined functions.
    Node(NodeId, ContextId),
}

/// A function called by a caller.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(crate) caller: Caller,
    /// The function's number.
    pub(crate) function: u32,
    /// Its first counter.
    pub(crate) first: usize,
    /// How often it was called.
    pub(crate) calls: u64,
}

/// The calls of a run so far, and where it stands among them.
#[derive(Debug, Default)]
pub(crate) struct CallTree {
    nodes: Vec<Node>,
    known: HashMap<(Caller, u32), NodeId>,
    counters: Vec<u64>,
    /// Calls that have not returned.
    stack: Vec<NodeId>,
    counters_max: usize,
}

impl CallTree {
    pub(crate) fn new(counters_max: usize) -> Self {
        Self { counters_max, ..Self::default() }
    }

    /// Every node; a node's caller comes before it.
    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The counters.
    pub(crate) fn counters(&self) -> &[u64] {
        &self.counters
    }

    /// Counts.
    #[inline(always)]
    pub(crate) fn count(&mut self, counter: usize) -> bool {
        let Some(count) = self.counters.get_mut(counter) else { return false };
        *count += 1;
        true
    }

    /// The call that is executed.
    pub(crate) fn top(&self) -> Option<Node> {
        self.nodes.get(*self.stack.last()? as usize).copied()
    }

    /// The number of the call that is executed.
    pub(crate) fn top_id(&self) -> Option<NodeId> {
        self.stack.last().copied()
    }

    /// Whether a call made now is a node's child in its own place.
    pub(crate) fn has_depth(&self) -> bool {
        self.stack.len() < DEPTH_MAX
    }

    /// A function is called from inside a context.
    pub(crate) fn call(&mut self, function: u32, functions: &[Function], context: ContextId) {
        let caller = match self.stack.get(self.stack.len().min(DEPTH_MAX).wrapping_sub(1)) {
            Some(node) => Caller::Node(*node, if self.has_depth() { context } else { NO_CONTEXT }),
            None => Caller::Run,
        };
        self.push(caller, function, functions);
    }

    /// The function that is executed hands over to another, to which its caller called it.
    pub(crate) fn tail_call(&mut self, function: u32, functions: &[Function]) {
        let caller = self.top().map_or(Caller::Run, |node| node.caller);
        self.stack.pop();
        self.push(caller, function, functions);
    }

    /// The function that is executed returns.
    pub(crate) fn return_(&mut self) {
        self.stack.pop();
    }

    fn push(&mut self, caller: Caller, function: u32, functions: &[Function]) {
        let node = match self.known.get(&(caller, function)) {
            Some(node) => *node,
            None => self.open(caller, function, functions),
        };
        if let Some(node) = self.nodes.get_mut(node as usize) {
            node.calls += 1;
        }
        self.stack.push(node);
    }

    #[cold]
    fn open(&mut self, caller: Caller, function: u32, functions: &[Function]) -> NodeId {
        let length = functions.get(function as usize).map_or(0, |function| (function.end - function.start) as usize);
        let counters = length * COUNTERS_PER_INSTRUCTION;
        let taken = self.counters.len() + (self.nodes.len() + 1) * NODE_COUNTERS + counters;
        let caller = if taken > self.counters_max { Caller::Unknown } else { caller };
        if let Some(node) = self.known.get(&(caller, function)) {
            return *node;
        }
        let node = self.nodes.len() as NodeId;
        let first = self.counters.len();
        self.counters.resize(first + counters, 0);
        self.nodes.push(Node { caller, function, first, calls: 0 });
        self.known.insert((caller, function), node);
        node
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn functions(count: u32) -> Vec<Function> {
        (0..count).map(|index| Function { frame: index, start: 10 * index, end: 10 * index + 10 }).collect()
    }

    #[test]
    fn a_tree_without_room_knows_functions_only() {
        let functions = functions(3);
        let of_a_function = 10 * COUNTERS_PER_INSTRUCTION;
        let mut tree = CallTree::new(2 * (of_a_function + NODE_COUNTERS));
        tree.call(0, &functions, NO_CONTEXT);
        tree.call(1, &functions, NO_CONTEXT);
        for _ in 0..100 {
            tree.call(2, &functions, NO_CONTEXT);
            tree.call(1, &functions, NO_CONTEXT);
        }
        let callers: Vec<(Caller, u32, u64)> =
            tree.nodes().iter().map(|node| (node.caller, node.function, node.calls)).collect();
        let expect = [
            (Caller::Run, 0, 1),
            (Caller::Node(0, NO_CONTEXT), 1, 1),
            (Caller::Unknown, 2, 100),
            (Caller::Unknown, 1, 100),
        ];
        assert_eq!(callers, expect);
        assert_eq!(tree.counters().len(), 4 * of_a_function);
        (0..200).for_each(|_| tree.return_());
        assert_eq!(tree.top().map(|node| node.first), Some(of_a_function));
    }

    #[test]
    fn a_known_call_keeps_its_place_without_room() {
        let functions = functions(2);
        let mut tree = CallTree::new(2 * (10 * COUNTERS_PER_INSTRUCTION + NODE_COUNTERS));
        tree.call(0, &functions, NO_CONTEXT);
        for _ in 0..3 {
            tree.call(1, &functions, NO_CONTEXT);
            tree.return_();
        }
        assert_eq!(tree.nodes().len(), 2);
        assert_eq!(tree.nodes()[1].calls, 3);
    }
}
