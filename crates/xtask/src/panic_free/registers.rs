//! Finds the calls through a register that are in fact calls of a known symbol. The compiler loads an address once and
//! calls it several times.
//!
//! This is a forward flow over the basic blocks of one function. A register holds the address of a symbol if every way
//! to this place loaded one. The loading instructions name these symbols, and the walk follows them all.

use std::collections::{BTreeSet, HashMap, HashSet};

/// A line of a function that matters for the flow.
#[derive(Clone, Debug)]
pub(super) enum Line {
    /// A label, which begins a new basic block.
    Label(String),
    /// An instruction without its prefixes: its mnemonic and its operands.
    Instruction(String, String),
}

/// The sixteen general registers, each with the names of its parts.
const REGISTERS: [[&str; 4]; 16] = [
    ["%rbx", "%ebx", "%bx", "%bl"],
    ["%rbp", "%ebp", "%bp", "%bpl"],
    ["%r12", "%r12d", "%r12w", "%r12b"],
    ["%r13", "%r13d", "%r13w", "%r13b"],
    ["%r14", "%r14d", "%r14w", "%r14b"],
    ["%r15", "%r15d", "%r15w", "%r15b"],
    ["%rax", "%eax", "%ax", "%al"],
    ["%rcx", "%ecx", "%cx", "%cl"],
    ["%rdx", "%edx", "%dx", "%dl"],
    ["%rsi", "%esi", "%si", "%sil"],
    ["%rdi", "%edi", "%di", "%dil"],
    ["%rsp", "%esp", "%sp", "%spl"],
    ["%r8", "%r8d", "%r8w", "%r8b"],
    ["%r9", "%r9d", "%r9w", "%r9b"],
    ["%r10", "%r10d", "%r10w", "%r10b"],
    ["%r11", "%r11d", "%r11w", "%r11b"],
];

/// The number of registers, counted from the first, that a called function must not change.
const PRESERVED: usize = 6;

/// The beginnings of the names of instructions that write no general register.
const READ_ONLY: &[&str] = &["cmp", "test", "push", "j", "ret", "nop", "ud2", "bt", "prefetch", "vzero"];

/// The beginnings of the names of instructions that write their last operand and no other general register.
const LAST_ONLY: &[&str] = &[
    "mov", "lea", "add", "adc", "sub", "sbb", "and", "or", "xor", "not", "neg", "inc", "dec", "shl", "shr",
    "sar", "rol", "ror", "cmov", "set", "bswap", "pop", "lzcnt", "tzcnt", "bsf", "bsr", "v", "p", "and",
    "rorx", "shrx", "shlx", "sarx",
];

type Held = [bool; REGISTERS.len()];

struct Block<'l> {
    start: usize,
    lines: &'l [Line],
    /// The blocks that may follow.
    next: Vec<usize>,
    /// Whether the block may be reached from a place where nothing is known.
    is_open: bool,
}

/// The lines that call or jump through a register that holds the address of a symbol. `in_tables` are the labels to
/// which a jump table of the file leads.
pub(super) fn known_targets(lines: &[Line], in_tables: &HashSet<&str>) -> BTreeSet<usize> {
    let blocks = blocks(lines, in_tables);
    let mut entry: Vec<Held> =
        blocks.iter().map(|block| if block.is_open { [false; 16] } else { [true; 16] }).collect();
    let mut changed = true;
    while changed {
        changed = false;
        for (index, block) in blocks.iter().enumerate() {
            let mut held = entry[index];
            for line in block.lines {
                step(line, &mut held);
            }
            for next in &block.next {
                for (known, held) in entry[*next].iter_mut().zip(held) {
                    changed |= *known && !held;
                    *known &= held;
                }
            }
        }
    }
    let mut known = BTreeSet::new();
    for (block, held) in blocks.iter().zip(entry) {
        let mut held = held;
        for (index, line) in block.lines.iter().enumerate() {
            if let Line::Instruction(mnemonic, operands) = line
                && (mnemonic.starts_with("call") || mnemonic.starts_with("jmp"))
                && let Some(register) = operands.strip_prefix('*').and_then(register)
                && held[register]
            {
                known.insert(block.start + index);
            }
            step(line, &mut held);
        }
    }
    known
}

fn blocks<'l>(lines: &'l [Line], in_tables: &HashSet<&str>) -> Vec<Block<'l>> {
    let mut starts = vec![0];
    for (index, line) in lines.iter().enumerate() {
        let ends = |line: &Line| matches!(line, Line::Instruction(mnemonic, _) if mnemonic.starts_with('j'));
        if index > 0 && (matches!(line, Line::Label(_)) || ends(&lines[index - 1])) {
            starts.push(index);
        }
    }
    let mut labels: HashMap<&str, usize> = HashMap::new();
    for (block, start) in starts.iter().enumerate() {
        if let Some(Line::Label(label)) = lines.get(*start) {
            labels.insert(label, block);
        }
    }
    let mut jumped_to = vec![false; starts.len()];
    let mut blocks = Vec::new();
    for (index, start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(lines.len());
        let lines = &lines[*start..end];
        let mut next = Vec::new();
        let mut falls_through = true;
        match lines.last() {
            Some(Line::Instruction(mnemonic, operands)) if mnemonic.starts_with('j') => {
                next.extend(labels.get(operands.as_str()).copied());
                falls_through = !mnemonic.starts_with("jmp");
            }
            Some(Line::Instruction(mnemonic, _)) if mnemonic.starts_with("ret") || mnemonic == "ud2" => {
                falls_through = false;
            }
            _ => {}
        }
        if falls_through && index + 1 < starts.len() {
            next.push(index + 1);
        }
        for block in &next {
            jumped_to[*block] = true;
        }
        // Landing pads are reached from calls. Their labels begin with .Ltmp.
        let is_landing = matches!(lines.first(), Some(Line::Label(label)) if !label.starts_with(".LBB"));
        blocks.push(Block { start: *start, lines, next, is_open: index == 0 || is_landing });
    }
    // Nothing is known where a table leads to, and where nothing jumps to.
    for (block, jumped_to) in blocks.iter_mut().zip(jumped_to) {
        let is_in_table =
            matches!(block.lines.first(), Some(Line::Label(label)) if in_tables.contains(label.as_str()));
        block.is_open |= !jumped_to || is_in_table;
    }
    blocks
}

