//! The files and directories of a world as a tree, its nodes in the archive's order: the root, then what is in each
//! directory, by name.

use std::collections::BTreeMap;

use super::{PATH_BYTES_MAX, World, WorldError};

/// Files and directories by the names in their paths.
#[derive(Default)]
pub(super) struct Tree<'a> {
    root: Entry<'a>,
}

/// A directory, or a file, which has bytes.
#[derive(Default)]
struct Entry<'a> {
    children: BTreeMap<&'a str, Entry<'a>>,
    bytes: Option<&'a [u8]>,
}

/// A file or directory in the order of the archive.
pub(super) struct Node<'a> {
    pub(super) name: &'a str,
    /// The number of the directory that it is in; the root is in itself.
    pub(super) parent: usize,
    pub(super) content: Content<'a>,
}

pub(super) enum Content<'a> {
    File(&'a [u8]),
    /// The first child's number, and how many there are.
    Directory {
        first: usize,
        number: usize,
    },
}

impl<'a> Tree<'a> {
    /// The files and directories of a world.
    pub(super) fn new(world: &'a World) -> Result<Self, WorldError> {
        let mut tree = Tree::default();
        for (path, bytes) in &world.files {
            let entry = tree.entry(path)?;
            if !entry.children.is_empty() {
                return Err(WorldError::FileAndDirectory { path: path.clone() });
            }
            entry.bytes = Some(bytes);
        }
        for path in &world.directories {
            if tree.entry(path)?.bytes.is_some() {
                return Err(WorldError::FileAndDirectory { path: path.clone() });
            }
        }
        Ok(tree)
    }

    /// The entry of a path, and with it those of the directories that it is in.
    fn entry(&mut self, path: &'a str) -> Result<&mut Entry<'a>, WorldError> {
        if path.len() > PATH_BYTES_MAX {
            let beginning = path.chars().take(32).collect();
            return Err(WorldError::PathLength { bytes: path.len(), beginning });
        }
        let mut entry = &mut self.root;
        for name in path.split('/') {
            if matches!(name, "" | "." | "..") || name.contains('\0') {
                return Err(WorldError::Path { path: path.to_owned() });
            }
            if entry.bytes.is_some() {
                return Err(WorldError::FileAndDirectory { path: path.to_owned() });
            }
            entry = entry.children.entry(name).or_default();
        }
        Ok(entry)
    }

    /// All nodes, or none if there is nothing in the root.
    pub(super) fn nodes(&self) -> Vec<Node<'a>> {
        if self.root.children.is_empty() {
            return Vec::new();
        }
        let mut entries = vec![("", 0, &self.root)];
        let mut nodes = Vec::new();
        while let Some(&(name, parent, entry)) = entries.get(nodes.len()) {
            let content = match entry.bytes {
                Some(bytes) => Content::File(bytes),
                None => Content::Directory { first: entries.len(), number: entry.children.len() },
            };
            entries.extend(entry.children.iter().map(|(&name, child)| (name, nodes.len(), child)));
            nodes.push(Node { name, parent, content });
        }
        nodes
    }
}
