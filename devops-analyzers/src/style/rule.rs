//! The rules of style.

use devops_core::Severity;

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $severity:ident, $fix:literal;)*) => {
        /// A rule of style.
        ///
        /// ```
        /// use devops_analyzers::style::StyleRule;
        ///
        /// assert_eq!(StyleRule::LineLength.id(), "style/line-length");
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum StyleRule {
            $($(#[$doc])* $name,)*
        }

        impl StyleRule {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The id of its findings.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => concat!("style/", $text),)* }
            }

            /// The id without `style/`, as configurations write it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// How severe it is where the configuration does not say.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }

            /// What mends it.
            pub(super) const fn fix(self) -> &'static str {
                match self { $(Self::$name => $fix,)* }
            }
        }
    };
}

rules! {
    /// A line with more characters than allowed.
    LineLength = "line-length", Info, "break the line";
    /// Blanks at the end of a line.
    TrailingSpace = "trailing-space", Info, "delete the blanks";
    /// Tabs and spaces mixed in the indentation of one line, or of the lines of a file.
    MixedIndentation = "mixed-indentation", Minor, "indent as the rest of the file does";
    /// A line that a merge left behind.
    ConflictMarker = "conflict-marker", Major, "finish the merge and delete the markers";
    /// Output or a stop that is meant for debugging.
    DebugLeftover = "debug-leftover", Minor, "delete it, or log it";
    /// A note of work to do that says neither who nor which issue.
    TodoOwner = "todo-owner", Info, "name an owner or an issue, as in `TODO(ada)` or `TODO #12`";
    /// The last line of a file without a newline.
    FinalNewline = "final-newline", Info, "end the file with a newline";
    /// Line ends that differ from those of the rest.
    MixedNewlines = "mixed-newlines", Minor, "use one kind of line ends in a file";
    /// Signs that change the order in which text is shown, so that code is not what it looks like.
    Bidirectional = "bidirectional-text", Major, "delete the sign, or write it as an escape";
    /// Signs that are not shown.
    InvisibleText = "invisible-text", Major, "delete the sign, or write it as an escape";
}