fn step(line: &Line, held: &mut Held) {
    let Line::Instruction(mnemonic, operands) = line else { return };
    if mnemonic.starts_with("call") {
        held[PRESERVED..].fill(false);
        return;
    }
    let begins = |names: &[&str]| names.iter().any(|name| mnemonic.starts_with(name));
    if begins(READ_ONLY) {
        return;
    }
    let is_string = mnemonic.contains("str") || mnemonic.starts_with("movs") && operands.contains("%es:");
    // With a single operand, this multiplication writes two registers that it does not name.
    let is_named_product = mnemonic.starts_with("imul") && operands.contains(", ");
    if !(begins(LAST_ONLY) || is_named_product) || is_string {
        held.fill(false);
        return;
    }
    let last = operands.rsplit(", ").next().unwrap_or(operands);
    if let Some(register) = register(last) {
        let is_address = mnemonic == "movq" && operands.contains("@GOTPCREL(%rip)")
            || mnemonic == "leaq" && operands.contains("(%rip)")
            || mnemonic == "movq" && register_of_move(operands).is_some_and(|from| held[from]);
        held[register] = is_address;
    }
}

/// The register that a move between registers reads.
fn register_of_move(operands: &str) -> Option<usize> {
    register(operands.split(", ").next()?)
}

fn register(name: &str) -> Option<usize> {
    REGISTERS.iter().position(|names| names.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(text: &str) -> Vec<bool> {
        known_with_tables(text, &[])
    }

    fn known_with_tables(text: &str, in_tables: &[&str]) -> Vec<bool> {
        let lines: Vec<Line> = text
            .split(" / ")
            .map(|line| match line.strip_suffix(':') {
                Some(label) => Line::Label(label.to_string()),
                None => {
                    let (mnemonic, operands) = line.split_once(' ').unwrap_or((line, ""));
                    Line::Instruction(mnemonic.to_string(), operands.to_string())
                }
            })
            .collect();
        let known = known_targets(&lines, &in_tables.iter().copied().collect());
        let is_indirect =
            |line: &Line| matches!(line, Line::Instruction(_, operands) if operands.starts_with('*'));
        (0..lines.len())
            .filter(|index| is_indirect(&lines[*index]))
            .map(|index| known.contains(&index))
            .collect()
    }

    const LOAD: &str = "movq memset@GOTPCREL(%rip), %r13";

    #[test]
    fn an_address_loaded_once_and_called_twice() {
        assert_eq!(known(&format!("{LOAD} / callq *%r13 / callq *%r13")), [true, true]);
        assert_eq!(known(&format!("{LOAD} / xorl %eax, %eax / movq %r13, %rax / callq *%rax")), [true]);
        assert_eq!(known(&format!("{LOAD} / callq *%r13 / popq %r13 / movq 8(%rdi), %r13")), [true]);
    }

    #[test]
    fn what_is_written_over_is_not_known() {
        for over in [
            "movq 8(%rdi), %r13",
            "xorl %r13d, %r13d",
            "xchgq %r13, %rax",
            "cpuid",
            "popq %r13",
            "imulq %rcx",
            "imulq $8, %rcx, %r13",
        ] {
            assert_eq!(known(&format!("{LOAD} / {over} / callq *%r13")), [false], "{over}");
        }
        assert_eq!(known(&format!("{LOAD} / imulq $8, %rcx, %rbx / callq *%r13")), [true]);
        assert_eq!(known("movq memset@GOTPCREL(%rip), %rax / callq g / callq *%rax"), [false]);
        assert_eq!(known("callq *%r13"), [false], "what the caller left there");
    }

    #[test]
    fn every_way_must_have_loaded_it() {
        let join = |other: &str| {
            format!("je .LBB0_1 / {LOAD} / jmp .LBB0_2 / .LBB0_1: / {other} / .LBB0_2: / callq *%r13")
        };
        assert_eq!(known(&join("leaq helper(%rip), %r13")), [true]);
        assert_eq!(known(&join("movq (%rdi), %r13")), [false]);
        let again = format!("{LOAD} / .LBB0_1: / callq *%r13 / movq (%rdi), %r13 / jne .LBB0_1");
        assert_eq!(known(&again), [false]);
        let landing = format!("{LOAD} / jmp .Ltmp1 / .Ltmp1: / callq *%r13");
        assert_eq!(known(&landing), [false]);
        let table = format!("{LOAD} / jmpq *%rax / .LBB0_3: / callq *%r13");
        assert_eq!(known(&table), [false, false]);
        // The first block falls through to the label, and the table may lead there from where nothing is known.
        let both = format!("je .LBB0_1 / {LOAD} / .LBB0_2: / callq *%r13 / ret / .LBB0_1: / jmpq *%rax");
        assert_eq!(known_with_tables(&both, &[".LBB0_3"]), [true, false]);
        assert_eq!(known_with_tables(&both, &[".LBB0_2"]), [false, false]);
    }
}
