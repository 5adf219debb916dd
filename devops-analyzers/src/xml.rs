//! A small pull reader over XML reports: elements, attributes, text; nothing is ever fetched or expanded.

use core::fmt;
use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// How deep elements may stand in each other.
const MAX_DEPTH: usize = 200;

/// Why an XML report was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum XmlError {
    /// More bytes than the reader may look at.
    #[error("report of {bytes} bytes is larger than the limit of {limit} bytes")]
    TooLarge {
        /// How many.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// In an encoding that is not read.
    #[error("report is not UTF-8 from byte {offset} on: expected UTF-8 or ISO-8859-1")]
    Encoding {
        /// The first bad byte, from 0.
        offset: usize,
    },
    /// The file stops inside an element.
    #[error("report ends inside `<{element}>`: was it cut off?")]
    Truncated {
        /// The innermost open element.
        element: String,
    },
    /// Not well-formed.
    #[error("report is not well-formed at byte {offset}: {problem}")]
    NotXml {
        /// Where, from 0.
        offset: u64,
        /// What the XML reader says.
        problem: String,
    },
    /// Elements in elements without end.
    #[error("report nests elements deeper than {limit}")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// XML of another kind.
    #[error("report begins with `<{found}>`: expected {expected}")]
    Root {
        /// The root element.
        found: String,
        /// What would be right.
        expected: &'static str,
    },
    /// No element at all.
    #[error("report holds no element: expected {expected}")]
    Empty {
        /// What would be right.
        expected: &'static str,
    },
}

/// What comes next in the document.
#[derive(Debug)]
pub(crate) enum Piece<'a> {
    Start(Element<'a>),
    /// The end of an element, whose name the caller knows from its start.
    End,
    Text(String),
    /// The document is over.
    Done,
}

/// The start of an element.
pub(crate) struct Element<'a>(BytesStart<'a>);

impl fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Element({})", self.name())
    }
}

impl Element<'_> {
    /// The name without its namespace.
    pub(crate) fn name(&self) -> String {
        self.0.local_name().as_ref().to_owned()
    }

    /// An attribute, with the five entities of XML and character references read; others stay as they are.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.0.attributes();
        let mut readable = attributes.with_checks(false).filter_map(Result::ok);
        readable.find(|a| a.key.local_name().as_ref() == name).map(|a| unescaped(&a.value))
    }
}

/// Text with the five entities of XML and character references read. Others, which a document could define to
/// stand for gigabytes, stay as they are.
fn unescaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('&') {
        shown.push_str(before);
        // A name that is known is short.
        let end = from.bytes().take(12).position(|b| b == b';');
        let cut = end.and_then(|end| Some((from.get(..end)?, from.get(end.checked_add(1)?..)?)));
        let known = cut.and_then(|(name, after)| Some((referred(name)?, after)));
        match known {
            Some((c, after)) => {
                shown.push(c);
                rest = after;
            }
            None => {
                shown.push('&');
                rest = from;
            }
        }
    }
    shown.push_str(rest);
    shown
}

fn referred(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

/// Text of a document, whatever of the allowed encodings it is in.
pub(crate) fn document(bytes: &[u8], limit: usize) -> Result<Cow<'_, str>, XmlError> {
    if bytes.len() > limit {
        return Err(XmlError::TooLarge { bytes: bytes.len(), limit });
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match core::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(_) if declares_latin1(bytes) => Ok(Cow::Owned(bytes.iter().copied().map(char::from).collect())),
        Err(error) => Err(XmlError::Encoding { offset: error.valid_up_to() }),
    }
}

fn declares_latin1(bytes: &[u8]) -> bool {
    let declaration = bytes.split(|b| *b == b'>').next().unwrap_or_default();
    let declaration =
        String::from_utf8_lossy(declaration.get(..200).unwrap_or(declaration)).to_ascii_lowercase();
    declaration.starts_with("<?xml") && declaration.contains("iso-8859-1")
}

/// Reads a document piece by piece.
pub(crate) struct Pull<'a> {
    reader: Reader<&'a [u8]>,
    text: &'a str,
    open: Vec<String>,
    /// An empty element's end, still to be given.
    closing: bool,
}

