//! From a script's text to its directives, with their modules in the binary format.

use wasmparser::{Parser, Payload};
use wast::lexer::Lexer;
use wast::parser::{self, ParseBuffer};
use wast::{QuoteWat, Wast, WastDirective, WastExecute, Wat};

/// A directive of a script.
#[derive(Debug)]
pub(crate) struct Step<'a> {
    /// Its line, from 1.
    pub(crate) line: usize,
    /// What it says. Its module has been encoded and is of no more use.
    pub(crate) directive: WastDirective<'a>,
    /// Its module, if it has one.
    pub(crate) module: Option<Module>,
}

/// A module of a script.
#[derive(Debug)]
pub(crate) struct Module {
    /// The name that the script gives it.
    pub(crate) name: Option<String>,
    /// The binary format; what the text parser says if there is none.
    pub(crate) wasm: Result<Vec<u8>, String>,
    /// The modules it imports from.
    pub(crate) imports: Vec<String>,
    /// Whether it is a component, which is no module.
    pub(crate) is_component: bool,
}

/// A text buffer with a script's tokens.
pub(crate) fn lex(text: &str) -> Result<ParseBuffer<'_>, wast::Error> {
    let mut lexer = Lexer::new(text);
    lexer.allow_confusing_unicode(true);
    ParseBuffer::new_with_lexer(lexer)
}

/// The directives of a script.
pub(crate) fn parse<'a>(buffer: &'a ParseBuffer<'a>, text: &str) -> Result<Vec<Step<'a>>, wast::Error> {
    let wast = parser::parse::<Wast<'a>>(buffer)?;
    let step = |mut directive: WastDirective<'a>| {
        let line = directive.span().linecol_in(text).0 + 1;
        let module = encode(&mut directive);
        Step { line, directive, module }
    };
    Ok(wast.directives.into_iter().map(step).collect())
}

fn encode(directive: &mut WastDirective<'_>) -> Option<Module> {
    match directive {
        WastDirective::Module(module)
        | WastDirective::ModuleDefinition(module)
        | WastDirective::AssertMalformed { module, .. }
        | WastDirective::AssertInvalid { module, .. }
        | WastDirective::AssertInvalidCustom { module, .. }
        | WastDirective::AssertMalformedCustom { module, .. } => {
            let is_component = matches!(module, QuoteWat::QuoteComponent(..) | QuoteWat::Wat(Wat::Component(_)));
            let name = module.name().map(|id| id.name().to_owned());
            Some(Module::new(name, module.encode(), is_component))
        }
        WastDirective::AssertUnlinkable { module, .. }
        | WastDirective::AssertReturn { exec: WastExecute::Wat(module), .. }
        | WastDirective::AssertTrap { exec: WastExecute::Wat(module), .. }
        | WastDirective::AssertException { exec: WastExecute::Wat(module), .. } => {
            let is_component = matches!(module, Wat::Component(_));
            Some(Module::new(None, module.encode(), is_component))
        }
        _ => None,
    }
}

impl Module {
    fn new(name: Option<String>, wasm: Result<Vec<u8>, wast::Error>, is_component: bool) -> Self {
        let wasm = wasm.map_err(|error| error.message());
        let imports = wasm.as_ref().map_or_else(|_| Vec::new(), |wasm| imports(wasm));
        Self { name, wasm, imports, is_component }
    }
}

/// The modules that a module imports from, as far as it can be read.
fn imports(wasm: &[u8]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload {
            Ok(Payload::ImportSection(section)) => {
                for import in section.into_imports().map_while(Result::ok) {
                    if names.iter().all(|name| name != import.module) {
                        names.push(import.module.to_owned());
                    }
                }
            }
            Ok(Payload::FunctionSection(_) | Payload::CodeSectionStart { .. }) | Err(_) => break,
            Ok(_) => {}
        }
    }
    names
}
