use super::*;
use proptest::prelude::*;

fn show(language: Language, source: &str) -> String {
    let shown: Vec<String> = tokens(language, source.as_bytes())
        .iter()
        .map(|t| {
            let text = String::from_utf8_lossy(t.text(source.as_bytes())).into_owned();
            match t.kind {
                TokenKind::Word
                | TokenKind::Operator
                | TokenKind::Open
                | TokenKind::Close
                | TokenKind::Number => text,
                kind => format!("{kind:?}<{text}>"),
            }
        })
        .collect();
    shown.join(" ")
}

#[test]
fn rust() {
    let cases = [
        (
            "'a' 'ab '\\'' b'x' 'é' '_",
            "Char<'a'> Lifetime<'ab> Char<'\\''> Char<b'x'> Char<'é'> Lifetime<'_>",
        ),
        (
            "r#\"a\"b\"# r\"\\\" br##\"\"#\"## c\"x\"",
            "String<r#\"a\"b\"#> String<r\"\\\"> String<br##\"\"#\"##> String<c\"x\">",
        ),
        ("r#type r b", "r # type r b"),
        ("/* a /* b */ c */ d", "Comment</* a /* b */ c */> d"),
        ("1..2 1.5e-3 0x1e+1 x.0.1", "1 .. 2 1.5e-3 0x1e + 1 x . 0.1"),
        ("\"a\\\"b\nc\" d", "String<\"a\\\"b\nc\"> d"),
        ("a..=b::<c>()?", "a ..= b :: < c > ( ) ?"),
    ];
    for (source, expected) in cases {
        assert_eq!(show(Language::Rust, source), expected, "{source}");
    }
}

#[test]
fn python() {
    let cases = [
        ("a = f'{x[\"a\"]}' # c", "a = String<f'{x[\"a\"]}'> Comment<# c> Newline<>"),
        ("a = f\"{x[\"a\"]}{{\" + 1", "a = String<f\"{x[\"a\"]}{{\"> + 1 Newline<>"),
        ("x = '''a\n'b''' 'c", "x = String<'''a\n'b'''> String<'c> Newline<>"),
        (
            "if a:\n\n  # n\n  b\nc\n",
            "if a : Newline<> Comment<# n> Indent<> b Newline<> Dedent<> c Newline<>",
        ),
        ("f(a,\n  b)\nrb'\\''", "f ( a , b ) Newline<> String<rb'\\''> Newline<>"),
        ("a \\\n + b // c", "a + b // c Newline<>"),
        ("x = (\ndef f(): pass", "x = ( Newline<> def f ( ) : pass Newline<>"),
    ];
    for (source, expected) in cases {
        assert_eq!(show(Language::Python, source), expected, "{source}");
    }
}

#[test]
fn javascript() {
    let cases = [
        ("a / b / c", "a / b / c"),
        ("x = /a[/]\\//g.test(y) / 2", "x = Regex</a[/]\\//g> . test ( y ) / 2"),
        (
            "`a${b ? `c${d}` : '}'}e` + 1",
            "String<`a> ${ b ? String<`c> ${ d } String<`> : String<'}'> } String<e`> + 1",
        ),
        (
            "return <p a=\"it's\" b={c}>Don't {d} <br/></p>;",
            "return < p a = String<\"it's\"> b = { c } > Text<Don't > { d } < br /> < / p > ;",
        ),
        ("a < b && c > d", "a < b && c > d"),
        ("this.#x ?? a?.b ?.5:1", "this . #x ?? a ?. b ? .5 : 1"),
        ("<></>", "< > < / >"),
    ];
    for (source, expected) in cases {
        assert_eq!(show(Language::JavaScript, source), expected, "{source}");
    }
    assert_eq!(show(Language::Tsx, "const f = <T,>(x: T) => x"), "const f = < T , > ( x : T ) => x");
}

