//! The shape of a table: a height-balanced binary tree (AVL) whose nodes are places in a vector.
//!
//! The tree knows neither keys nor values, so no order of keys can break it. It uses loops and no recursion: down
//! from the root, or up along the parents. Its height is at most 46 for 2^32 - 1 nodes.

use alloc::vec::Vec;

/// The number that stands for "no place". It is never used as a place.
pub(super) const NONE: u32 = u32::MAX;

/// Converts a place to an index. `NONE` becomes an index beyond the end of every vector here.
pub(super) fn index(at: u32) -> usize {
    // default: an index beyond the end of every vector
    usize::try_from(at).unwrap_or(usize::MAX)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

impl Side {
    const fn other(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }
}

/// One node. A free place has height 0, and the next free place as its parent.
#[derive(Clone, Copy, Debug)]
struct Node {
    left: u32,
    right: u32,
    parent: u32,
    height: u8,
}

#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    root: u32,
    /// The place that was freed last. `NONE` when there is no free place among the nodes.
    free: u32,
    len: usize,
    capacity: usize,
}

impl Tree {
    /// Makes an empty tree. `None` when there is not enough memory, or when `capacity` does not fit into 32 bits.
    pub(super) fn with_capacity(capacity: usize) -> Option<Self> {
        // The greatest place is below `NONE`.
        u32::try_from(capacity).ok()?;
        let mut nodes = Vec::new();
        nodes.try_reserve_exact(capacity).ok()?;
        Some(Self { nodes, root: NONE, free: NONE, len: 0, capacity })
    }