impl<'a> Pull<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.allow_dangling_amp = true;
        config.check_end_names = true;
        Self { reader, text, open: Vec::new(), closing: false }
    }

    /// The root element.
    pub(crate) fn root(&mut self, names: &[&str], expected: &'static str) -> Result<Element<'a>, XmlError> {
        loop {
            match self.next()? {
                Piece::Start(element) if names.contains(&&*element.name()) => return Ok(element),
                Piece::Start(element) => {
                    return Err(XmlError::Root { found: devops_core::excerpt(&element.name()), expected });
                }
                Piece::Done => return Err(XmlError::Empty { expected }),
                Piece::End | Piece::Text(_) => {}
            }
        }
    }

    /// The next piece.
    pub(crate) fn next(&mut self) -> Result<Piece<'a>, XmlError> {
        if self.closing {
            self.closing = false;
            return Ok(Piece::End);
        }
        loop {
            let event = self.reader.read_event().map_err(|error| self.not_xml(&error))?;
            match event {
                Event::Start(start) => {
                    if self.open.len() >= MAX_DEPTH {
                        return Err(XmlError::TooDeep { limit: MAX_DEPTH });
                    }
                    let element = Element(start);
                    self.open.push(element.name());
                    return Ok(Piece::Start(element));
                }
                Event::Empty(start) => {
                    self.closing = true;
                    return Ok(Piece::Start(Element(start)));
                }
                Event::End(_) => {
                    self.open.pop();
                    return Ok(Piece::End);
                }
                Event::Text(text) => return Ok(Piece::Text(text.xml10_content().into_owned())),
                Event::CData(text) => return Ok(Piece::Text(text.xml10_content().into_owned())),
                Event::GeneralRef(reference) => {
                    return Ok(Piece::Text(unescaped(&format!("&{};", reference.into_inner()))));
                }
                Event::Eof => {
                    return match self.open.pop() {
                        Some(element) => Err(XmlError::Truncated { element: devops_core::excerpt(&element) }),
                        None => Ok(Piece::Done),
                    };
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
    }

    /// Reads up to the end of the element whose start was given last, and gives its text.
    pub(crate) fn text_of_element(&mut self) -> Result<String, XmlError> {
        let (mut text, mut depth) = (String::new(), 1_usize);
        while depth > 0 {
            match self.next()? {
                Piece::Start(_) => depth = depth.saturating_add(1),
                Piece::End => depth = depth.saturating_sub(1),
                Piece::Text(part) => text.push_str(&part),
                Piece::Done => break,
            }
        }
        Ok(text)
    }

    /// A syntax error at the very end of the file means that the rest is missing.
    fn not_xml(&self, error: &quick_xml::Error) -> XmlError {
        let offset = self.reader.error_position();
        let rest = usize::try_from(offset).ok().and_then(|at| self.text.get(at..)).unwrap_or_default();
        let unclosed = matches!(error, quick_xml::Error::Syntax(_)) && !rest.contains('>');
        match self.open.last() {
            Some(element) if unclosed => XmlError::Truncated { element: devops_core::excerpt(element) },
            _ => XmlError::NotXml { offset, problem: devops_core::excerpt(&error.to_string()) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(text: &str) -> Result<String, XmlError> {
        let mut pull = Pull::new(text);
        let mut shown = String::new();
        loop {
            match pull.next()? {
                Piece::Start(element) => shown.push_str(&format!("<{}", element.name())),
                Piece::End => shown.push('>'),
                Piece::Text(text) => shown.push_str(text.trim()),
                Piece::Done => return Ok(shown),
            }
        }
    }

    #[test]
    fn pieces_come_in_pairs() {
        let text = "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b \"xx\">]><n:a>&lt;&#65;&b;<c d='1'/><![CDATA[<&]]></n:a>";
        assert_eq!(all(text).unwrap(), "<a<A&b;<c><&>");
        assert_eq!(all("<a>R&D</a>").unwrap(), "<aR&D>");
    }

    #[test]
    fn broken_documents() {
        for (text, message) in [
            ("<a><b>", "report ends inside `<b>`: was it cut off?"),
            ("<a><b c='", "report ends inside `<a>`: was it cut off?"),
            ("<a></b>", "report is not well-formed at byte 3:"),
            ("<a", "report is not well-formed at byte 0:"),
        ] {
            let error = all(text).unwrap_err().to_string();
            assert!(error.starts_with(message), "{text}: {error}");
        }
        let deep = "<a>".repeat(100_000);
        assert_eq!(all(&deep).unwrap_err().to_string(), "report nests elements deeper than 200");
        assert!(document(b"<a>\xff</a>", 99).is_err());
        assert_eq!(
            document(b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9", 99).unwrap().chars().last(),
            Some('é')
        );
        assert!(document(b"<a/>", 3).is_err());
    }

    proptest! {
        #[test]
        fn never_panics(text in "[<>/a&;=' !\\[\\]?\\-]{0,60}") {
            let _ = all(&text);
        }
    }
}
