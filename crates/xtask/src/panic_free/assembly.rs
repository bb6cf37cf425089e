//! Reads an assembly file of x86-64 in AT&T syntax as a graph: the symbols that each function and each object names.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::registers::{self, Line};

/// The properties of a function that the walk needs besides the symbols that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A call or jump through a register or memory. The assembly does not say where it goes.
    Indirect(String),
    /// An instruction that ends the program.
    Trap,
}

/// A function or an object.
#[derive(Clone, Debug, Default)]
pub(super) struct Body {
    /// Whether it is a function, and not an object.
    pub(super) is_function: bool,
    /// Every symbol that it names: it calls it, jumps to it, or takes its address.
    pub(super) targets: BTreeSet<String>,
    /// The parts that cannot be followed.
    pub(super) faults: Vec<Fault>,
    lines: Vec<Line>,
    hidden: Vec<(usize, String)>,
}

/// The functions and objects of one file.
#[derive(Debug, Default)]
pub(super) struct Assembly {
    bodies: HashMap<String, Body>,
}

/// Instruction prefixes, which stand before the mnemonic.
const PREFIXES: &[&str] = &["lock", "rep", "repe", "repne", "repz", "repnz", "notrack", "data16"];

impl Assembly {
    pub(super) fn parse(text: &str) -> Self {
        let mut assembly = Self::default();
        let in_tables = labels_in_tables(text);
        let mut types: HashMap<&str, bool> = HashMap::new();
        let mut current: Option<String> = None;
        // The last instructions of the basic block, to tell a jump table from a hidden call.
        let mut block: Vec<String> = Vec::new();
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or_default().trim();
            if line.is_empty() {
                continue;
            }
            if let Some(label) = line.strip_suffix(':') {
                let label = label.trim_matches('"');
                if let Some(is_function) = types.get(label) {
                    current = Some(label.to_string());
                    let body = assembly.bodies.entry(label.to_string()).or_default();
                    body.is_function = *is_function;
                }
                if let Some(body) = current.as_ref().and_then(|name| assembly.bodies.get_mut(name)) {
                    body.lines.push(Line::Label(label.to_string()));
                }
                block.clear();
                continue;
            }
            let (word, operands) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            match word {
                ".type" => {
                    if let Some((name, kind)) = operands.split_once(',') {
                        types.insert(name.trim().trim_matches('"'), kind.trim() == "@function");
                    }
                    continue;
                }
                ".size" => {
                    if let Some(body) = current.take().and_then(|name| assembly.bodies.get_mut(&name)) {
                        body.settle(&in_tables);
                    }
                    continue;
                }
                ".set" | ".symver" => {
                    if let Some((alias, target)) = operands.split_once(',') {
                        assembly.alias(alias, target);
                    }
                    continue;
                }
                _ => {}
            }
            if let Some((alias, target)) = line.split_once(" = ") {
                assembly.alias(alias, target);
                continue;
            }
            let Some(body) = current.as_ref().and_then(|name| assembly.bodies.get_mut(name)) else {
                continue;
            };
            if word.starts_with('.') {
                if matches!(word, ".quad" | ".long" | ".8byte" | ".4byte") {
                    body.targets.extend(symbols(operands));
                }
                continue;
            }
            for instruction in line.split(';') {
                body.instruction(instruction.trim(), &block);
            }
            block.push(line.to_string());
        }
        assembly
    }

    fn alias(&mut self, alias: &str, target: &str) {
        let target = target.trim().trim_matches('"');
        // An alias is a symbol. A constant that is computed from labels is not.
        if symbols(target).len() == 1 && !target.contains(['-', '+']) {
            let body = self.bodies.entry(alias.trim().trim_matches('"').to_string()).or_default();
            body.targets.insert(target.to_string());
        }
    }

    pub(super) fn get(&self, symbol: &str) -> Option<&Body> {
        self.bodies.get(symbol)
    }

    /// The symbols of all functions.
    pub(super) fn functions(&self) -> impl Iterator<Item = &str> {
        self.bodies.iter().filter(|(_, body)| body.is_function).map(|(name, _)| name.as_str())
    }
}

impl Body {
    fn instruction(&mut self, instruction: &str, block: &[String]) {
        let mut words = instruction.split_whitespace().skip_while(|word| PREFIXES.contains(word));
        let Some(mnemonic) = words.next() else { return };
        let operands = words.collect::<Vec<_>>().join(" ");
        if mnemonic.starts_with("ud2") || mnemonic == "int3" {
            // The compiler puts this instruction behind a call that does not return. The call itself is followed.
            if !block.last().is_some_and(|before| before.starts_with("call")) {
                self.faults.push(Fault::Trap);
            }
            self.lines.push(Line::Instruction("ud2".to_string(), String::new()));
            return;
        }
        let is_call = mnemonic.starts_with("call");
        if (is_call || mnemonic.starts_with("jmp"))
            && let Some(target) = operands.strip_prefix('*')
            && !target.contains("@GOTPCREL(%rip)")
            && (is_call || !is_jump_table(target, block))
        {
            self.hidden.push((self.lines.len(), format!("{mnemonic} {operands}")));
        }
        self.targets.extend(symbols(&operands));
        self.lines.push(Line::Instruction(mnemonic.to_string(), operands));
    }