    pub(super) const fn capacity(&self) -> usize {
        self.capacity
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    pub(super) const fn root(&self) -> u32 {
        self.root
    }

    pub(super) fn clear(&mut self) {
        self.nodes.clear();
        (self.root, self.free, self.len) = (NONE, NONE, 0);
    }

    fn node(&self, at: u32) -> Option<&Node> {
        self.nodes.get(index(at))
    }

    pub(super) fn child(&self, at: u32, side: Side) -> u32 {
        self.node(at).map_or(NONE, |node| match side {
            Side::Left => node.left,
            Side::Right => node.right,
        })
    }

    fn parent(&self, at: u32) -> u32 {
        self.node(at).map_or(NONE, |node| node.parent)
    }

    fn height(&self, at: u32) -> u8 {
        self.node(at).map_or(0, |node| node.height)
    }

    /// The place furthest to one side of the whole tree.
    pub(super) fn outermost(&self, side: Side) -> u32 {
        self.outermost_below(self.root, side)
    }

    fn outermost_below(&self, mut at: u32, side: Side) -> u32 {
        loop {
            match self.child(at, side) {
                NONE => return at,
                next => at = next,
            }
        }
    }

    /// The next place in the order of keys, on one side.
    pub(super) fn beside(&self, mut at: u32, side: Side) -> u32 {
        let below = self.child(at, side);
        if below != NONE {
            return self.outermost_below(below, side.other());
        }
        loop {
            let parent = self.parent(at);
            if parent == NONE || self.child(parent, side.other()) == at {
                return parent;
            }
            at = parent;
        }
    }

    /// The place that the next node will take. `None` when all places are taken.
    pub(super) fn vacant(&self) -> Option<u32> {
        if self.free != NONE {
            return Some(self.free);
        }
        if self.nodes.len() >= self.capacity {
            return None;
        }
        u32::try_from(self.nodes.len()).ok()
    }

    /// Inserts the place `at`, which comes from [`vacant`](Self::vacant), as a child of `parent`. `parent` has no
    /// child on that side yet. When `parent` is `NONE`, the place becomes the root.
    pub(super) fn attach(&mut self, at: u32, parent: u32, side: Side) {
        let leaf = Node { left: NONE, right: NONE, parent, height: 1 };
        if let Some(node) = self.nodes.get_mut(index(at)) {
            self.free = node.parent;
            *node = leaf;
        } else if self.nodes.len() < self.nodes.capacity() {
            self.nodes.push(leaf);
        }
        if parent == NONE {
            self.root = at;
        } else {
            self.link(parent, side, at);
        }
        self.len = self.len.saturating_add(1);
        self.rebalance(parent);
    }

    /// Removes the place `at` from the tree. The place is vacant afterwards.
    pub(super) fn detach(&mut self, at: u32) {
        let Some(&Node { left, right, parent, height }) = self.node(at) else { return };
        let changed = if left != NONE && right != NONE {
            // The next place in order has no left child. It leaves its own position and takes this one.
            let next = self.outermost_below(right, Side::Left);
            let above = self.parent(next);
            let changed = if above == at {
                next
            } else {
                self.link(above, Side::Left, self.child(next, Side::Right));
                self.link(next, Side::Right, right);
                above
            };
            self.link(next, Side::Left, left);
            if let Some(node) = self.nodes.get_mut(index(next)) {
                node.height = height;
            }
            self.replace(parent, at, next);
            changed
        } else {
            self.replace(parent, at, if left == NONE { right } else { left });
            parent
        };
        if let Some(node) = self.nodes.get_mut(index(at)) {
            *node = Node { left: NONE, right: NONE, parent: self.free, height: 0 };
        }
        self.free = at;
        self.len = self.len.saturating_sub(1);
        self.rebalance(changed);
    }

    /// Makes `child` the child of `parent`, and `parent` the parent of `child`.
    fn link(&mut self, parent: u32, side: Side, child: u32) {
        if let Some(node) = self.nodes.get_mut(index(parent)) {
            match side {
                Side::Left => node.left = child,
                Side::Right => node.right = child,
            }
        }
        if let Some(node) = self.nodes.get_mut(index(child)) {
            node.parent = parent;
        }
    }

    /// Puts `new`, which may be `NONE`, in the position of `old` below `parent`.
    fn replace(&mut self, parent: u32, old: u32, new: u32) {
        if parent == NONE {
            self.root = new;
            if let Some(node) = self.nodes.get_mut(index(new)) {
                node.parent = NONE;
            }
        } else {
            let side = if self.child(parent, Side::Left) == old { Side::Left } else { Side::Right };
            self.link(parent, side, new);
        }
    }

    /// Restores the balance from `at` upwards, after the height of one of its children changed by one.
    fn rebalance(&mut self, mut at: u32) {
        while let Some(&Node { left, right, parent, height: before, .. }) = self.node(at) {
            let (left, right) = (self.height(left), self.height(right));
            let top = if left > right.saturating_add(1) {
                self.lift(at, Side::Left)
            } else if right > left.saturating_add(1) {
                self.lift(at, Side::Right)
            } else {
                self.measure(at);
                at
            };
            if self.height(top) == before {
                return;
            }
            at = parent;
        }
    }

    /// Raises the child on the side that is too high, or the inner child of that child when it is the higher one.
    fn lift(&mut self, at: u32, side: Side) -> u32 {
        let high = self.child(at, side);
        if self.height(self.child(high, side)) < self.height(self.child(high, side.other())) {
            self.rotate(high, side.other());
        }
        self.rotate(at, side)
    }

    /// Puts the child on one side in the position of `at`. Then `at` becomes its child on the other side.
    fn rotate(&mut self, at: u32, side: Side) -> u32 {
        let up = self.child(at, side);
        if up == NONE {
            return at;
        }
        self.replace(self.parent(at), at, up);
        self.link(at, side, self.child(up, side.other()));
        self.link(up, side.other(), at);
        self.measure(at);
        self.measure(up);
        up
    }

    /// Derives the height of a node from the heights of its children.
    fn measure(&mut self, at: u32) {
        let below = self.height(self.child(at, Side::Left)).max(self.height(self.child(at, Side::Right)));
        if let Some(node) = self.nodes.get_mut(index(at)) {
            node.height = below.saturating_add(1);
        }
    }

    /// Whether every link has its reverse link, every height is right, and the heights of two children never
    /// differ by more than one.
    #[cfg(any(test, fuzzing))]
    pub(super) fn is_sound(&self) -> bool {
        let mut count = 0_usize;
        let mut at = self.outermost(Side::Left);
        while let Some(node) = self.node(at) {
            let (left, right) = (self.height(node.left), self.height(node.right));
            let is_linked =
                [node.left, node.right].iter().all(|child| *child == NONE || self.parent(*child) == at);
            let is_at_root = node.parent != NONE || self.root == at;
            if !is_linked
                || !is_at_root
                || left.abs_diff(right) > 1
                || node.height != left.max(right).saturating_add(1)
            {
                return false;
            }
            count = count.saturating_add(1);
            if count > self.len {
                return false;
            }
            at = self.beside(at, Side::Right);
        }
        count == self.len
    }
}
