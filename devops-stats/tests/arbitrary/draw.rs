//! Arguments from bytes: the same bytes give the same arguments.

/// Reads arguments off a slice of bytes; past its end everything is zero.
#[derive(Debug)]
pub struct Draw<'a> {
    bytes: &'a [u8],
    at: usize,
    longest: usize,
}

impl<'a> Draw<'a> {
    /// Slices drawn have at most `longest` elements.
    pub fn new(bytes: &'a [u8], longest: usize) -> Self {
        Self { bytes, at: 0, longest }
    }

    pub fn byte(&mut self) -> u8 {
        let byte = self.bytes.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        byte
    }

    pub fn flag(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    pub fn word(&mut self) -> u64 {
        (0..8).fold(0, |word, _| word << 8 | u64::from(self.byte()))
    }

    /// A whole number, small more often than not.
    pub fn whole(&mut self) -> u64 {
        match self.byte() % 4 {
            0 => self.word(),
            1 => u64::from(self.byte()) << 8 | u64::from(self.byte()),
            _ => u64::from(self.byte() % 24),
        }
    }

    pub fn count(&mut self) -> usize {
        self.whole() as usize
    }

    /// A count that a caller may wait for.
    pub fn small(&mut self) -> usize {
        usize::from(self.byte() % 40)
    }

    /// Any bit pattern, or a number of a kind that finds edges: ties, shares, offsets, subnormals, extremes.
    pub fn float(&mut self, kind: u8) -> f64 {
        match kind % 10 {
            0 => f64::from_bits(self.word()),
            1 => f64::from(self.byte() as i8),
            2 => f64::from(self.byte() % 4),
            3 => f64::from(self.byte()) / 255.0,
            4 => 1e9 + f64::from(self.byte()) * 1e-3,
            5 => f64::from_bits(u64::from(self.byte())),
            6 => f64::from(self.byte() as i8) * 1.4e306,
            7 => f64::from(self.byte()) * 0.1,
            8 => 1.0 + f64::from(self.byte()) * f64::EPSILON,
            _ => [0.0, -0.0, f64::MAX, f64::MIN, f64::MIN_POSITIVE, 5e-324, 1e-160, -1e160]
                [usize::from(self.byte() % 8)],
        }
    }

    pub fn any(&mut self) -> f64 {
        let kind = self.byte();
        self.float(kind)
    }

    /// A confidence or level: in (0, 1) more often than not.
    pub fn share(&mut self) -> f64 {
        match self.byte() % 4 {
            0 => self.any(),
            _ => f64::from(self.byte()) / 256.0 + 1.0 / 512.0,
        }
    }

    pub fn length(&mut self) -> usize {
        let length = match self.byte() % 4 {
            0 => usize::from(self.byte() % 8),
            1 => usize::from(self.byte()) << 8 | usize::from(self.byte()),
            _ => usize::from(self.byte()),
        };
        length.min(self.longest)
    }

    /// Numbers of one kind; what the bytes do not fill is their repetition, shifted by a step.
    pub fn floats(&mut self) -> Vec<f64> {
        let length = self.length();
        self.floats_of(length)
    }

    pub fn floats_of(&mut self, length: usize) -> Vec<f64> {
        let (kind, step) = (self.byte(), self.byte());
        let step = if step & 3 == 0 { self.float(kind) } else { f64::from(step & 2) };
        let left = self.bytes.len().saturating_sub(self.at);
        let own = length.min(left.clamp(1, 400));
        let mut values: Vec<f64> = (0..own).map(|_| self.float(kind)).collect();
        for i in own..length {
            values.push(values[i - own] + step);
        }
        if kind & 0x40 != 0 {
            values.sort_by(f64::total_cmp);
        }
        if kind & 0x80 != 0 && kind % 10 != 0 && length > 0 {
            let at = self.count() % length;
            values[at] = self.any();
        }
        values
    }

    pub fn gaps(&mut self) -> Vec<Option<f64>> {
        let values = self.floats();
        let every = usize::from(self.byte() % 7) + 1;
        values.into_iter().enumerate().map(|(i, v)| (i % every != every - 1).then_some(v)).collect()
    }

    /// As many as `length`, or rarely not.
    pub fn near(&mut self, length: usize) -> usize {
        if self.byte() == 255 { length + 1 } else { length }
    }

    pub fn wholes_of(&mut self, length: usize) -> Vec<u64> {
        let kind = self.byte();
        (0..length).map(|_| if kind & 1 == 0 { u64::from(self.byte() % 24) } else { self.whole() }).collect()
    }

    pub fn flags_of(&mut self, length: usize) -> Vec<bool> {
        match self.byte() % 4 {
            0 => vec![false; length],
            1 => vec![true; length],
            _ => (0..length).map(|_| self.flag()).collect(),
        }
    }
}