    /// Is called at the end of a function. A call through a register that holds the address of a symbol is not a
    /// fault, because the instruction that loaded the address has named the symbol.
    fn settle(&mut self, in_tables: &HashSet<&str>) {
        let lines = std::mem::take(&mut self.lines);
        if self.hidden.is_empty() {
            return;
        }
        let known = registers::known_targets(&lines, in_tables);
        let hidden = self.hidden.drain(..).filter(|(line, _)| !known.contains(line));
        self.faults.extend(hidden.map(|(_, instruction)| Fault::Indirect(instruction)));
    }
}

/// The labels inside functions to which data of the file lead, as the entries of a jump table do.
fn labels_in_tables(text: &str) -> HashSet<&str> {
    let data = text.lines().map(str::trim_start).filter(|line| line.starts_with('.') && !line.ends_with(':'));
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    data.flat_map(|line| line.split(move |c| !is_part(c))).filter(|word| word.starts_with(".LBB")).collect()
}

/// Whether a jump to `target` goes through a table of labels of the same function. This is so if the table's address
/// was loaded in this basic block, or if the target was computed by adding to it.
fn is_jump_table(target: &str, block: &[String]) -> bool {
    if target.contains(".LJTI") {
        return true;
    }
    // The instructions are searched backwards. The last one that wrote the register must be an addition.
    block
        .iter()
        .rev()
        .find(|line| line.ends_with(&format!(", {target}")))
        .is_some_and(|line| line.starts_with("add"))
}

/// The symbols that the operands of an instruction or a directive name, without labels inside functions.
fn symbols(operands: &str) -> Vec<String> {
    let mut symbols = Vec::new();
    let mut rest = operands;
    while let Some(start) =
        rest.find(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '%' | '$' | '"'))
    {
        let tail = &rest[start..];
        let (token, after) = if let Some(quoted) = tail.strip_prefix('"') {
            quoted.split_once('"').unwrap_or((quoted, ""))
        } else {
            let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '$' | '@');
            let end = tail[1..].find(|c| !is_part(c)).map_or(tail.len(), |end| end + 1);
            tail.split_at(end)
        };
        rest = after;
        let token = token.split('@').next().unwrap_or_default();
        let is_local =
            [".LBB", ".Ltmp", ".Lfunc", ".LJTI", ".LCPI"].iter().any(|local| token.starts_with(local));
        if !is_local && token.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '.')) {
            symbols.push(token.to_string());
        }
    }
    symbols
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_are_told_from_registers_numbers_and_labels() {
        assert_eq!(symbols("$1, %edi"), Vec::<String>::new());
        assert_eq!(symbols(".Lanon.c6.7(%rip), %rax"), [".Lanon.c6.7"]);
        assert_eq!(symbols("*syscall@GOTPCREL(%rip)"), ["syscall"]);
        assert_eq!(symbols("_RNvC3std8INSTANCE+12(%rip), %ebp"), ["_RNvC3std8INSTANCE"]);
        assert_eq!(symbols(".LBB2_3-.LJTI2_0"), Vec::<String>::new());
        assert_eq!(symbols("-56(%rsp,%rax,8), %xmm0"), Vec::<String>::new());
        assert_eq!(symbols("%fs:thread@TPOFF, %rbx"), ["thread"]);
        assert_eq!(symbols("0x1f(%rax)"), Vec::<String>::new());
    }

    #[test]
    fn the_entries_of_a_jump_table_are_labels_that_anything_may_reach() {
        let table = "\tjne\t.LBB2_1\n.LBB2_2:\n\tleaq\t.LJTI2_0(%rip), %rax\n.LJTI2_0:\n\t.long\t.LBB2_3-.LJTI2_0\n\t.quad\t.LBB2_4\n";
        assert_eq!(labels_in_tables(table), HashSet::from([".LBB2_3", ".LBB2_4"]));
    }

    #[test]
    fn prefixes_are_no_symbols() {
        let text = "\t.type f,@function\nf:\n\tlock\t\tcmpxchgq\t%rbx, counter(%rip)\n\trep;movsb (%rsi), %es:(%rdi)\n\t.size f, 1\n";
        let assembly = Assembly::parse(text);
        let targets: Vec<_> = assembly.get("f").unwrap().targets.iter().cloned().collect();
        assert_eq!(targets, ["counter"]);
    }
}