#[test]
fn others() {
    let cases = [
        (Language::Go, "`a\n\\` 'x' \"\\\"\"", "String<`a\n\\`> Char<'x'> String<\"\\\"\">"),
        (
            Language::Java,
            "\"\"\"a \"b\n\\\"\"\" c\"\"\" 'x'",
            "String<\"\"\"a \"b\n\\\"\"\" c\"\"\"> Char<'x'>",
        ),
        (Language::C, "#define A \\\n 1\nint a; # b", "Directive<#define A \\\n 1> int a ; # b"),
        (
            Language::Cpp,
            "R\"x(a)\" )x\" 1'000 u8\"é\" L'a'",
            "String<R\"x(a)\" )x\"> 1'000 String<u8\"é\"> Char<L'a'>",
        ),
        (Language::CSharp, "@\"a\"\"b\\\" $\"{x}\"", "String<@\"a\"\"b\\\"> String<$\"{x}\">"),
        (Language::Swift, "#\"a\"b\"# \"c\"", "String<#\"a\"b\"#> String<\"c\">"),
        (
            Language::Shell,
            "echo 'a\\' \"$#\" ${#x} # c",
            "echo String<'a\\'> String<\"$#\"> $ { # x } Comment<# c>",
        ),
        (Language::Toml, "a-b = \"\"\"x\n\"\"\" # c", "a-b = String<\"\"\"x\n\"\"\"> Comment<# c>"),
        (Language::Sql, "select 'it''s' -- c", "select String<'it'> String<'s'> Comment<-- c>"),
        (Language::Markup, "<a><!-- x --></a>", "< a > Comment<<!-- x -->> < / a >"),
    ];
    for (language, source, expected) in cases {
        assert_eq!(show(language, source), expected, "{source}");
    }
}

#[test]
fn lines_are_counted() {
    let source = "a\r\n/* b\n c */ \"d\\\n\" `x\n${\ny\n}z` last";
    let all = tokens(Language::JavaScript, source.as_bytes());
    assert_eq!(all.last().unwrap().line, 7);
    let source = "x = \"\"\"\n\n\"\"\"\ny \\\n + 1\nz";
    let all = tokens(Language::Python, source.as_bytes());
    assert_eq!(all.iter().rfind(|t| t.kind == TokenKind::Word).unwrap().line, 6);
}

fn fragments() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just("'"),
        Just("\""),
        Just("`"),
        Just("${"),
        Just("}"),
        Just("{"),
        Just("/*"),
        Just("*/"),
        Just("//"),
        Just("#"),
        Just("r#\""),
        Just("\"\"\""),
        Just("'''"),
        Just("\n"),
        Just("\\"),
        Just("<a>"),
        Just("</a>"),
        Just("/>"),
        Just("("),
        Just(")"),
        Just("  "),
        Just("if "),
        Just("f\"{"),
        Just("\\\r\n"),
        Just("é"),
        Just("= /["),
        Just("R\"("),
        Just("@\""),
        Just("=begin"),
        Just("1e+"),
        Just("<!--"),
        Just("\t"),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|parts| parts.concat().into_bytes())
}

proptest! {
    #[test]
    fn any_input_is_split_in_order(source in prop_oneof![proptest::collection::vec(any::<u8>(), 0..200), fragments()]) {
        for language in Language::ALL {
            let mut at = 0;
            let mut line = 1;
            for token in tokens(*language, &source) {
                prop_assert!(token.start >= at && token.end >= token.start && token.end <= source.len());
                let skipped = &source[at..token.start];
                prop_assert!(
                    skipped.iter().all(|b| b.is_ascii_whitespace() || matches!(b, b'\\' | 0x0b | 0xef | 0xbb | 0xbf)),
                    "{language} lost {:?}", String::from_utf8_lossy(skipped)
                );
                line += skipped.iter().filter(|b| **b == b'\n').count();
                prop_assert_eq!(token.line as usize, line, "{}", language);
                line += token.text(&source).iter().filter(|b| **b == b'\n').count();
                at = token.end;
            }
        }
    }
}
