//! Which language a file is in.

use core::fmt;

use devops_core::RepoPath;

macro_rules! languages {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $kind:ident, [$($extension:literal),*];)*) => {
        /// A language that the tokenizer knows the comments and strings of.
        ///
        /// ```
        /// use devops_analyzers::language::Language;
        /// use devops_core::RepoPath;
        ///
        /// assert_eq!(Language::detect(&RepoPath::new("src/lib.rs")?, b""), Some(Language::Rust));
        /// assert_eq!(Language::detect(&RepoPath::new("bin/run")?, b"#!/usr/bin/env python3\n"), Some(Language::Python));
        /// assert_eq!(Language::detect(&RepoPath::new("notes.xyz")?, b""), None);
        /// # Ok::<(), devops_core::ValueError>(())
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Language {
            $($(#[$doc])* $name,)*
        }

        impl Language {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The name as it is written in reports.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// Whether it is a programming language, and not data, mark-up or prose.
            ///
            /// ```
            /// use devops_analyzers::language::Language;
            ///
            /// assert!(Language::Go.is_code() && !Language::Json.is_code());
            /// ```
            #[must_use]
            pub const fn is_code(self) -> bool {
                match self { $(Self::$name => languages!(@ $kind),)* }
            }

            /// By the extension of a file name, without its dot.
            ///
            /// ```
            /// use devops_analyzers::language::Language;
            ///
            /// assert_eq!(Language::from_extension("TSX"), Some(Language::Tsx));
            /// ```
            #[must_use]
            pub fn from_extension(extension: &str) -> Option<Self> {
                const TABLE: &[(&[&str], Language)] = &[$((&[$($extension),*], Language::$name)),*];
                let known = |all: &[&str]| all.iter().any(|e| e.eq_ignore_ascii_case(extension));
                TABLE.iter().find(|(all, _)| known(all)).map(|(_, language)| *language)
            }
        }
    };
    (@ code) => { true };
    (@ data) => { false };
}

languages! {
    /// Rust.
    Rust = "rust", code, ["rs"];
    /// Python.
    Python = "python", code, ["py", "pyi", "pyw"];
    /// JavaScript, with JSX.
    JavaScript = "javascript", code, ["js", "jsx", "mjs", "cjs"];
    /// TypeScript.
    TypeScript = "typescript", code, ["ts", "mts", "cts"];
    /// TypeScript with JSX.
    Tsx = "tsx", code, ["tsx"];
    /// Go.
    Go = "go", code, ["go"];
    /// Java.
    Java = "java", code, ["java"];
    /// C.
    C = "c", code, ["c", "h"];
    /// C++.
    Cpp = "c++", code, ["cpp", "cc", "cxx", "hpp", "hh", "hxx", "inl"];
    /// C#.
    CSharp = "c#", code, ["cs"];
    /// Kotlin.
    Kotlin = "kotlin", code, ["kt", "kts"];
    /// Swift.
    Swift = "swift", code, ["swift"];
    /// Scala.
    Scala = "scala", code, ["scala", "sc"];
    /// PHP.
    Php = "php", code, ["php"];
    /// Ruby.
    Ruby = "ruby", code, ["rb", "rake", "gemspec"];
    /// Shell scripts.
    Shell = "shell", code, ["sh", "bash", "zsh", "ksh"];
    /// SQL.
    Sql = "sql", code, ["sql"];
    /// Style sheets.
    Css = "css", data, ["css", "scss", "less"];
    /// HTML and XML.
    Markup = "markup", data, ["html", "htm", "xml", "svg", "vue"];
    /// YAML.
    Yaml = "yaml", data, ["yaml", "yml"];
    /// TOML.
    Toml = "toml", data, ["toml"];
    /// JSON.
    Json = "json", data, ["json", "json5", "jsonc"];
    /// Markdown.
    Markdown = "markdown", data, ["md", "markdown"];
    /// Container build files.
    Dockerfile = "dockerfile", data, ["dockerfile"];
    /// Make files.
    Make = "make", data, ["mk"];
}

impl Language {
    /// By the name of the file or, where that says nothing, by the `#!` line of its contents; `None` where
    /// neither tells.
    #[must_use]
    pub fn detect(path: &RepoPath, contents: &[u8]) -> Option<Self> {
        if let Some(language) = path.extension().and_then(Self::from_extension) {
            return Some(language);
        }
        match path.file_name() {
            "Dockerfile" | "Containerfile" => Some(Self::Dockerfile),
            "Makefile" | "makefile" | "GNUmakefile" => Some(Self::Make),
            "Rakefile" | "Gemfile" => Some(Self::Ruby),
            name if name.starts_with("Dockerfile.") => Some(Self::Dockerfile),
            _ if path.extension().is_none() => Self::from_shebang(contents),
            _ => None,
        }
    }

    /// By a `#!` line.
    fn from_shebang(contents: &[u8]) -> Option<Self> {
        let line = contents.strip_prefix(b"#!")?.split(|b| *b == b'\n').next()?;
        let line = core::str::from_utf8(line.get(..line.len().min(200))?).ok()?;
        let mut words = line.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or(word));
        let program = words.find(|word| *word != "env" && !word.starts_with('-') && !word.contains('='))?;
        let program = program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        match program {
            "python" | "pypy" => Some(Self::Python),
            "sh" | "bash" | "zsh" | "ksh" | "dash" | "ash" => Some(Self::Shell),
            "node" | "nodejs" | "bun" => Some(Self::JavaScript),
            "deno" | "ts-node" | "tsx" => Some(Self::TypeScript),
            "ruby" => Some(Self::Ruby),
            "php" => Some(Self::Php),
            _ => None,
        }
    }

    /// Whether it is JavaScript or TypeScript in any form.
    #[must_use]
    pub const fn is_javascript_family(self) -> bool {
        matches!(self, Self::JavaScript | Self::TypeScript | Self::Tsx)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
